"""The process acts: a step becomes an ordinary command to the casework, the one door for writes.

Registered by services/worker.py, called by workflows/issue.py. Synchronous: runs in the worker's threads.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain import errors
from domain.casework import Casework
from domain.issue import commands as c
from domain.issue.state import Issue
from domain.values import THE_PROCESS
from workflows.messages import Situation, StepKind, StepRequest, situation_of
from workflows.names import step_command_id
from workflows.steps import planned


class IssueActivities:
    """What an issue's workflow can do. One object per worker; safe to call from several threads."""

    def __init__(self, casework: Casework, wake_spread_seconds: int) -> None:
        self._casework = casework
        self._wake_spread_seconds = wake_spread_seconds

    @activity.defn
    def take_step(self, request: StepRequest) -> Situation:
        """Takes the step if the issue still asks for it, and answers how the issue stands then.

        An issue that moved on is no failure. What fails is tried again by Temporal until it works or the issue moves.
        """
        with failing_wordlessly():
            return self._take(request)

    def _take(self, request: StepRequest) -> Situation:
        issue = self._issue(request.issue_id)
        if self._asks_for(request, issue):
            issue = self._advanced(request, issue)
        return situation_of(issue, self._wake_spread_seconds)

    def _advanced(self, request: StepRequest, issue: Issue) -> Issue:
        """Sends the command to the very version that asks for it; a rival's change means: look again."""
        try:
            return self._casework.advance(issue, command_of(request))
        except errors.StaleVersion:
            return self._issue(request.issue_id)
        except errors.Refusal:
            issue = self._issue(request.issue_id)
            if self._asks_for(request, issue):
                raise  # too early by a clock that is behind, or a village nobody registered: worth another try
            return issue

    def _asks_for(self, request: StepRequest, issue: Issue) -> bool:
        return planned(request.kind, situation_of(issue, self._wake_spread_seconds)) == request

    def _issue(self, issue_id: UUID) -> Issue:
        issue = self._casework.issue(issue_id)
        if issue is None:
            code = errors.NotFound.code
            raise ApplicationError("the log has no such issue", type=code, non_retryable=True)
        return issue


def command_of(request: StepRequest) -> c.IssueCommand:
    """The ordinary command by which a step is taken: its id from the step, its time the planned moment."""
    command, fields = _COMMANDS[request.kind]
    return command(
        command_id=step_command_id(request.issue_id, request.key),
        actor=THE_PROCESS,
        occurred_at=request.at,
        issue_id=request.issue_id,
        **{field: getattr(request, field) for field in fields},
    )


@contextmanager
def failing_wordlessly() -> Iterator[None]:
    """Around whatever a step does. Its failure crosses to Temporal as a stable code, else as the place where it failed.

    Raises ApplicationError only. Never the words of what failed: they may quote what somebody wrote.
    """
    try:
        yield
    except ApplicationError:  # said by the step itself, in words of ours
        raise
    except errors.HuiyinError as trouble:
        raise ApplicationError(trouble.code, type=trouble.code) from None
    except Exception as trouble:
        raise ApplicationError(_where(trouble), type=type(trouble).__name__) from None


def _where(trouble: Exception) -> str:
    last = traceback.extract_tb(trouble.__traceback__)[-1]
    return f"in {last.name} ({Path(last.filename).name}:{last.lineno})"


_COMMANDS: dict[StepKind, tuple[type[c.IssueCommand], tuple[str, ...]]] = {
    StepKind.REMIND: (c.RemindHolder, ("due_at",)),
    StepKind.MISSED: (c.RecordMissedDeadline, ("due_at",)),
    StepKind.SILENCE: (c.CloseSilently, ()),
    StepKind.TABLE: (c.TableSubmission, ()),
    StepKind.REPORT: (c.RecordMissedReport, ("due_at",)),
    StepKind.NOTICE: (c.SendSupervisionNotice, ("notice",)),
    StepKind.ESCALATE: (c.EscalateOverdue, ("due_at",)),
    StepKind.PROMISE: (c.RecordMissedPromise, ("due_at",)),
    StepKind.RESUME: (c.EndPause, ("due_at",)),
    StepKind.REMIND_NOTICE: (c.RemindOfNotice, ("due_at",)),
    StepKind.MISSED_NOTICE: (c.RecordMissedNotice, ("due_at",)),
}
