"""The office that the domain's tests work for: its villages, its people, its plan, its calendar and a clock to set.

Called through tests/support/casework.py.
"""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from domain.context import Context, Village
from domain.events import DomainEvent
from domain.office import Office
from domain.organisation.commands import OrganisationCommand
from domain.organisation.decide import decide
from domain.organisation.evolve import fold
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.plan import Plan, load_plan
from domain.receipts import Receipts
from domain.values import LOCAL_ZONE, Actor, Role
from services.holidays import official_table
from tests.support.settling import settling
from tests.support.vault import VAULT

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL_ZONE)
"""A Monday morning; the committee's next cut-off is the 30th."""

TOWNSHIP: Final = "云岭镇"
VILLAGES: Final = (
    Village(code="QS", name="青石村", township=TOWNSHIP, handler="handler", lead="lead"),
    Village(code="LX", name="柳溪社区", township=TOWNSHIP, handler="handler2", lead="lead2"),
    Village(code="WS", name="外山村", township="外山镇", handler="handler2", lead="lead2"),
)
HEADS: Final[Mapping[str, str]] = {
    "township": "township-head",
    "county": "county-office",
    "department:construction": "department",
    "department:environment": "environment-office",
}
"""Nobody answers for the other departments: there the village's lead does."""

_ROLES: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.CASE_HANDLER: ("handler", "handler2"),
    Role.STATION_LEAD: ("lead", "lead2"),
    Role.COMMITTEE_MEMBER: ("committee", "member2", "member3", "member4", "member5", "member6", "member7"),
    Role.FINANCE: ("finance",),
    Role.DEPARTMENT: ("department",),
    Role.AUDITOR: ("auditor",),
    Role.ADMINISTRATOR: ("admin",),
    Role.HOUSEHOLD: ("household",),
    Role.PROCESS: ("process",),
}
PEOPLE: Final[Mapping[str, Actor]] = {
    name: Actor(user=name, role=role) for role, names in _ROLES.items() for name in names
}
"""Everybody by account name."""
COMMITTEE: Final = _ROLES[Role.COMMITTEE_MEMBER]
"""The seven members; five are a quorum."""


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: datetime) -> None:
        """It is `now`."""
        self.now = now

    def advance(self, by: timedelta) -> None:
        """So much time passes."""
        self.now += by


class FakeDirectory:
    """`domain.context.Directory` over an organisation of the villages and heads that are given."""

    def __init__(self, villages: tuple[Village, ...] = VILLAGES, heads: Mapping[str, str] = HEADS) -> None:
        self.organisation = _organised(villages, tuple(heads.items()))

    def village(self, code: str) -> Village | None:
        """The village with this code, or None."""
        return self.organisation.village(code, START)

    def head_of(self, unit: str, village: str) -> str | None:
        """Who answers for the unit of this village, or None."""
        return self.organisation.head_of(unit, village, START)

    def township_of(self, place: str) -> str | None:
        """The name of the township that a place is or belongs to, or None."""
        found = self.organisation.within(place, PlaceKind.TOWNSHIP)
        return found.name if found else None

    def superiors_of(self, user: str) -> frozenset[str]:
        """Everybody above the account."""
        return self.organisation.superiors_of(user, START)

    def committee_of(self, township: str) -> tuple[str, ...]:
        """The committee's members, whoever is in charge first."""
        return self.organisation.committee_of(township, START)

    def villages_under(self, place: str) -> frozenset[str]:
        """The villages of a place."""
        return self.organisation.villages_under(place)


def office_commands() -> list[OrganisationCommand]:
    """The commands that make this office's organisation."""
    return list(settling(VILLAGES, HEADS, {name: actor.role for name, actor in PEOPLE.items()}))


def office_events() -> list[DomainEvent]:
    """What came of them."""
    return _events(office_commands())


@lru_cache
def _organised(villages: tuple[Village, ...], heads: tuple[tuple[str, str], ...]) -> Organisation:
    people = {name: actor.role for name, actor in PEOPLE.items()}
    return fold(_events(settling(villages, dict(heads), people)))


def _events(commands: Iterable[OrganisationCommand]) -> list[DomainEvent]:
    nobody: Any = None
    context = Context(START, load_plan("cx"), official_table(), nobody)
    events: list[DomainEvent] = []
    after = Organisation()
    for command in commands:
        happened = decide(after, command, context)
        after = fold(happened, after)
        events.extend(happened)
    return events


def plan_with(**parts: dict[str, object]) -> Plan:
    """The cx plan with some entries of some parts changed, e.g. `plan_with(feedback={"max_reopenings": 0})`."""
    whole = load_plan("cx").model_dump()
    for part, entries in parts.items():
        whole[part] = {**whole[part], **entries}
    return Plan.model_validate(whole)


def office(clock: Clock | None = None, plan: Plan | None = None) -> Office:
    """The cx plan, the published holidays, the people above, a fixed secret; it really waits between attempts."""
    return Office(
        plan=plan or load_plan("cx"),
        calendar=official_table,
        directory=FakeDirectory(),
        receipts=Receipts(b"a secret of the tests, 32 bytes!"),
        vault=VAULT,
        digest_secret=b"another one of them",
        open_cases=lambda village, household: 0,
        draw_basis=lambda township, moment: None,
        bulletin_basis=lambda asked, moment: None,
        clock=clock or Clock(),
        pause=time.sleep,
    )
