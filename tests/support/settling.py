"""Villages, heads of units and people as the commands that make an organisation of them, in force since 2020.

Called by tests/support/office.py for its directory, and by tests/support/people.py for real databases.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from domain.context import Village
from domain.organisation import commands as c
from domain.organisation.words import SERVES_AT, PlaceKind
from domain.values import LOCAL_ZONE, Actor, Role

SINCE: Final = datetime(2020, 1, 1, 9, 0, tzinfo=LOCAL_ZONE)
COUNTY: Final = "YX"
_NAMESPACE = UUID("6d0f9f5f-4f8c-4f59-9b7c-0f2d3e6a8b14")
_SETTER_UP: Final = Actor(user="setter-up", role=Role.ADMINISTRATOR)


def settling(
    villages: Iterable[Village], heads: Mapping[str, str], people: Mapping[str, Role]
) -> Iterator[c.OrganisationCommand]:
    """One county, each township named; all serve in the county, and are in charge where villages and heads say."""
    villages = tuple(villages)
    townships = {name: f"T{nth}" for nth, name in enumerate(dict.fromkeys(it.township for it in villages), 1)}
    yield _place(COUNTY, PlaceKind.COUNTY, "云岭县", None)
    yield from (_place(code, PlaceKind.TOWNSHIP, name, COUNTY) for name, code in townships.items())
    yield from (_place(it.code, PlaceKind.VILLAGE, it.name, townships[it.township]) for it in villages)
    departments = [unit for unit in heads if unit.startswith("department:")]
    yield from (_place(unit, PlaceKind.DEPARTMENT, unit.partition(":")[2], COUNTY) for unit in departments)
    for officer, role in people.items():
        if PlaceKind.COUNTY in SERVES_AT[role]:
            yield _post(officer, role, COUNTY)
    for it in villages:
        yield from (_post(who, Role.CASE_HANDLER, it.code, in_charge=True) for who in [it.handler] if who)
        yield from (_post(who, Role.STATION_LEAD, it.code, in_charge=True) for who in [it.lead] if who)
    for unit, officer in heads.items():
        role = Role.DEPARTMENT if unit in departments else Role.STATION_LEAD
        places = {"township": list(townships.values()), "county": [COUNTY]}.get(unit, [unit])
        yield from (_post(officer, role, place, in_charge=True) for place in places)


def _place(code: str, kind: PlaceKind, name: str, parent: str | None) -> c.OrganisationCommand:
    return c.RegisterPlace(**_who(code), place=code, kind=kind, name=name, parent=parent)


def _post(officer: str, role: Role, place: str, *, in_charge: bool = False) -> c.OrganisationCommand:
    who = _who(f"{officer}/{role}@{place}")
    return c.AppointOfficer(**who, officer=officer, role=role, place=place, in_charge=in_charge)


def _who(key: str) -> dict[str, Any]:
    return {"command_id": uuid5(_NAMESPACE, key), "actor": _SETTER_UP, "occurred_at": SINCE}
