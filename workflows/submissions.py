"""When is what a place owes told of and missed? One workflow for each place and period, as for duties.

It lists what is owed as the period begins, then sees to all of the place at each reminder and each due time, by one
step. What counts is decided in domain/submission by what was in when it was due, however late a step is taken.
"""

from collections.abc import Iterator

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.duty.facts import places_of
    from domain.duty.policy import CountedAt
    from domain.organisation.state import Organisation
    from domain.plan import Plan
    from domain.submission.policy import cycles_of
    from domain.values import Moment
    from workflows.pace import taken, until
    from workflows.schedules import Recurring, Turn, begun
    from workflows.submission_steps import SubmissionActivities, SubmissionCalendar, SubmissionRequest

_DUTY = "submissions"


@workflow.defn
class SubmissionWorkflow:
    """What one place owes for one period."""

    @workflow.run
    async def run(self, turn: Turn) -> SubmissionCalendar:
        """List, then see to it at each of its moments; nothing where the plan asks for nothing."""
        self._turn = begun(turn)
        calendar = await self._step(None)
        for moment in calendar.moments:
            await until(moment)
            await self._step(moment)
        return calendar

    async def _step(self, moment: Moment | None) -> SubmissionCalendar:
        return await taken(SubmissionActivities.submission_step, SubmissionRequest(turn=self._turn, moment=moment))


def submissions_wanted(organisation: Organisation, plan: Plan) -> Iterator[Recurring]:
    """Every place at which something is handed in, in each length of period."""
    for at in CountedAt:
        for cycle in cycles_of(plan.submissions, at):
            for place in places_of(organisation, at):
                yield Recurring(_DUTY, place.code, cycle, SubmissionWorkflow.__name__)
