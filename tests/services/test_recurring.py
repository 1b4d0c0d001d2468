"""The calendar follows the organisation: a new township has its schedule at the next look, without being told."""

import asyncio
from collections.abc import Iterable

from temporalio.client import Client

from domain.casework import Casework
from domain.organisation import commands as c
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.periods import Cycle
from domain.plan import Plan
from services.embedded import EmbeddedTemporal
from services.recurring import STARTS_ANEW_AFTER, KeptCalendar
from tests.support.casework import START, Clock, casework, clock
from tests.support.organisation import ask, county_commands
from tests.workflows.process import KEY
from workflows.codec import data_converter
from workflows.schedules import Recurring

__all__ = ["casework", "clock"]


def monthly(organisation: Organisation, plan: Plan) -> Iterable[Recurring]:
    """What a part of the plan asks for: something for each township, under its plan."""
    townships = (place for place in organisation.places.values() if place.kind is PlaceKind.TOWNSHIP)
    return [Recurring(f"bulletin-{plan.key}", place.code, Cycle.MONTH, "Bulletin") for place in townships]


def test_given_a_township_more_when_looked_again_then_its_schedule_is_there(
    casework: Casework, clock: Clock, temporal_server: EmbeddedTemporal
) -> None:
    for command in county_commands():
        casework.handle(command)
    calendar = KeptCalendar(casework, "calendar-of-the-test", clock, (monthly,))

    async def lived() -> None:
        client = await Client.connect(temporal_server.address, data_converter=data_converter(KEY))
        assert await calendar.look(client)
        assert not await calendar.look(client)
        casework.handle(ask(c.RegisterPlace, place="XZ", kind=PlaceKind.TOWNSHIP, name="新镇", parent="YX"))
        assert await calendar.look(client)
        schedule = await client.get_schedule_handle("by-calendar-bulletin-cx-XZ-month").describe()
        assert schedule.schedule.spec.time_zone_name == "Asia/Shanghai"
        clock.set(START + STARTS_ANEW_AFTER)
        assert await calendar.look(client)
        assert not await calendar.look(client)
        await KeptCalendar(casework, "calendar-of-the-test", clock, ()).look(client)

    asyncio.run(lived())
