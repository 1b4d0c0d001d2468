"""When is a station drawn, and its ledgers due? One workflow for each township and month, until the check is closed.

Started by the calendar (schedules.py) as the month begins. What is found and put right is said by people: the workflow
looks each day whether they set another day, and at each day that was set. It can be thrown away and started anew.
"""

from collections.abc import Iterator

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.duty.facts import places_of
    from domain.duty.policy import CountedAt
    from domain.organisation.state import Organisation
    from domain.periods import Cycle
    from domain.plan import Plan
    from workflows.pace import taken, until_or_a_day
    from workflows.schedules import Recurring, Turn, begun
    from workflows.spot_check_steps import DUTY, CheckSituation, SpotCheckActivities


@workflow.defn
class SpotCheckWorkflow:
    """One township's spot check of one month."""

    @workflow.run
    async def run(self, turn: Turn) -> CheckSituation:
        """The draw, a reminder, what was missed, day by day; it ends with the check, or where none is asked for."""
        turn = begun(turn)
        check = await taken(SpotCheckActivities.spot_check_step, turn)
        while not check.ended:
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(turn)
            await until_or_a_day(check.next_at)
            check = await taken(SpotCheckActivities.spot_check_step, turn)
        return check


def spot_checks_wanted(organisation: Organisation, plan: Plan) -> Iterator[Recurring]:
    """Every township, where the plan asks for spot checks."""
    if plan.spot_checks is not None:
        for place in places_of(organisation, CountedAt.TOWNSHIP):
            yield Recurring(DUTY, place.code, Cycle.MONTH, SpotCheckWorkflow.__name__)
