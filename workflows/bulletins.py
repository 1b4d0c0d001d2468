"""When is the bulletin of a month drawn up, and when overdue? One workflow for each township and month.

Started by the calendar (schedules.py) as the month begins; it waits for the plan's day in the next month, draws up, and
waits until the bulletin is to be issued, which people do. It can be thrown away and started anew.
"""

from collections.abc import Iterator

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.duty.facts import places_of
    from domain.duty.policy import CountedAt
    from domain.organisation.state import Organisation
    from domain.periods import Cycle
    from domain.plan import Plan
    from workflows.bulletin_steps import DUTY, BulletinActivities, BulletinSituation
    from workflows.pace import taken, until_next
    from workflows.schedules import Recurring, Turn, begun


@workflow.defn
class BulletinWorkflow:
    """One township's bulletin of one month."""

    @workflow.run
    async def run(self, turn: Turn) -> BulletinSituation:
        """A step at each moment that the last one named; it ends where none is left."""
        turn = begun(turn)
        bulletin = await taken(BulletinActivities.bulletin_step, turn)
        while bulletin.next_at is not None:
            await until_next(bulletin.next_at)
            bulletin = await taken(BulletinActivities.bulletin_step, turn)
        return bulletin


def bulletins_wanted(organisation: Organisation, plan: Plan) -> Iterator[Recurring]:
    """Every township, where the plan asks for bulletins."""
    if plan.bulletin is not None:
        for place in places_of(organisation, CountedAt.TOWNSHIP):
            yield Recurring(DUTY, place.code, Cycle.MONTH, BulletinWorkflow.__name__)
