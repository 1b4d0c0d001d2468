"""The process sees to a fund: what is due becomes ordinary commands, if the log still asks for it.

Registered by services/worker.py, called by workflows/funding.py. Synchronous: runs in the worker's threads.
"""

from contextlib import suppress
from datetime import datetime
from typing import Final

from temporalio import activity

from domain import errors
from domain.casework import Casework
from domain.fund import errors as refused
from domain.fund.calendar import FundDates, dates_of
from domain.fund.commands import CloseFiscalYear, FundCommand, ProposeRound, RecordRoundOverdue, fund_id_of
from domain.fund.events import RoundProposed
from domain.fund.state import Fund, fold
from domain.organisation.words import PlaceKind
from domain.values import Moment
from workflows.activities import failing_wordlessly
from workflows.messages import Message
from workflows.schedules import Turn

DUTY: Final = "fund"
_NOT_ASKED_FOR: Final = (
    refused.NoFundingPlan, refused.BudgetNotSet, refused.NothingInPool, refused.RoundWaits, refused.NoSuchRound,
    refused.FiscalYearIsClosed, errors.CommandReused,
)  # fmt: skip
"""The log does not ask for this step any more, or not yet; anything else is worth another try."""


class FundRequest(Message):
    """Take what is due at this moment; None: only look."""

    turn: Turn
    due: Moment | None = None


class FundSituation(Message):
    """When something is due next in this month; None: nothing more."""

    next_at: Moment | None = None


class FundActivities:
    """What a fund's workflow can do. One object per worker; safe to call from several threads."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    @activity.defn
    def fund_step(self, request: FundRequest) -> FundSituation:
        """Takes what is due unless it was taken or is no longer asked for; answers when something is due next.

        What fails is tried again by Temporal.
        """
        with failing_wordlessly():
            return self._take(request.turn, request.due)

    def _take(self, turn: Turn, due: datetime | None) -> FundSituation:
        dates = self._dates(turn)
        if due is not None:
            if due == dates.round_at and not self._was_proposed(turn):
                self._send(turn, ProposeRound, turn.period.first.year, due, "propose")
            if due == dates.close_at:
                self._send(turn, CloseFiscalYear, turn.period.first.year - 1, due, "close")
            self._pass_overdue(turn, due)
        return FundSituation(next_at=self._next(turn, dates, due))

    def _pass_overdue(self, turn: Turn, due: datetime) -> None:
        fund = self._fund(turn)
        waits = fund.proposed if fund else None
        if waits is not None and not waits.overdue and waits.confirm_by <= due:
            step = f"overdue/{waits.number}"
            self._send(turn, RecordRoundOverdue, turn.period.first.year, waits.confirm_by, step, round=waits.number)

    def _next(self, turn: Turn, dates: FundDates, after: datetime | None) -> datetime | None:
        fund = self._fund(turn)
        waits = fund.proposed if fund else None
        overdue_at = waits.confirm_by if waits and not waits.overdue else None
        moments = (dates.round_at, dates.close_at, overdue_at)
        later = [moment for moment in moments if moment is not None and (after is None or moment > after)]
        return min(later, default=None)

    def _dates(self, turn: Turn) -> FundDates:
        """By the plan that the round's own decision would see."""
        asked = self._command(turn, ProposeRound, turn.period.first.year, turn.period.starts_at, "look")
        known = self._casework.context(asked)
        return dates_of(known.plan.funding, turn.period).since(known.began)

    def _was_proposed(self, turn: Turn) -> bool:
        """Somebody was earlier than the calendar, or this step was taken before."""
        history = self._casework.history(fund_id_of(self._township(turn), turn.period.first.year))
        return any(isinstance(event, RoundProposed) and event.occurred_at in turn.period for event in history)

    def _fund(self, turn: Turn) -> Fund | None:
        return fold(self._casework.history(fund_id_of(self._township(turn), turn.period.first.year)))

    def _township(self, turn: Turn) -> str:
        found = self._casework.organisation().within(turn.place, PlaceKind.TOWNSHIP)
        return found.name if found else turn.place

    def _send(self, turn: Turn, kind: type[FundCommand], year: int, at: datetime, step: str, **fields: int) -> None:
        with suppress(*_NOT_ASKED_FOR):
            self._casework.handle(self._command(turn, kind, year, at, step, **fields))

    def _command(
        self, turn: Turn, kind: type[FundCommand], year: int, at: datetime, step: str, **fields: int
    ) -> FundCommand:
        return turn.asks(kind, step, at, township=self._township(turn), year=year, **fields)
