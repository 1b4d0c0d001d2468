"""How far is the check of all files, and what was found wrong? Tables `file` and `file_check`, as role huiyin_app.

Called by services/files/checking.py and the doctor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row

_OPEN: Final[LiteralString] = "select round, began_at from file_check where ended_at is null order by round limit 1"
_BEGIN: Final[LiteralString] = "insert into file_check default values returning round, began_at"
_END: Final[LiteralString] = "update file_check set ended_at = clock_timestamp() where round = %s"
_KEPT: Final[LiteralString] = "from file where stored_at is not null and erased_at is null"
_COUNT: Final[LiteralString] = f"select count(*) filter (where checked_at >= %s), count(*) {_KEPT}"
_NEXT: Final[LiteralString] = f"""
select file_id, digest, preview_digest {_KEPT} and (checked_at is null or checked_at < %s)
order by checked_at nulls first, file_id limit %s
"""
_CHECKED: Final[LiteralString] = """
update file set checked_at = clock_timestamp(), fault = %s where file_id = %s
"""
_FAULTY: Final[LiteralString] = f"""
select number, digest, fault, uploaded_by, uploaded_at
from (select * {_KEPT} and fault is not null) as faulty left join issue_ledger on issue_id = claimed_for
order by number nulls last, uploaded_at
"""  # noqa: S608
_NAMED_ONLY: Final[LiteralString] = """
select number, digest, 'unknown' as fault, actor_user as uploaded_by, occurred_at as uploaded_at
from issue_history join issue_ledger using (issue_id)
cross join lateral jsonb_array_elements_text(
  coalesce(details -> 'photos', '[]') || coalesce(details -> 'before', '[]') || coalesce(details -> 'evidence', '[]')
) as named (digest)
where details ?| array['photos', 'before', 'evidence']
  and not exists (select from file where file.digest = named.digest)
order by number, issue_history.version
"""


@dataclass(frozen=True, slots=True)
class Round:
    """One check of all files."""

    round: int
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A file that this round has not looked at."""

    file_id: UUID
    digest: str
    preview_digest: str | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is `missing`, `altered`, or named without ever having been uploaded here (`unknown`).

    `number`: of the issue that names it, if one does; `uploaded_by` and `uploaded_at`: who brought or named it, when.
    """

    number: str | None
    digest: str
    fault: str
    uploaded_by: str
    uploaded_at: datetime


def round_under_way(connection: psycopg.Connection) -> tuple[Round, bool]:
    """The round that has not ended, or a new one; and whether it is gone on with."""
    with connection.cursor(row_factory=class_row(Round)) as cursor:
        going_on = cursor.execute(_OPEN).fetchone()
        found = going_on or cursor.execute(_BEGIN).fetchone()
    if found is None:
        raise psycopg.DataError("no round began")
    return found, going_on is not None


def end(connection: psycopg.Connection, done: Round) -> None:
    """Everything was looked at."""
    connection.execute(_END, (done.round,))


def progress(connection: psycopg.Connection, going: Round) -> tuple[int, int]:
    """How many files the round has looked at, of how many."""
    row = connection.execute(_COUNT, (going.began_at,)).fetchone()
    return row or (0, 0)


def unchecked(connection: psycopg.Connection, going: Round, limit: int) -> Sequence[Unchecked]:
    """The next files to look at."""
    with connection.cursor(row_factory=class_row(Unchecked)) as cursor:
        return cursor.execute(_NEXT, (going.began_at, limit)).fetchall()


def checked(connection: psycopg.Connection, file_id: UUID, fault: str | None) -> None:
    """What was found of a file."""
    connection.execute(_CHECKED, (fault, file_id))


def faults(connection: psycopg.Connection) -> list[Fault]:
    """Everything known to be wrong, by issue. The connection sees every issue."""
    with connection.cursor(row_factory=class_row(Fault)) as cursor:
        return [*cursor.execute(_FAULTY).fetchall(), *cursor.execute(_NAMED_ONLY).fetchall()]


def faulty(connection: psycopg.Connection) -> int:
    """How many files are known to be missing or altered."""
    row = connection.execute("select count(*) from file where fault is not null and erased_at is null").fetchone()
    return row[0] if row else 0
