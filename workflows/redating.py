"""Another holiday table is in force: the running limits are counted anew, batch by batch, once for each table.

Started by services/redating.py beside the worker. It can be stopped, repeated and run twice: each step has an id of its
own, made of the limit and the table, and the domain decides whether anything is left to do.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from temporalio import activity, workflow

with workflow.unsafe.imports_passed_through():
    from domain import errors
    from domain.casework import Casework
    from domain.holidays.commands import HOLIDAYS_ID
    from domain.holidays.events import HolidaysAdopted, HolidaysSeeded
    from domain.holidays.moving import redate_command
    from workflows.activities import failing_wordlessly
    from workflows.messages import Message
    from workflows.pace import taken

BATCH: Final = 200
_BATCHES_A_RUN: Final = 200
_SETTLES: Final = timedelta(seconds=10)
"""Until every process counts by the new table: each looks for news once a second."""

OpenClocks = Callable[[int, UUID | None, int], Sequence[UUID]]
"""`(calendar, after, limit)`: issues whose limits that table may move, in order. Raises Unavailable while it lags."""


class Redating(Message):
    """How far it came: the workflow's input, its answer to `progress`, and each batch's outcome."""

    calendar: int
    after: UUID | None = None
    looked_at: int = 0
    moved: int = 0
    done: bool = False
    settled: bool = False


@workflow.defn
class RedateWorkflow:
    """All limits, for one table."""

    @workflow.init
    def __init__(self, so_far: Redating) -> None:
        self.so_far = so_far

    @workflow.run
    async def run(self, so_far: Redating) -> Redating:  # noqa: ARG002  # taken by __init__; both must have it
        """Batch after batch, until no issue is left."""
        if not self.so_far.settled:
            await workflow.sleep(_SETTLES)
            self.so_far = self.so_far.model_copy(update={"settled": True})
        batches = 0
        while not self.so_far.done:
            if batches == _BATCHES_A_RUN:
                workflow.continue_as_new(self.so_far)
            batches += 1
            name = f"batch-{self.so_far.looked_at}"
            self.so_far = await taken(RedateActivities.redate_batch, self.so_far, name)
        return self.so_far

    @workflow.query
    def progress(self) -> Redating:
        """How far it came."""
        return self.so_far


class RedateActivities:
    """What the workflow does. One object per worker; safe to call from several threads."""

    def __init__(self, casework: Casework, clocks: OpenClocks, clock: Callable[[], datetime]) -> None:
        self._casework = casework
        self._clocks = clocks
        self._clock = clock

    @activity.defn
    def redate_batch(self, so_far: Redating) -> Redating:
        """The next issues. Safe to repeat: what was moved is not moved again."""
        with failing_wordlessly():
            return self.next_batch(so_far)

    def next_batch(self, so_far: Redating, limit: int = BATCH) -> Redating:
        """The same, for whoever runs it by hand. Raises Unavailable; then what was moved stays moved."""
        issue_ids = self._clocks(so_far.calendar, so_far.after, limit)
        notice = notice_of(self._casework, so_far.calendar)
        moved = sum(self._moved(issue_id, so_far.calendar, notice) for issue_id in issue_ids)
        return so_far.model_copy(
            update={
                "after": issue_ids[-1] if issue_ids else so_far.after,
                "looked_at": so_far.looked_at + len(issue_ids),
                "moved": so_far.moved + moved,
                "done": len(issue_ids) < limit,
            }
        )

    def _moved(self, issue_id: UUID, calendar: int, notice: str) -> bool:
        for _ in range(3):  # somebody acted at the same moment: look again
            issue = self._casework.issue(issue_id)
            if issue is None:
                return False
            command = redate_command(issue, calendar, notice, max(self._clock(), issue.logged_at))
            if command is None:
                return False
            try:
                self._casework.advance(issue, command)
            except errors.StaleVersion:
                continue
            except errors.Refusal:
                return False
            return True
        raise errors.Unavailable


def notice_of(casework: Casework, calendar: int) -> str:
    """What a table of this version goes by. Raises Unavailable if the log has no such version."""
    for event in casework.history(HOLIDAYS_ID):
        if event.originator_version == calendar and isinstance(event, HolidaysAdopted):
            return event.table.notice
        if event.originator_version == calendar and isinstance(event, HolidaysSeeded):
            return event.package
    raise errors.Unavailable
