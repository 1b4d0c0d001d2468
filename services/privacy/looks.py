"""Who looked at a household's words, in which post, when, through which door? Written before anything is shown.

`LookBook.record` is called by unsealing.py; `looks_at` answers the office and the household itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from services.persistence.connections import ThreadConnections


class Door(StrEnum):
    """Through which door it was seen."""

    API = "api"
    CLI = "cli"
    EXPORT = "export"
    RECEIPT = "receipt"


class Seen(StrEnum):
    """What was looked at."""

    ISSUE = "issue"
    HISTORY = "history"
    LEDGER = "ledger"
    HOUSEHOLD = "household"
    SEARCH = "search"
    COPY = "copy"
    FILE = "file"
    SUGGESTION = "suggestion"
    FINDING = "finding"
    SAMPLE = "sample"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks, in which post. `place`: where the post is; `on_behalf_of`: whose deputy."""

    user: str
    role: str
    place: str | None = None
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one household's words, as it is kept."""

    looked_at: datetime
    subject: str
    user_name: str
    role: str
    place: str | None
    on_behalf_of: str | None
    door: str
    what: str
    issue_id: UUID | None
    shown: str


_RECORD: Final = """
insert into look (subject, issue_id, user_name, role, place, on_behalf_of, door, what, shown)
select subject, issue_id, $3, $4, $5::text, $6::text, $7, $8, $9
from unnest($1::text[], $2::uuid[]) as seen (subject, issue_id)
returning 1
"""
_AT: Final = """
select looked_at, subject, user_name, role, place, on_behalf_of, door, what, issue_id, shown
from look where subject = %s order by look_id desc limit %s
"""


@dataclass(frozen=True, slots=True)
class LooksOfDay:
    """How often somebody looked on a day of the office's calendar, at what; of no household in particular."""

    day: date
    user_name: str
    door: str
    what: str
    looks: int


_BY: Final = """
select looked_at, subject, user_name, role, place, on_behalf_of, door, what, issue_id, shown
from look where user_name = %s and looked_at >= now() - make_interval(days => %s) order by look_id desc limit 500
"""
_OF_ROLE: Final = """
select (looked_at at time zone 'Asia/Shanghai')::date as day, user_name, door, what, count(*) as looks
from look where role = %s and looked_at >= now() - make_interval(days => %s)
group by day, user_name, door, what order by day desc, user_name, what, door
"""


class LookBook:
    """Adds looks, on a connection of each thread (role huiyin_app)."""

    def __init__(self, dsn: str) -> None:
        self._connections = ThreadConnections(dsn)

    def record(
        self, who: Onlooker, seen: Sequence[tuple[str, UUID | None]], *, door: Door, what: Seen, masked: bool
    ) -> None:
        """One look per (subject, issue). Raises psycopg.Error: then nothing may be shown."""
        if not seen:
            return
        subjects, issues = [subject for subject, _ in seen], [issue for _, issue in seen]
        post = (who.user, who.role, who.place, who.on_behalf_of)
        self._connections.execute(
            _RECORD, (subjects, issues, *post, door.value, what.value, "masked" if masked else "words")
        )

    def close(self) -> None:
        """Close all connections, of every thread."""
        self._connections.close()


def looks_at(connection: psycopg.Connection, subject: str, limit: int = 200) -> list[Look]:
    """The last looks at the words and data of the household `subject` (`QS/QS-012`), newest first."""
    with connection.cursor(row_factory=class_row(Look)) as cursor:
        return cursor.execute(_AT, (subject, limit)).fetchall()


def looks_by(connection: psycopg.Connection, user: str, days: int) -> list[Look]:
    """The looks of somebody in the last so many days, newest first; at most 500."""
    with connection.cursor(row_factory=class_row(Look)) as cursor:
        return cursor.execute(_BY, (user, days)).fetchall()


def looks_of_role(connection: psycopg.Connection, role: str, days: int) -> list[LooksOfDay]:
    """How much was looked at in a role in the last so many days, the latest first."""
    with connection.cursor(row_factory=class_row(LooksOfDay)) as cursor:
        return cursor.execute(_OF_ROLE, (role, days)).fetchall()
