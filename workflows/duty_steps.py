"""The process sees to the duties of a place in a period: each step an ordinary command, if the log still asks for it.

Registered by services/worker.py, called by workflows/duties.py. Synchronous: runs in the worker's threads.
"""

from contextlib import suppress
from datetime import datetime

from temporalio import activity

from domain.casework import Casework
from domain.duty import commands as c
from domain.duty.errors import DutyNotAsked, PeriodNotOpen
from domain.duty.state import DutyPeriod, fold
from workflows.activities import failing_wordlessly
from workflows.duty_messages import DutyRequest, DutySituation, DutyStep
from workflows.schedules import Turn


class DutyActivities:
    """What a duties' workflow can do. One object per worker; safe to call from several threads."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    @activity.defn
    def duty_step(self, request: DutyRequest) -> DutySituation:
        """Takes the step unless it was taken or is no longer asked for, and answers how the period stands then.

        What fails is tried again by Temporal.
        """
        with failing_wordlessly():
            self._take(request)
            return self._situation(request.turn)

    def _take(self, request: DutyRequest) -> None:
        known = self._period(request.turn)
        if request.step is DutyStep.OPEN and (known is None or known.closes_at is None):
            self._send(c.OpenDutyPeriod, request.turn, request.turn.period.starts_at)
        elif known is not None and known.closes_at is not None and known.remind_at is not None and not known.closed:
            if request.step is DutyStep.REMIND and not known.reminded:
                self._send(c.RemindDuties, request.turn, known.remind_at)
            elif request.step is DutyStep.CLOSE:
                self._send(c.CloseDutyPeriod, request.turn, known.closes_at)

    def _send(self, kind: type[c.DutyCommand], turn: Turn, at: datetime) -> None:
        with suppress(DutyNotAsked, PeriodNotOpen):  # the plan does not ask for it; another worker was quicker
            self._casework.handle(turn.asks_here(kind, kind.__name__, at))

    def _situation(self, turn: Turn) -> DutySituation:
        known = self._period(turn)
        if known is None:
            return DutySituation()
        return DutySituation(
            remind_at=known.remind_at, closes_at=known.closes_at, reminded=known.reminded, closed=known.closed
        )

    def _period(self, turn: Turn) -> DutyPeriod | None:
        return fold(self._casework.history(c.duties_id_of(turn.place, turn.period.name)))
