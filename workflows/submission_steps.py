"""The process sees to what a place owes for a period: each step ordinary commands, if the log still asks for them.

Registered by services/worker.py, called by workflows/submissions.py. Synchronous: runs in the worker's threads.
"""

from contextlib import suppress
from datetime import datetime

from temporalio import activity

from domain.casework import Casework
from domain.submission import commands as c
from domain.submission.errors import NothingMissing, SubmissionsListed, SubmissionsNotAsked, SubmissionsNotOpen
from domain.submission.state import fold
from domain.values import Moment
from workflows.activities import failing_wordlessly
from workflows.messages import Message
from workflows.schedules import Turn


class SubmissionRequest(Message):
    """One step of a turn: list what is owed (None), or see to it at a moment."""

    turn: Turn
    moment: Moment | None = None


class SubmissionCalendar(Message):
    """When to see to it; never: the plan asks for nothing there."""

    moments: tuple[Moment, ...] = ()


class SubmissionActivities:
    """What a submissions' workflow can do. One object per worker; safe to call from several threads."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    @activity.defn
    def submission_step(self, request: SubmissionRequest) -> SubmissionCalendar:
        """Takes the step unless it was taken or is no longer asked for, and answers when to see to it.

        What fails is tried again by Temporal.
        """
        with failing_wordlessly():
            if request.moment is None:
                self._send(c.OpenSubmissions, request.turn, request.turn.period.starts_at)
            else:
                for kind in (c.RecordMissedSubmissions, c.RemindSubmissions):
                    self._send(kind, request.turn, request.moment)
            known = fold(self._casework.history(c.submissions_id_of(request.turn.place, request.turn.period.name)))
            return SubmissionCalendar(moments=known.moments if known else ())

    def _send(self, kind: type[c.SubmissionCommand], turn: Turn, at: datetime) -> None:
        asked = turn.asks_here(kind, f"{kind.__name__}/{at.isoformat()}", at)
        with suppress(SubmissionsNotAsked, SubmissionsListed, SubmissionsNotOpen, NothingMissing):
            self._casework.handle(asked)  # refused: the plan does not ask for it, or another worker was quicker
