"""An organisation for tests, told as commands: `county()` has two townships; `ask(wish, **fields)` builds any command.

Two stations, four villages, departments of the county and of one township; everybody in tests/support/office.py.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from domain.context import Context
from domain.organisation import commands as c
from domain.organisation.decide import decide
from domain.organisation.evolve import fold
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.values import Actor, Role
from tests.support.office import START, office

_NAMESPACE = UUID("4d0a4f6e-93b4-4c8b-8a51-7d6a5c0e2f19")
ADMIN: Final = Actor(user="admin", role=Role.ADMINISTRATOR)
AnyCommand = TypeVar("AnyCommand", bound=c.OrganisationCommand)

_DEFAULTS: Final[Mapping[type[c.OrganisationCommand], Mapping[str, Any]]] = {
    c.RegisterPlace: {"place": "XH", "kind": PlaceKind.VILLAGE, "name": "新河村", "parent": "YL"},
    c.RenamePlace: {"place": "QS", "name": "青石社区"},
    c.MovePlace: {"place": "LX", "parent": "YL2"},
    c.ClosePlace: {"place": "BC"},
    c.AppointOfficer: {"officer": "wang.min", "role": Role.CASE_HANDLER, "place": "QS"},
    c.EndAppointment: {"officer": "handler", "role": Role.CASE_HANDLER, "place": "QS"},
    c.LinkOfficer: {"officer": "wang.min", "village": "QS"},
    c.UnlinkOfficer: {"officer": "handler", "village": "QS", "household": "QS-012"},
    c.NameDeputy: {
        "officer": "lead",
        "role": Role.STATION_LEAD,
        "place": "YL1",
        "deputy": "handler2",
        "until": START.replace(month=4),
    },
    c.WithdrawDeputy: {"officer": "finance", "role": Role.FINANCE, "place": "YL", "deputy": "member2"},
}
ORGANISATION_COMMANDS: Final = tuple(_DEFAULTS)
"""Every command to the organisation; each is accepted by `county()` as `ask` builds it."""


def ask(wish: type[AnyCommand], /, *, at: datetime = START, by: Actor = ADMIN, **fields: Any) -> AnyCommand:
    """A command with sensible fields; its id follows from everything given, `key="..."` tells two apart."""
    values = {**_DEFAULTS[wish], "actor": by, "occurred_at": at, **fields}
    seed = f"{wish.__name__}/{sorted(values.items(), key=lambda item: item[0])!r}"
    values.pop("key", None)
    return wish(**{"command_id": uuid5(_NAMESPACE, seed), **values})


def context(now: datetime = START) -> Context:
    """What decisions may look at: only the time matters."""
    asked = office()
    return Context(now, asked.plan, asked.holidays, asked.directory)


def after(organisation: Organisation, *asked: c.OrganisationCommand, now: datetime = START) -> Organisation:
    """The organisation once these commands are done."""
    for command in asked:
        organisation = fold(decide(organisation, command, context(now)), organisation)
    return organisation


def county_commands(at: datetime = START) -> list[c.OrganisationCommand]:
    """The commands that make `county()`."""
    return [*_places(at), *_posts(at), *_ties(at)]


def county(at: datetime = START) -> Organisation:
    """A county with two townships, everybody in post."""
    return after(Organisation(), *county_commands(at), now=at)


def _places(at: datetime) -> Iterable[c.OrganisationCommand]:
    kinds = PlaceKind
    for place, kind, name, parent in (
        ("YX", kinds.COUNTY, "云岭县", None),
        ("YL", kinds.TOWNSHIP, "云岭镇", "YX"),
        ("WS0", kinds.TOWNSHIP, "外山镇", "YX"),
        ("YL1", kinds.STATION, "第一驻点", "YL"),
        ("YL2", kinds.STATION, "第二驻点", "YL"),
        ("QS", kinds.VILLAGE, "青石村", "YL1"),
        ("LX", kinds.VILLAGE, "柳溪社区", "YL1"),
        ("BC", kinds.VILLAGE, "白茶村", "YL2"),
        ("WS", kinds.VILLAGE, "外山村", "WS0"),
        ("department:water", kinds.DEPARTMENT, "水务局", "YX"),
        ("department:water@WS0", kinds.DEPARTMENT, "外山镇水务站", "WS0"),
    ):
        yield ask(c.RegisterPlace, at=at, place=place, kind=kind, name=name, parent=parent)


def _posts(at: datetime) -> Iterable[c.OrganisationCommand]:
    for officer, role, place, in_charge in (
        ("handler", Role.CASE_HANDLER, "QS", True),
        ("handler2", Role.CASE_HANDLER, "YL1", True),
        ("lead", Role.STATION_LEAD, "YL1", True),
        ("lead2", Role.STATION_LEAD, "YL", True),
        ("ws-lead", Role.STATION_LEAD, "WS0", True),
        ("secretary", Role.COMMITTEE_MEMBER, "YL", True),
        ("member2", Role.COMMITTEE_MEMBER, "YL", False),
        ("finance", Role.FINANCE, "YL", True),
        ("water", Role.DEPARTMENT, "department:water", True),
        ("plumber", Role.DEPARTMENT, "department:water", False),
        ("ws-water", Role.DEPARTMENT, "department:water@WS0", True),
        ("magistrate", Role.COMMITTEE_MEMBER, "YX", True),
        ("auditor", Role.AUDITOR, "YX", False),
        ("admin2", Role.ADMINISTRATOR, "YX", False),
    ):
        yield ask(c.AppointOfficer, at=at, officer=officer, role=role, place=place, in_charge=in_charge)


def _ties(at: datetime) -> Iterable[c.OrganisationCommand]:
    yield ask(c.LinkOfficer, at=at, officer="handler", village="QS", household="QS-012")
    yield ask(c.NameDeputy, at=at, officer="finance", role=Role.FINANCE, place="YL", deputy="member2")
