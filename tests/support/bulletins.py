"""A township whose month is told of in a bulletin, in memory, and any command to it: `ask(wish, at=...)`.

The county is that of tests/support/organisation.py: YL1 looks after QS and LX, YL2 after BC.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

import psycopg

from domain.bulletin import commands as c
from domain.bulletin.figures import Asked, Drawn
from domain.bulletin.state import Bulletin, fold
from domain.bulletin.words import Cause, Correction, Handling
from domain.events import DomainEvent
from domain.issue.events import AnswerRated, DeadlineMissed, IssueFixedOnSite, IssueLogged
from domain.issue.words import Rating
from domain.organisation.commands import ORGANISATION_ID
from domain.periods import Cycle, Period
from domain.plan import Plan, load_plan
from domain.values import THE_PROCESS, Actor, Responsible, Role
from projections.seal import seal_once
from services.persistence.bulletin_basis import BulletinBasis
from tests.support.casework import case
from tests.support.memory_log import MemoryLog
from tests.support.postgres import Database
from tests.support.spot_checks import a_head, county_events, logged

_NAMESPACE = UUID("4a4c5d0e-6f2b-4b55-9f0a-5f1f6a2f7c31")
MARCH: Final = Period(date(2026, 3, 1), Cycle.MONTH)
BULLETIN: Final = c.bulletin_id_of("YL", MARCH.name)
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
DRAWN: Final = load_plan("cx").bulletin.draw_up_at(MARCH)  # type: ignore[union-attr]
"""When the cx plan draws it up: on 5 April at nine."""
MEMBER: Final = Actor(user="member2", role=Role.COMMITTEE_MEMBER)
CHAIR: Final = Actor(user="committee", role=Role.COMMITTEE_MEMBER)
AUDITOR: Final = Actor(user="auditor", role=Role.AUDITOR)

AnyCommand = TypeVar("AnyCommand", bound=c.BulletinCommand)
_DEFAULTS: Final[Mapping[type[c.BulletinCommand], Mapping[str, Any]]] = {
    c.OpenBulletin: {"by": THE_PROCESS},
    c.DrawUpBulletin: {"by": THE_PROCESS},
    c.NameInBulletin: {"issue": "LX-2026-0001", "handling": Handling.IDLE, "post": Role.STATION_LEAD, "by": AUDITOR},
    c.TakeOffBulletin: {"item": 1, "cause": Cause.JUSTIFIED},
    c.IssueBulletin: {"by": CHAIR},
    c.RecordBulletinOverdue: {"by": THE_PROCESS},
    c.CorrectBulletin: {"reason": Correction.WRONGLY_NAMED, "struck": (1,)},
}


def ask(wish: type[AnyCommand], /, *, at: datetime = DRAWN, by: Actor | None = None, **fields: Any) -> AnyCommand:
    """A valid command; the committee's second member asks, unless others have to. Ids follow from the call."""
    values = {"place": "YL", "cycle": MARCH.cycle, "first": MARCH.first, "by": MEMBER, **_DEFAULTS[wish], **fields}
    usual = values.pop("by")
    actor = by or usual
    seed = f"{wish.__name__}/{at}/{actor}/{sorted(values.items(), key=lambda item: item[0])!r}"
    return wish(**{"command_id": uuid5(_NAMESPACE, seed), "actor": actor, "occurred_at": at, **values})


def an_issue(number: str, day: int, **fields: Any) -> IssueLogged:
    """Logged on that day of March (before it, for a day under one)."""
    return logged(number, occurred_at=MARCH.starts_at + (day - 1) * DAY + HOUR, **fields)


def _next(event: IssueLogged, version: int, day: int) -> dict[str, Any]:
    (first,) = case("logged").events
    return {
        "originator_id": event.originator_id,
        "originator_version": version,
        "occurred_at": MARCH.starts_at + (day - 1) * DAY + 2 * HOUR,
        "actor": first.actor,
        "command_id": uuid5(_NAMESPACE, f"{event.number}/{version}/{day}"),
    }


def missed(event: IssueLogged, version: int, day: int, unit: str = "station:QS") -> DeadlineMissed:
    """Its deadline passed on that day."""
    known = _next(event, version, day)
    holder = Responsible(unit=unit, person="handler")
    return DeadlineMissed(**known, rule="on_site", due_at=known["occurred_at"], holder=holder)


def fixed(event: IssueLogged, version: int, day: int) -> IssueFixedOnSite:
    """Done on that day."""
    return IssueFixedOnSite(**_next(event, version, day), measures="修好。", deadline=event.deadline)


def rated(event: IssueLogged, version: int, day: int, rating: Rating) -> AnswerRated:
    """Its household said so on that day."""
    return AnswerRated(**_next(event, version, day), rating=rating, contacted=True)


def a_month() -> tuple[DomainEvent, ...]:
    """Four issues of YL1 and one of YL2: one of February, a complaint about an official, two that are late."""
    earlier, late = an_issue("QS-2026-0001", -9), an_issue("QS-2026-0002", 3)
    conduct = an_issue("QS-2026-0003", 4, concerns="lead")
    other, far = an_issue("LX-2026-0001", 20), an_issue("BC-2026-0001", 31)
    return (
        earlier, missed(earlier, 2, -2), missed(earlier, 3, 10), missed(earlier, 4, 20, "township"),
        late, missed(late, 2, 8), fixed(late, 3, 9), rated(late, 4, 10, Rating.CANNOT_SAY),
        rated(late, 5, 12, Rating.MOSTLY), conduct, missed(conduct, 2, 9), other, rated(other, 2, 33, Rating.SATISFIED),
        far, fixed(far, 2, 31), fixed(earlier, 5, 31),
    )  # fmt: skip


def a_log(*more: DomainEvent, plan: Plan | None = None, month: tuple[DomainEvent, ...] | None = None) -> MemoryLog:
    """The log when the bulletin is drawn up; its head is sealed."""
    streams: dict[UUID, tuple[DomainEvent, ...]] = {ORGANISATION_ID: county_events()}
    for event in (*(a_month() if month is None else month), *more):
        streams[event.originator_id] = (*streams.get(event.originator_id, ()), event)
    log = MemoryLog(streams, plan)
    log.head = a_head()
    return log


def drawn_up(log: MemoryLog | None = None) -> MemoryLog:
    """The log in which March's bulletin is drawn up."""
    log = log or a_log()
    log.do(ask(c.OpenBulletin))
    log.do(ask(c.DrawUpBulletin))
    return log


def issued(log: MemoryLog | None = None, at: datetime = DRAWN + DAY) -> MemoryLog:
    """And issued."""
    log = drawn_up(log)
    log.do(ask(c.IssueBulletin, at=at))
    return log


def drawn_up_by_the_last(database: Database) -> Callable[[Asked, datetime | None], Drawn | None]:
    """What is drawn up where days are skipped. The database's clock is the machine's: so the head is the last event of
    the log, and not the first since the day.
    """

    def basis(asked: Asked, _: datetime | None) -> Drawn | None:
        with psycopg.connect(database.follower_dsn, autocommit=True) as connection:
            seal_once(connection)
        return BulletinBasis(database.app_dsn)(asked, None)

    return basis


class Told:
    """Nothing but what happened to the bulletin itself, as a read model that follows it needs."""

    def __init__(self, log: MemoryLog) -> None:
        self.streams = {BULLETIN: log.streams[BULLETIN]}


def bulletin_of(log: MemoryLog) -> Bulletin:
    """How it stands."""
    found = fold(log.history(BULLETIN))
    assert found is not None
    return found
