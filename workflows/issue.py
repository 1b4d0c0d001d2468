"""When does something happen to an issue that nobody touches? Its process, from logged to settled, one workflow each.

The relay starts it and tells it of the issue's changes; it acts through activities, by ordinary commands. The rules are
in domain/; here are only the waits. It can be thrown away and started anew from the log at any stage.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import ClassVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from domain.issue.words import Stage
    from workflows.activities import IssueActivities
    from workflows.messages import IssueStart, Situation, StepKind, StepRequest
    from workflows.steps import next_step, wake_at

LONGEST_HISTORY = 800
"""Events after which an idle workflow continues as a new run: replays stay short, and new code gets its turn."""

_STEP_MAY_TAKE = timedelta(seconds=10)
_ONCE = RetryPolicy(maximum_attempts=1)
_TRY_AGAIN = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=2))

# L4: a reminder before the limit, the miss when it passes, then notices to the next level; beside it the household's
# own clock, the one to tell it, and the end of a pause. What an older history does not know of was never planned in it.
_SUPERVISED = (
    StepKind.REMIND, StepKind.MISSED, StepKind.NOTICE, StepKind.PROMISE, StepKind.RESUME,
    StepKind.REMIND_NOTICE, StepKind.MISSED_NOTICE,
)  # fmt: skip


@workflow.defn
class IssueWorkflow:
    """The process of one issue."""

    @workflow.init
    def __init__(self, start: IssueStart) -> None:
        self.issue = start.situation
        self._steps_in_task = start.steps_in_task

    @workflow.run
    async def run(self, start: IssueStart) -> Situation:  # noqa: ARG002  # taken by __init__; both must have it
        """Through the stages in `_PROCESS`, below, until nothing more is owed; answers how the issue ended."""
        while not self.issue.is_final:
            if _history_is_long():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(IssueStart(situation=self.issue, steps_in_task=True))
            await self._PROCESS[self.issue.stage](self)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.issue

    @workflow.signal
    def told(self, situation: Situation) -> None:
        """How the issue stands now. What is not newer than what is known changes nothing."""
        if situation.version > self.issue.version:
            self.issue = situation

    @workflow.query
    def situation(self) -> Situation:
        """How the issue stands as far as the workflow knows."""
        return self.issue

    # -- what is waited for, stage by stage ---------------------------------------------------------------------

    async def on_site_window(self) -> None:
        """登记 (L2, L4): fixed on the spot or escalated by the village; left alone, it moves up by itself."""
        await self._first_of(*_SUPERVISED, StepKind.ESCALATE)

    async def acceptance(self) -> None:
        """上报 (L3, L5): somebody is to be named; what a department leaves lying goes to the township's leaders."""
        await self._first_of(*_SUPERVISED, StepKind.ESCALATE)

    async def handling(self) -> None:
        """办理 (L6): resolved, submitted to the committee, or passed on."""
        await self._first_of(*_SUPERVISED)

    async def signing(self) -> None:
        """审签 (L7): a second person signs the submission."""
        await self._first_of(*_SUPERVISED)

    async def committee_review(self) -> None:
        """党委会研究 (L7, L8): tabled by the committee's workflow (or, hours later, here), then decided."""
        await self._first_of(StepKind.TABLE, *_SUPERVISED)

    async def county_answer(self) -> None:
        """报县 (L5): tracked until the county answers."""
        await self._first_of(*_SUPERVISED)

    async def funding(self) -> None:
        """经费 (L9): allocated, and the first payment made."""
        await self._first_of(*_SUPERVISED)

    async def works(self) -> None:
        """实施 (L10): a report every month until the works are done."""
        await self._first_of(*_SUPERVISED, StepKind.REPORT)

    async def inspection(self) -> None:
        """验收 (L10): somebody else accepts the works or has them done again."""
        await self._first_of(*_SUPERVISED)

    async def reply(self) -> None:
        """答复 (L11): the written reply."""
        await self._first_of(*_SUPERVISED)

    async def feedback(self) -> None:
        """群众评价 (L11): the household rates the answer; its silence until the limit closes the issue."""
        await self._first_of(StepKind.REMIND, StepKind.SILENCE)

    async def closing(self) -> None:
        """销号 (L12): somebody closes what was answered; the process only reminds and supervises."""
        await self._first_of(*_SUPERVISED)

    async def formal_review(self) -> None:
        """复查 (L11): decided by somebody who did not handle the case."""
        await self._first_of(*_SUPERVISED)

    async def recheck(self) -> None:
        """复核 (L11): the last word."""
        await self._first_of(*_SUPERVISED)

    async def look_back(self) -> None:
        """回头看 (L12): some weeks later another officer checks that it still holds."""
        await self._first_of(*_SUPERVISED)

    _PROCESS: ClassVar[Mapping[Stage, Callable[["IssueWorkflow"], Awaitable[None]]]] = {
        Stage.LOGGED: on_site_window,
        Stage.ESCALATED: acceptance,
        Stage.HANDLING: handling,
        Stage.SUBMISSION: signing,
        Stage.COMMITTEE: committee_review,
        Stage.WITH_COUNTY: county_answer,
        Stage.FUNDING: funding,
        Stage.WORKS: works,
        Stage.INSPECTION: inspection,
        Stage.REPLY: reply,
        Stage.FEEDBACK: feedback,
        Stage.ANSWERED: closing,
        Stage.REVIEW: formal_review,
        Stage.RECHECK: recheck,
        Stage.CLOSED: look_back,
    }

    # -- waiting and acting -------------------------------------------------------------------------------------

    async def _first_of(self, *waits: StepKind) -> None:
        """Until the first of these falls due, and takes it; or until news change what is waited for."""
        stage, step = self.issue.stage, next_step(self.issue, waits)

        def otherwise() -> bool:
            return self.issue.stage is not stage or next_step(self.issue, waits) != step or _history_is_long()

        if step is None:
            await workflow.wait_condition(otherwise)
        elif not await self._happens_before(otherwise, step):
            self.told(await self._take(step))

    async def _happens_before(self, condition: Callable[[], bool], step: StepRequest) -> bool:
        """Whether `condition` comes true before it is time for `step`."""
        wake = wake_at(step, self.issue.wake_spread_seconds, self.issue.table_grace_seconds)
        left = wake - workflow.now()
        if left <= timedelta(0):
            return False
        try:
            await workflow.wait_condition(condition, timeout=left)
        except TimeoutError:
            return False
        return True

    async def _take(self, step: StepRequest) -> Situation:
        """Named by its key, so that the pages of Temporal show what was done; payloads are unreadable there."""
        if self._steps_in_task:
            try:
                return await self._take_in_task(step)
            except FailureError as failure:  # a local activity's own failure comes as it is, not as an ActivityError
                if is_cancelled_exception(failure):
                    raise
                workflow.logger.warning("step_failed_once", extra={"key": step.key})
        return await workflow.execute_activity_method(
            IssueActivities.take_step,
            step,
            activity_id=step.key,
            start_to_close_timeout=_STEP_MAY_TAKE,
            retry_policy=_TRY_AGAIN,
        )

    async def _take_in_task(self, step: StepRequest) -> Situation:
        """Costs the server half of an activity of its own. One attempt: what fails would fill the history."""
        return await workflow.execute_local_activity_method(
            IssueActivities.take_step,
            step,
            activity_id=step.key,
            start_to_close_timeout=_STEP_MAY_TAKE,
            retry_policy=_ONCE,
        )


def _history_is_long() -> bool:
    info = workflow.info()
    return info.is_continue_as_new_suggested() or info.get_current_history_length() >= LONGEST_HISTORY
