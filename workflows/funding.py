"""When is money dealt with? One workflow for each township and month: rounds, their days of grace, the year's closing.

Started by the calendar (schedules.py). Who is funded is the ranking's and the committee's; here are only the waits. It
can be thrown away and started anew: each step looks first at what the log says.
"""

from collections.abc import Iterator
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.duty.facts import places_of
    from domain.duty.policy import CountedAt
    from domain.organisation.state import Organisation
    from domain.periods import Cycle
    from domain.plan import Plan
    from workflows.funding_steps import DUTY, FundActivities, FundRequest, FundSituation
    from workflows.pace import taken, until
    from workflows.schedules import Recurring, Turn, begun


@workflow.defn
class FundWorkflow:
    """One township's fund in one month."""

    @workflow.run
    async def run(self, turn: Turn) -> FundSituation:
        """From one moment at which something is due to the next, until the month asks for nothing more."""
        turn = begun(turn)
        fund = await self._step(turn, None)
        while fund.next_at is not None:
            await until(fund.next_at)
            fund = await self._step(turn, fund.next_at)
        return fund

    async def _step(self, turn: Turn, due: datetime | None) -> FundSituation:
        name = f"fund-{due:%Y-%m-%dT%H:%M}" if due else "look"
        return await taken(FundActivities.fund_step, FundRequest(turn=turn, due=due), name)


def funds_wanted(organisation: Organisation, plan: Plan) -> Iterator[Recurring]:
    """Every township, where the plan asks for rounds."""
    if plan.funding is not None:
        for place in places_of(organisation, CountedAt.TOWNSHIP):
            yield Recurring(DUTY, place.code, Cycle.MONTH, FundWorkflow.__name__)
