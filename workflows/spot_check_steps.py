"""The process sees to a spot check: what is due becomes ordinary commands, if the log still asks for it.

Registered by services/worker.py, called by workflows/spot_check.py. Synchronous: runs in the worker's threads.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, NamedTuple

from temporalio import activity

from domain import errors
from domain.casework import Casework
from domain.spot_check import commands as c
from domain.spot_check import errors as refused
from domain.spot_check.decide import draw_moment
from domain.spot_check.state import Check, fold
from domain.spot_check.words import Standing
from domain.values import Moment
from workflows.activities import failing_wordlessly
from workflows.messages import Message
from workflows.schedules import Turn

DUTY: Final = "spot-check"
_NOT_ASKED_FOR: Final = (
    errors.AlreadySaid, errors.CommandReused, errors.NotDueYet, refused.NoSpotChecks, refused.MonthNotOpen,
    refused.NoSuchTownship, refused.CheckClosed, refused.RectificationStands,
)  # fmt: skip
"""The log does not ask for this step any more, or not yet; anything else is worth another try, as a head not sealed."""


class CheckSituation(Message):
    """When something is due next, as far as it is known; `ended`: closed, or not asked for at all."""

    next_at: Moment | None = None
    ended: bool = False


class Due(NamedTuple):
    """A command that falls due at a moment; `key` tells it from the same one about another finding or day."""

    at: datetime
    kind: type[c.OnCheck]
    key: str
    fields: dict[str, Any]


class SpotCheckActivities:
    """What a spot check's workflow can do. One object per worker; safe to call from several threads."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    @activity.defn
    def spot_check_step(self, turn: Turn) -> CheckSituation:
        """Does whatever is due and was not done; answers when something is due next.

        What fails is tried again by Temporal.
        """
        with failing_wordlessly():
            return self._see_to(turn)

    def _see_to(self, turn: Turn) -> CheckSituation:
        now, draw_at = self._dates(turn)
        check = self._check(turn)
        if check is None and draw_at is not None and now < draw_at:
            return CheckSituation(next_at=draw_at)
        if check is None and draw_at is not None:
            self._send(self._of_month(c.AnnounceSpotCheck, turn, draw_at))
            check = self._check(turn)
        if check is None:
            return CheckSituation(ended=True)
        if check.announced is not None and check.drawn is None:
            self._send(self._of_month(c.DrawSpotCheck, turn, check.announced.draw_at))
        return self._follow(turn, now)

    def _follow(self, turn: Turn, now: datetime) -> CheckSituation:
        check = self._check(turn)
        if check is None or check.closed:
            return CheckSituation(ended=True)
        for due in due_of(check, now):
            if due.at <= now:
                self._send(self._on_check(turn, check, due))
        after = self._check(turn) or check
        return CheckSituation(next_at=min((due.at for due in due_of(after, now) if due.at > now), default=None))

    def _dates(self, turn: Turn) -> tuple[datetime, datetime | None]:
        """The time, and when the draw is due by the plan in force as the month begins."""
        known = self._casework.context(self._of_month(c.AnnounceSpotCheck, turn, turn.period.starts_at))
        policy = known.plan.spot_checks
        return known.now, draw_moment(policy, turn.period) if policy else None

    def _check(self, turn: Turn) -> Check | None:
        return fold(self._casework.history(c.spot_check_id_of(turn.place, turn.period.name)))

    def _of_month(self, kind: type[c.OfMonth], turn: Turn, at: datetime) -> c.OfMonth:
        return turn.asks(kind, kind.__name__, at, township=turn.place, month=turn.period.name)

    def _on_check(self, turn: Turn, check: Check, due: Due) -> c.OnCheck:
        return turn.asks(due.kind, due.key, due.at, township=turn.place, check_id=check.check_id, **due.fields)

    def _send(self, command: c.SpotCheckCommand) -> None:
        with suppress(*_NOT_ASKED_FOR):
            self._casework.handle(command)


def due_of(check: Check, now: datetime) -> Iterator[Due]:
    """What the process has to do for this check, now or later; nobody is reminded of a day that is over."""
    drawn = check.drawn
    if drawn is not None and not check.all_in and not check.hand_in_missed:
        if drawn.remind_at is not None and not check.reminded and now < drawn.hand_in_by:
            yield Due(drawn.remind_at, c.RemindHandIn, "remind", {})
        yield Due(drawn.hand_in_by, c.RecordMissedHandIn, "missed", {})
    for found in check.findings.values():
        asked = found.rectification
        if asked is not None and asked.standing is Standing.ORDERED and not asked.missed:
            key = f"rectification/{found.number}/{asked.rounds}"
            yield Due(asked.due_at, c.RecordMissedRectification, key, {"finding": found.number})
