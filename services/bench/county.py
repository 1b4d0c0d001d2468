"""A county with a million issues, for `huiyin bench pages`: the demonstration's, again and again in other villages.

The demonstration goes through the real commands and the real followers; its rows are then copied within each read
model, every id, number, village and moment changed alike in all of them. The log keeps the demonstration's events only.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, LiteralString
from uuid import NAMESPACE_OID, uuid5

import psycopg
from psycopg import sql

from domain.issue.words import FINAL_STAGES, Stage
from domain.organisation.commands import RegisterPlace
from domain.organisation.together import reorganise
from domain.organisation.words import PlaceKind
from projections.registry import PROJECTIONS
from services.bench.county_sums import ANEW, SUMS
from services.bench.harness import BenchOffice
from services.bootstrap import casework_of, system_clock
from services.demonstration.load import load_demonstration
from services.organisation.registering import REGISTRAR

_TOWNSHIPS: Final = 30
_VILLAGES: Final = 300
"""Beside the demonstration's own; each copy is of one of them in turn."""
_OPEN_IN: Final = 100  # one copy in so many has its open issues too: most of a county's issues are done with
_HISTORY_IN: Final = 10  # one copy in so many has its history: else five million lines take longer than all the rest
_MOST_OF_OTHERS: Final = 100_000  # rows of a table that has no issues
_DAYS: Final = 900  # over which the copies are spread
_NOT_COPIED: Final = frozenset({"place", "household_register", "inbox_matter", *SUMS})
_DONE: Final = [stage.value for stage in (*FINAL_STAGES, Stage.CLOSED)]
_NOTE_WHAT_IS_DONE: Final[LiteralString] = (
    "create temporary table done as select issue_id from issue_ledger where stage = any(%s)"
)
_THERE: Final[LiteralString] = "'V' || lpad((k % {villages} - 1)::text, 3, '0')"
_ELSEWHERE: Final[LiteralString] = "case when k % {villages} = 0 then {old} else " + _THERE + " end"
_ALL_ELSEWHERE: Final[LiteralString] = "case when k % {villages} = 0 then {old} else array[" + _THERE + "] end"
_SERIAL: Final[LiteralString] = "(split_part({0}, '-', 3)::int + 1000 * k + ascii({0}) % 10 * 100)"


def fill_county(office: BenchOffice, issues: int) -> int:
    """At least so many issues in the read models; returns how many. The followers must be caught up by the caller."""
    with psycopg.connect(office.postgres.follower_dsn, autocommit=True) as follower:
        follower.execute("set synchronous_commit = off")
        follower.execute(_NOTE_WHAT_IS_DONE, (_DONE,))
        copies = -(-issues // _count(follower, "done"))
        for table in (table for projection in PROJECTIONS for table in projection.tables):
            if table not in _NOT_COPIED:
                _copy(follower, table, copies, min(_MOST_OF_OTHERS, issues))
        for statement in ANEW:
            follower.execute(statement)
        number = _count(follower, "issue_ledger")
    with psycopg.connect(office.postgres.owner_dsn, autocommit=True) as owner:
        owner.execute("vacuum analyze")
    return number


def found_county(office: BenchOffice) -> None:
    """The demonstration, played as of now, and the villages around it."""
    with casework_of(office.settings) as casework:
        now = system_clock()
        load_demonstration(casework, now)
        reorganise(casework, list(_places(now - timedelta(days=300))))


def _places(since: datetime) -> Iterator[RegisterPlace]:
    for township in range(_TOWNSHIPS):
        yield _place(f"T{township:02}", PlaceKind.TOWNSHIP, f"{township}号镇", "YLX", since)
    for village in range(_VILLAGES):
        yield _place(f"V{village:03}", PlaceKind.VILLAGE, f"{village}号村", f"T{village % _TOWNSHIPS:02}", since)


def _place(code: str, kind: PlaceKind, name: str, parent: str, since: datetime) -> RegisterPlace:
    who = {"command_id": uuid5(NAMESPACE_OID, code), "actor": REGISTRAR, "occurred_at": since}
    return RegisterPlace(**who, place=code, kind=kind, name=name, parent=parent)


def _copy(follower: psycopg.Connection, table: str, copies: int, most: int) -> None:
    """Every row again for each copy: of done issues for all, of open ones for a few."""
    columns = _columns(follower, table)
    rows = _count(follower, table)
    if not rows:
        return
    of_issues = "issue_id" in columns
    last = copies if of_issues else min(copies, max(1, most // rows))
    step = _HISTORY_IN if table == "issue_history" else 1
    chosen: LiteralString = "(k % {few} = 0 or issue_id in (select issue_id from done))" if of_issues else "true"
    query = sql.SQL(
        "insert into {table} ({names}) select {values} from {table}, generate_series(1, {last}, {step}) as k where "
    )
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    values = sql.SQL(", ").join(_value(name, kind) for name, kind in columns.items())
    parts = {"table": sql.Identifier(table), "names": names, "values": values, "last": last, "step": step}
    whole = query.format(**parts) + sql.SQL(chosen).format(few=_OPEN_IN)
    follower.execute(whole)


def _columns(follower: psycopg.Connection, table: str) -> dict[str, str]:
    found = follower.execute(
        "select column_name, udt_name from information_schema.columns where table_name = %s order by ordinal_position",
        (table,),
    )
    return dict(found.fetchall())


def _value(name: str, kind: str) -> sql.Composable:
    old, own = sql.Identifier(name), {"villages": _VILLAGES + 1, "days": _DAYS}
    if name == "number" and kind == "text":
        village = sql.SQL(_ELSEWHERE).format(old=sql.SQL("split_part({}, '-', 1)").format(old), **own)
        year = sql.SQL("split_part({}, '-', 2)").format(old)
        return sql.SQL(" || '-' || ").join((village, year, sql.SQL(_SERIAL).format(old)))
    changed: dict[str, LiteralString] = {
        "village": _ELSEWHERE,
        "villages": _ALL_ELSEWHERE,
        "position": "{old} + k * 1000::bigint",
        "uuid": "md5({old}::text || k)::uuid",
        "timestamptz": "{old} - (k % {days}) * interval '1 day'",
    }
    way = changed.get(name) or changed.get(kind)
    return sql.SQL(way).format(old=old, **own) if way else old


def _count(follower: psycopg.Connection, table: str) -> int:
    row = follower.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0
