"""A township with two stations and some issues, in memory, and any command to a spot check: `ask(wish, at=...)`.

The county is that of tests/support/organisation.py: YL1 looks after QS and LX, YL2 after BC.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

import psycopg

from domain.context import Context
from domain.events import DomainEvent
from domain.issue.events import IssueLogged
from domain.organisation.commands import ORGANISATION_ID
from domain.organisation.decide import decide
from domain.organisation.evolve import fold
from domain.organisation.state import Organisation
from domain.plan import Plan
from domain.spot_check import commands as c
from domain.spot_check import events as e
from domain.spot_check.basis import Basis
from domain.spot_check.drawing import Head, head_of
from domain.spot_check.state import Check
from domain.spot_check.state import fold as fold_check
from domain.spot_check.words import CheckKind
from domain.values import THE_PROCESS, Actor, Role
from projections.seal import seal_once
from services.persistence.draw_basis import DrawBasis
from tests.support.casework import START, case
from tests.support.memory_log import MemoryLog
from tests.support.organisation import context, county_commands
from tests.support.postgres import Database

_NAMESPACE = UUID("8a0a5c54-9f0f-4d0e-9c85-0b5c2d6b7e13")
MONTH: Final = "2026-03"
CHECK: Final = c.spot_check_id_of("YL", MONTH)
DRAW: Final = datetime(2026, 3, 5, 9, tzinfo=START.tzinfo)
"""When the cx plan draws."""
DAY: Final = timedelta(days=1)
WEEK_OVER: Final = DRAW.replace(day=12, hour=23, minute=59, second=59)
DUE: Final = DRAW.replace(day=20, hour=23, minute=59, second=59)
LATER: Final = DRAW.replace(day=25)
AUDITOR: Final = Actor(user="auditor", role=Role.AUDITOR)
MEMBER: Final = Actor(user="member2", role=Role.COMMITTEE_MEMBER)
LEAD: Final = Actor(user="lead", role=Role.STATION_LEAD)
HANDLER: Final = Actor(user="handler", role=Role.CASE_HANDLER)
TOWNSHIP_LEAD: Final = Actor(user="lead2", role=Role.STATION_LEAD)
"""Looks after every village of the township."""

AnyCommand = TypeVar("AnyCommand", bound=c.SpotCheckCommand)
_OF_FINDING: Final[Mapping[str, Any]] = {"check_id": CHECK, "finding": 1}
_DEFAULTS: Final[Mapping[type[c.SpotCheckCommand], Mapping[str, Any]]] = {
    c.AnnounceSpotCheck: {"month": MONTH, "by": THE_PROCESS},
    c.DrawSpotCheck: {"month": MONTH, "by": THE_PROCESS},
    c.RecordInspection: {"kind": CheckKind.FULL, "stations": ("YL1",)},
    c.HandInLedgers: {"check_id": CHECK, "by": TOWNSHIP_LEAD},
    c.RemindHandIn: {"check_id": CHECK, "by": THE_PROCESS},
    c.RecordMissedHandIn: {"check_id": CHECK, "by": THE_PROCESS},
    c.RecordFinding: {"check_id": CHECK, "station": "YL1", "problem": "答复没有送达凭据。"},
    c.OrderRectification: {
        **_OF_FINDING, "unit": "YL1", "requirement": "补齐送达凭据。", "due_on": date(2026, 3, 20), "by": MEMBER,
    },
    c.ReportRectification: {**_OF_FINDING, "measures": "已补齐。", "by": LEAD},
    c.RecordMissedRectification: {**_OF_FINDING, "by": THE_PROCESS},
    c.RecheckRectification: {**_OF_FINDING, "accepted": True, "opinion": "属实。"},
    c.CloseSpotCheck: {"check_id": CHECK, "summary": "台账齐全，问题已整改。"},
}  # fmt: skip


def ask(wish: type[AnyCommand], /, *, at: datetime = DRAW, by: Actor | None = None, **fields: Any) -> AnyCommand:
    """A valid command; the auditor asks, unless others have to. Ids follow from the call."""
    values = {"township": "YL", "by": AUDITOR, **_DEFAULTS[wish], **fields}
    usual = values.pop("by")
    actor = by or usual
    seed = f"{wish.__name__}/{at}/{actor}/{sorted(values.items(), key=lambda item: item[0])!r}"
    values.pop("key", None)
    return wish(**{"command_id": uuid5(_NAMESPACE, seed), "actor": actor, "occurred_at": at, **values})


def a_head(state: bytes = b'{"number":"QS-2026-0001"}') -> Head:
    """A head as the log might give it."""
    return head_of(41, UUID(int=7), 3, DRAW + timedelta(seconds=1), state)


def logged(number: str, **fields: Any) -> IssueLogged:
    """An issue of this number, in the village that it names."""
    (event,) = case("logged").events
    assert isinstance(event, IssueLogged)
    own = {"originator_id": uuid5(_NAMESPACE, number), "number": number, "village": number.partition("-")[0]}
    return event.model_copy(update={**own, **fields})


def county_events() -> tuple[DomainEvent, ...]:
    """Who is who."""
    known, events = Organisation(), list[DomainEvent]()
    now: Context = context()
    for command in county_commands():
        happened = decide(known, command, now)
        known = fold(happened, known)
        events.extend(happened)
    return tuple(events)


ISSUES: Final = tuple(
    logged(f"{village}-2026-{serial:04d}") for village in ("QS", "LX", "BC") for serial in range(1, 10)
)
"""Nine in each village: 18 of the first station, 9 of the second."""


def a_township(*more: IssueLogged, plan: Plan | None = None, issues: tuple[IssueLogged, ...] = ISSUES) -> MemoryLog:
    """The log before the draw; its head is sealed."""
    streams: dict[UUID, tuple[DomainEvent, ...]] = {ORGANISATION_ID: county_events()}
    log = MemoryLog({**streams, **{it.originator_id: (it,) for it in (*issues, *more)}}, plan)
    log.head = a_head()
    return log


def a_draw(log: MemoryLog | None = None) -> MemoryLog:
    """The log in which this month's check is drawn."""
    log = log or a_township()
    log.do(ask(c.AnnounceSpotCheck))
    log.do(ask(c.DrawSpotCheck))
    return log


def drawn_since_announced(database: Database) -> Callable[[str, datetime], Basis | None]:
    """What is drawn from where days are skipped. The database's clock is the machine's: so the head is the first event
    recorded since the last announcement of the log, and not since the day of the draw.
    """
    recorded = "select max(recorded_at) from ledger_events where topic = 'spot_check.announced'"

    def basis(township: str, _: datetime) -> Basis | None:
        with psycopg.connect(database.follower_dsn, autocommit=True) as connection:
            seal_once(connection)
            row = connection.execute(recorded).fetchone()
        assert row is not None
        return DrawBasis(database.app_dsn)(township, row[0])

    return basis


def check_of(log: MemoryLog) -> Check:
    """This month's check as it stands."""
    found = fold_check(log.history(CHECK))
    assert found is not None
    return found


def drawn_of(log: MemoryLog) -> e.SpotCheckDrawn:
    """What was drawn this month."""
    drawn = check_of(log).drawn
    assert drawn is not None
    return drawn


def station(log: MemoryLog) -> dict[str, str]:
    """The station drawn, as a command's field."""
    return {"station": check_of(log).stations[0]}


def handed_in(log: MemoryLog) -> MemoryLog:
    """Everything that was drawn is in."""
    log.do(ask(c.HandInLedgers, items=check_of(log).missing))
    return log


def found(log: MemoryLog, **fields: Any) -> MemoryLog:
    """Something is amiss there."""
    log.do(ask(c.RecordFinding, **{**station(log), **fields}))
    return log


def ordered(log: MemoryLog) -> MemoryLog:
    """It is to be put right."""
    log.do(ask(c.OrderRectification))
    return log


def reported(log: MemoryLog) -> MemoryLog:
    """It is said to be put right."""
    log.do(ask(c.ReportRectification, by=TOWNSHIP_LEAD))
    return log


def rechecked(log: MemoryLog) -> MemoryLog:
    """It was looked at again, and is accepted."""
    log.do(ask(c.RecheckRectification))
    return log
