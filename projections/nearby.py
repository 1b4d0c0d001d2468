"""Which issues of these villages were logged lately, or are open still? What suggestions and hot topics look at.

Complaints about an official are left out for everybody: they are neither likened to anything nor counted.
Words stay sealed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from domain.issue.words import OPEN_STAGES, Stage


@dataclass(frozen=True, slots=True)
class NearbyIssue:
    """What of an issue can be likened to another; `title`, `description` and `place` may be sealed."""

    issue_id: UUID
    number: str
    version: int
    logged_at: datetime
    village: str
    household: str | None
    category: str
    title: str | None
    description: str
    place: str | None
    stage: str
    cause: str | None
    concerns: str | None


_COLUMNS: Final[LiteralString] = """
select issue_id, number, version, logged_at, village, household, category, title, description, place, stage, cause,
  concerns
from issue_ledger
"""
_LATELY: Final[LiteralString] = (
    _COLUMNS
    + """
where village = any(%(villages)s) and concerns is null and stage <> all(%(gone)s) and number is distinct from %(but)s
  and logged_at <= %(until)s and (logged_at >= %(since)s or stage = any(%(open_stages)s))
order by logged_at desc, number limit %(limit)s
"""
)
_LOGGED: Final[LiteralString] = (
    _COLUMNS
    + """
where (%(villages)s::text[] is null or village = any(%(villages)s)) and concerns is null and stage <> all(%(gone)s)
  and logged_at >= %(since)s and logged_at < %(until)s
order by logged_at desc, number limit %(limit)s
"""
)
_GONE: Final = (Stage.WITHDRAWN, Stage.MERGED, Stage.SPLIT)
"""Their matter is somewhere else, or nowhere."""


def one(connection: psycopg.Connection, number: str) -> NearbyIssue | None:
    """The issue of this number, or None."""
    with connection.cursor(row_factory=class_row(NearbyIssue)) as cursor:
        return cursor.execute(_COLUMNS + "where number = %s", (number,)).fetchone()


def lately(
    connection: psycopg.Connection,
    villages: Collection[str],
    since: datetime,
    until: datetime,
    *,
    but: str | None,
    limit: int,
) -> list[NearbyIssue]:
    """Issues logged from `since` to `until`, and older ones that are open; the newest first, at most `limit`."""
    asked = {"villages": sorted(villages), "since": since, "until": until, "but": but, "limit": limit}
    with connection.cursor(row_factory=class_row(NearbyIssue)) as cursor:
        lists = {"gone": list(_GONE), "open_stages": sorted(OPEN_STAGES)}
        return cursor.execute(_LATELY, {**asked, **lists}).fetchall()


def logged_between(
    connection: psycopg.Connection, villages: Collection[str] | None, since: datetime, until: datetime, *, limit: int
) -> list[NearbyIssue]:
    """Issues logged from `since` and before `until`, of these villages (None: all in scope); the newest first."""
    listed = None if villages is None else sorted(villages)
    asked = {"villages": listed, "since": since, "until": until, "limit": limit, "gone": list(_GONE)}
    with connection.cursor(row_factory=class_row(NearbyIssue)) as cursor:
        return cursor.execute(_LOGGED, asked).fetchall()
