"""When are duties counted? One workflow for each place and period, started by the calendar as the period begins.

It opens the period, tells what is missing some days before its end, and closes it when the grace for late entries is
over. What counts is decided in domain/duty by what was entered until then, however late a step is taken.
"""

from collections.abc import Iterator

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.duty.facts import places_of
    from domain.duty.policy import CountedAt
    from domain.organisation.state import Organisation
    from domain.plan import Plan
    from workflows.duty_messages import DutyRequest, DutySituation, DutyStep
    from workflows.duty_steps import DutyActivities
    from workflows.pace import taken, until
    from workflows.schedules import Recurring, Turn, begun

_DUTY = "duties"


@workflow.defn
class DutyWorkflow:
    """One place's duties of one period."""

    @workflow.run
    async def run(self, turn: Turn) -> DutySituation:
        """Open, remind, close; nothing where the plan asks for nothing."""
        self._turn = begun(turn)
        period = await self._step(DutyStep.OPEN)
        if period.remind_at is None or period.closes_at is None:
            return period
        await until(period.remind_at)
        if workflow.now() < period.closes_at:  # after a long outage there is nothing left to remind of
            await self._step(DutyStep.REMIND)
        await until(period.closes_at)
        return await self._step(DutyStep.CLOSE)

    async def _step(self, step: DutyStep) -> DutySituation:
        return await taken(DutyActivities.duty_step, DutyRequest(turn=self._turn, step=step), step.value)


def duties_wanted(organisation: Organisation, plan: Plan) -> Iterator[Recurring]:
    """Every place at which the plan counts something, in each length of period."""
    for at in CountedAt if plan.counted else ():
        for cycle in plan.counted.cycles_at(at) if plan.counted else ():
            for place in places_of(organisation, at):
                yield Recurring(_DUTY, place.code, cycle, DutyWorkflow.__name__)
