"""What links officers with households: priority register (F6), help plans, difficulties, four books (F9), cards.

Words stay sealed. How often a household on the register was visited is counted from the diary when it is read.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, LiteralString

import psycopg

from domain.liaison import events as e
from projections.pages import Asked, page_of
from projections.per_event import PerEvent
from projections.projection import Recorded

_DDL: Final = """
create table if not exists priority_household (
  register_id uuid not null, household text not null, village text not null, year bigint not null,
  listed_at timestamptz not null, reason text not null, planned bigint not null,
  primary key (register_id, household)
);
create table if not exists help_measure (
  register_id uuid not null, household text not null, number bigint not null, village text not null,
  measure text not null, officer text not null, promised_at timestamptz not null, due_on date not null, result text,
  done_at timestamptz, on_time boolean,
  primary key (register_id, household, number)
);
create table if not exists difficulty (
  register_id uuid not null, number bigint not null, village text not null, household text, officer text not null,
  solved_at timestamptz not null, difficulty text not null, shown_by text not null,
  primary key (register_id, number)
);
create table if not exists book_entry (
  register_id uuid not null, number bigint not null, village text not null, book text not null, household text,
  entered_on timestamptz not null, matter text not null, officer text not null, measures text, result text,
  primary key (register_id, number)
);
create table if not exists contact_card (
  card_id uuid not null, village text not null, edition bigint not null, issued_at timestamptz not null,
  primary key (card_id)
);
create table if not exists card_holder (
  card_id uuid not null, household text not null, village text not null, edition bigint not null,
  delivered_at timestamptz not null,
  primary key (card_id, household)
);
"""
_INDEXES: Final = """
create index if not exists priority_household_by_village on priority_household (village, year);
"""
_LIST: Final = """
insert into priority_household values (%s, %s, %s, %s, %s, %s, %s)
on conflict (register_id, household) do update set reason = excluded.reason, planned = excluded.planned
"""
_PROMISE: Final = "insert into help_measure values (%s, %s, %s, %s, %s, %s, %s, %s)"
_KEEP: Final = """
update help_measure set result = %s, done_at = %s, on_time = %s
where register_id = %s and household = %s and number = %s
"""
_CARD: Final = """
insert into contact_card values (%s, %s, %s, %s)
on conflict (card_id) do update set edition = excluded.edition, issued_at = excluded.issued_at
"""
_HOLDER: Final = """
insert into card_holder values (%s, %s, %s, %s, %s)
on conflict (card_id, household) do update set edition = excluded.edition, delivered_at = excluded.delivered_at
"""


def _listed(connection: psycopg.Connection, event: e.PriorityHouseholdListed, _: Recorded) -> None:
    where = (event.originator_id, event.household, event.village, event.year)
    connection.execute(_LIST, (*where, event.occurred_at, event.reason, event.planned))


def _struck(connection: psycopg.Connection, event: e.PriorityHouseholdStruck, _: Recorded) -> None:
    query = "delete from priority_household where register_id = %s and household = %s"
    connection.execute(query, (event.originator_id, event.household))


def _promised(connection: psycopg.Connection, event: e.MeasurePromised, _: Recorded) -> None:
    where = (event.originator_id, event.household, event.number, event.village)
    connection.execute(_PROMISE, (*where, event.measure, event.officer, event.occurred_at, event.due_on))


def _kept(connection: psycopg.Connection, event: e.MeasureDone, _: Recorded) -> None:
    where = (event.originator_id, event.household, event.number)
    connection.execute(_KEEP, (event.result, event.occurred_at, event.on_time, *where))


def _solved(connection: psycopg.Connection, event: e.DifficultySolved, _: Recorded) -> None:
    shown_by = event.issue or f"{event.month}/{event.entry}"
    row = (event.originator_id, event.number, event.village, event.household, event.officer, event.occurred_at)
    connection.execute(
        "insert into difficulty values (%s, %s, %s, %s, %s, %s, %s, %s)", (*row, event.difficulty, shown_by)
    )


def _booked(connection: psycopg.Connection, event: e.BookEntered, _: Recorded) -> None:
    where = (event.originator_id, event.number, event.village, event.book, event.household, event.occurred_at)
    row = (*where, event.matter, event.officer, event.measures, event.result)
    connection.execute("insert into book_entry values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", row)


def _issued(connection: psycopg.Connection, event: e.ContactCardIssued, _: Recorded) -> None:
    row = (event.originator_id, event.village, event.edition, event.occurred_at)
    connection.execute(_CARD, row)


def _delivered(connection: psycopg.Connection, event: e.CardsDelivered, _: Recorded) -> None:
    for household in event.households:
        row = (event.originator_id, household, event.village, event.edition, event.occurred_at)
        connection.execute(_HOLDER, row)


LIAISON: Final = PerEvent(
    name="liaison",
    question="Which households are visited first, what is promised and solved, who holds a contact card? 联户册",
    ddl=_DDL,
    indexes=_INDEXES,
    tables=("priority_household", "help_measure", "difficulty", "book_entry", "contact_card", "card_holder"),
    follows=e.LIAISON_EVENTS,
    takes={
        e.PriorityHouseholdListed: _listed,
        e.PriorityHouseholdStruck: _struck,
        e.MeasurePromised: _promised,
        e.MeasureDone: _kept,
        e.DifficultySolved: _solved,
        e.BookEntered: _booked,
        e.ContactCardIssued: _issued,
        e.CardsDelivered: _delivered,
    },
    passes_over=frozenset({e.HelpPlanAgreed, e.HelpPlanEnded}),
)


# -- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PriorityLine:
    """A household on the priority register. `agrees`: its consent is still recorded."""

    at: datetime
    key: str
    year: int
    village: str
    village_name: str | None
    household: str
    reason: str
    agrees: bool
    planned: int
    visits: list[str]
    issues: list[str]
    done: bool


@dataclass(frozen=True, slots=True)
class BookLine:
    """An entry of one of the four books."""

    at: datetime
    key: str
    book: str
    village: str
    village_name: str | None
    household: str | None
    matter: str
    officer: str
    measures: str | None
    result: str | None


@dataclass(frozen=True, slots=True)
class CardLine:
    """A registered household, and the edition of the contact card that it has. `due`: it has not the latest."""

    at: datetime
    key: str
    village: str
    village_name: str | None
    household: str
    edition: int | None
    delivered_at: datetime | None
    latest: int
    due: bool


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A measure that was promised to a household. `done_at` None: not kept yet."""

    at: datetime
    key: str
    village: str
    village_name: str | None
    household: str
    measure: str
    officer: str
    due_on: date
    result: str | None
    done_at: datetime | None
    on_time: bool | None


PROMISE_WORDS: Final = ("measure", "result")
BOOK_WORDS: Final = ("matter", "measures", "result")
_PRIORITY: Final[LiteralString] = """
select listed_at as at, register_id || '/' || listed.household as key, year, listed.village,
  place.name as village_name, listed.household, reason,
  coalesce(reason = any(string_to_array(consents, ',')), false) as agrees, planned, made.visits, made.issues,
  cardinality(made.visits) >= planned as done
from priority_household as listed
left join household_register as known using (village, household)
left join place on place.code = listed.village
cross join lateral (
  select coalesce(array_agg(to_char(arrived_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD ') || officers[1]
    order by arrived_at), '{}') as visits,
    coalesce((select array_agg(distinct number order by number) from visit as of_it, unnest(issues) as number
      where not of_it.struck and of_it.village = listed.village and of_it.household = listed.household
      and extract(year from of_it.arrived_at at time zone 'Asia/Shanghai') = year), '{}') as issues
  from visit where not struck and visit.village = listed.village and visit.household = listed.household
    and extract(year from arrived_at at time zone 'Asia/Shanghai') = year
) as made
where %(village)s::text is null or listed.village = %(village)s
"""
_CARDS: Final[LiteralString] = """
select issued_at as at, known.village || '/' || known.household as key, known.village, place.name as village_name,
  known.household, held.edition, delivered_at, card.edition as latest,
  held.edition is distinct from card.edition as due
from contact_card as card
join household_register as known on known.village = card.village and erased_at is null
left join card_holder as held on held.card_id = card.card_id and held.household = known.household
left join place on place.code = known.village
where %(village)s::text is null or known.village = %(village)s
"""
_PROMISES: Final[LiteralString] = """
select promised_at as at, register_id || '/' || household || '/' || lpad(number::text, 6, '0') as key, village,
  place.name as village_name, household, measure, officer, due_on, result, done_at, on_time
from help_measure left join place on place.code = village
where %(village)s::text is null or village = %(village)s
"""
_BOOKS: Final[LiteralString] = """
select entered_on as at, register_id || '/' || lpad(number::text, 6, '0') as key, book, village,
  place.name as village_name, household, matter, officer, measures, result
from book_entry left join place on place.code = book_entry.village
where %(village)s::text is null or village = %(village)s
"""


def priority(connection: psycopg.Connection, asked: Asked) -> list[PriorityLine]:
    """The priority registers with the visits made, in the order in which households were listed."""
    return page_of(connection, PriorityLine, _PRIORITY, asked)


def promises(connection: psycopg.Connection, asked: Asked) -> list[PromiseLine]:
    """What was promised to households, in order; whether it was kept, and on time."""
    return page_of(connection, PromiseLine, _PROMISES, asked)


def books(connection: psycopg.Connection, asked: Asked) -> list[BookLine]:
    """The entries of the four books, in order."""
    return page_of(connection, BookLine, _BOOKS, asked)


def cards(connection: psycopg.Connection, asked: Asked) -> list[CardLine]:
    """Every registered household of a village that has a card, and whether it is due for the latest edition."""
    return page_of(connection, CardLine, _CARDS, asked)
