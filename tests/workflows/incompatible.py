"""Changes as they must not ship, one at least for each workflow: without `workflow.patched`. Used by test_replay.py.

Most of them wait once more before each step. A changed class bears its workflow's name, as a changed program would.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from temporalio import workflow

from workflows.bulletin_steps import BulletinSituation
from workflows.bulletins import BulletinWorkflow
from workflows.committee import MeetingWorkflow
from workflows.duties import DutyWorkflow
from workflows.duty_messages import DutySituation, DutyStep
from workflows.funding import FundWorkflow
from workflows.funding_steps import FundSituation
from workflows.issue import IssueWorkflow
from workflows.meeting_messages import MeetingSituation, MeetingStep
from workflows.messages import IssueStart, Situation, StepRequest
from workflows.redating import RedateWorkflow, Redating
from workflows.schedules import Turn
from workflows.spot_check import SpotCheckWorkflow
from workflows.spot_check_steps import CheckSituation
from workflows.submission_steps import SubmissionCalendar
from workflows.submissions import SubmissionWorkflow

_A_WAIT_MORE: Final = timedelta(seconds=1)


@workflow.defn(name="IssueWorkflow", sandboxed=False)
class HastyIssue(IssueWorkflow):
    """One more wait before each step."""

    @workflow.init
    def __init__(self, start: IssueStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: IssueStart) -> Situation:
        return await super().run(start)

    async def _take(self, step: StepRequest) -> Situation:
        await workflow.sleep(_A_WAIT_MORE)
        return await super()._take(step)


@workflow.defn(name="IssueWorkflow", sandboxed=False)
class RenamingIssue(IssueWorkflow):
    """Steps under other names."""

    @workflow.init
    def __init__(self, start: IssueStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: IssueStart) -> Situation:
        return await super().run(start)

    async def _take(self, step: StepRequest) -> Situation:
        return await super()._take(step.model_copy(update={"key": f"step-{step.key}"}))


@workflow.defn(name="MeetingWorkflow", sandboxed=False)
class HastyMeeting(MeetingWorkflow):
    """One more wait before each step."""

    @workflow.run
    async def run(self, turn: Turn) -> MeetingSituation:
        return await super().run(turn)

    async def _step(self, step: MeetingStep) -> MeetingSituation:
        await workflow.sleep(_A_WAIT_MORE)
        return await super()._step(step)


@workflow.defn(name="DutyWorkflow", sandboxed=False)
class HastyDuty(DutyWorkflow):
    """One more wait before each step."""

    @workflow.run
    async def run(self, turn: Turn) -> DutySituation:
        return await super().run(turn)

    async def _step(self, step: DutyStep) -> DutySituation:
        await workflow.sleep(_A_WAIT_MORE)
        return await super()._step(step)


@workflow.defn(name="SubmissionWorkflow", sandboxed=False)
class HastySubmission(SubmissionWorkflow):
    """One more wait before each step."""

    @workflow.run
    async def run(self, turn: Turn) -> SubmissionCalendar:
        return await super().run(turn)

    async def _step(self, moment: datetime | None) -> SubmissionCalendar:
        await workflow.sleep(_A_WAIT_MORE)
        return await super()._step(moment)


@workflow.defn(name="FundWorkflow", sandboxed=False)
class HastyFund(FundWorkflow):
    """One more wait before each step."""

    @workflow.run
    async def run(self, turn: Turn) -> FundSituation:
        return await super().run(turn)

    async def _step(self, turn: Turn, due: datetime | None) -> FundSituation:
        await workflow.sleep(_A_WAIT_MORE)
        return await super()._step(turn, due)


@workflow.defn(name="SpotCheckWorkflow", sandboxed=False)
class HastySpotCheck(SpotCheckWorkflow):
    """One more wait before the first look."""

    @workflow.run
    async def run(self, turn: Turn) -> CheckSituation:
        await workflow.sleep(_A_WAIT_MORE)
        return await super().run(turn)


@workflow.defn(name="BulletinWorkflow", sandboxed=False)
class HastyBulletin(BulletinWorkflow):
    """One more wait before the first step."""

    @workflow.run
    async def run(self, turn: Turn) -> BulletinSituation:
        await workflow.sleep(_A_WAIT_MORE)
        return await super().run(turn)


@workflow.defn(name="RedateWorkflow", sandboxed=False)
class HastyRedate(RedateWorkflow):
    """Begins at once, without the pause until every process counts by the new table."""

    @workflow.init
    def __init__(self, so_far: Redating) -> None:
        super().__init__(so_far.model_copy(update={"settled": True}))

    @workflow.run
    async def run(self, so_far: Redating) -> Redating:
        return await super().run(so_far)


CHANGED: Final[Mapping[str, tuple[type[Any], ...]]] = {
    "IssueWorkflow": (HastyIssue, RenamingIssue),
    "MeetingWorkflow": (HastyMeeting,),
    "DutyWorkflow": (HastyDuty,),
    "SubmissionWorkflow": (HastySubmission,),
    "FundWorkflow": (HastyFund,),
    "SpotCheckWorkflow": (HastySpotCheck,),
    "BulletinWorkflow": (HastyBulletin,),
    "RedateWorkflow": (HastyRedate,),
}
"""By the workflow's name in its histories."""
