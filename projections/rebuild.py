"""Makes read models anew from the log: to put them in the live ones' place, or to compare them row by row.

`huiyin rebuild [--compare]` calls it as the owner of the tables. Live followers go on meanwhile; they are held up only
while the last few events are caught up with.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, LiteralString

import psycopg
from psycopg import sql

from domain.errors import HuiyinError
from projections.follower import own_position
from projections.log_reader import head
from projections.projection import Projection
from projections.registry import chosen
from projections.row_security import protect, see_everything
from projections.side_tables import (
    SIDE,
    catch_up,
    complete_side_tables,
    fill_side_tables,
    make_side_tables,
    side_connection,
)

_ONE_AT_A_TIME: Final = 7_214_004
"""Advisory lock key: two rebuilds would drop each other's tables."""
_FIRST_KEYS: Final = 10


class RebuildRunning(HuiyinError):
    """Another rebuild or comparison is under way in this database."""

    code = "rebuild-running"
    zh = "另一个重建或核对正在进行。请等它结束后再做。"
    en = "Another rebuild or comparison is running. Wait for its end, then try again."


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A read model that was made anew, up to which position, with how many rows."""

    name: str
    position: int
    rows: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A table whose live rows are not what the log says; a changed row counts on both sides.

    `keys`: primary keys of the first ten, as text.
    """

    table: str
    only_live: int
    only_rebuilt: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A read model as it stood at `position`, against the same made from the log; equal if there is no difference."""

    name: str
    position: int
    rows: int
    differences: tuple[Difference, ...]


def rebuild(owner_dsn: str, names: Collection[str]) -> list[Rebuilt]:
    """Makes these read models anew and puts them in place, all at one moment; readers never see half of it.

    Raises CannotRebuild (nothing changed), RebuildRunning, UnknownProjection, psycopg.Error.
    """
    projections = chosen(names)
    with _alone(owner_dsn) as connection:
        make_side_tables(connection, projections)
        filled = dict.fromkeys(names, head(connection))
        fill_side_tables(owner_dsn, filled)
        complete_side_tables(owner_dsn, projections)
        return _put_in_place(owner_dsn, projections, filled)


def compare(owner_dsn: str, names: Collection[str]) -> list[Comparison]:
    """Makes these read models anew beside the live ones, up to the same position, and compares every row.

    Raises as `rebuild` does.
    """
    projections = chosen(names)
    with _alone(owner_dsn) as connection:
        make_side_tables(connection, projections)
        filled = {name: own_position(connection, name) for name in names}
        fill_side_tables(owner_dsn, filled)
        complete_side_tables(owner_dsn, projections)
        with side_connection(owner_dsn) as beside:
            beside.execute("set transaction isolation level repeatable read")
            see_everything(beside)
            compared = [_compared(beside, projection, filled[projection.name]) for projection in projections]
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(SIDE)))
        return compared


@contextmanager
def _alone(owner_dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(owner_dsn, autocommit=True, application_name="huiyin rebuild") as connection:
        if connection.execute("select pg_try_advisory_lock(%s)", (_ONE_AT_A_TIME,)).fetchone() != (True,):
            raise RebuildRunning
        yield connection


def _tables(projections: Sequence[Projection]) -> list[str]:
    return [table for projection in projections for table in projection.tables]


# -- in the live tables' place --------------------------------------------------------------------------------------


def _put_in_place(owner_dsn: str, projections: Sequence[Projection], filled: Mapping[str, int]) -> list[Rebuilt]:
    """One transaction: followers wait at their position's row, the new tables catch up with them, then they change."""
    with side_connection(owner_dsn) as connection:
        connection.execute("set local lock_timeout = '15s'")
        rebuilt = []
        for projection in projections:
            position = max(_held_position(connection, projection.name), filled[projection.name])
            catch_up(connection, projection, filled[projection.name], position)
            connection.execute(
                "update follower_position set position = %s where name = %s", (position, projection.name)
            )
            rows = sum(_count(connection, sql.Identifier(SIDE, table)) for table in projection.tables)
            rebuilt.append(Rebuilt(projection.name, position, rows))
        for table in _tables(projections):
            _exchange(connection, table)
        connection.execute("set local search_path = public")
        for table in _tables(projections):
            protect(connection, table)
        connection.execute(sql.SQL("drop schema {}").format(sql.Identifier(SIDE)))
    return rebuilt


def _held_position(connection: psycopg.Connection, name: str) -> int:
    """The live position; its row is ours until the transaction ends, so that the follower writes nothing meanwhile."""
    position = own_position(connection, name)
    connection.execute("select from follower_position where name = %s for update", (name,))
    row = connection.execute("select position from follower_position where name = %s", (name,)).fetchone()
    return int(row[0]) if row else position


def _exchange(connection: psycopg.Connection, table: str) -> None:
    new, live = sql.Identifier(SIDE, table), sql.Identifier("public", table)
    connection.execute(sql.SQL("drop table if exists {}").format(live))
    connection.execute(sql.SQL("alter table {} set schema public").format(new))


def _count(connection: psycopg.Connection, table: sql.Identifier) -> int:
    row = connection.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
    return int(row[0]) if row else 0


# -- row by row -----------------------------------------------------------------------------------------------------

_KEY: Final[LiteralString] = """
select attname from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
where indrelid = to_regclass(%s) and indisprimary order by array_position(indkey::int2[], attnum)
"""
_DIFFERENCE: Final[LiteralString] = """
with only_live as (select * from {live} except all select * from {new}),
only_rebuilt as (select * from {new} except all select * from {live}),
differing as (select concat_ws('/', {key}) as key from only_live union select concat_ws('/', {key}) from only_rebuilt)
select (select count(*) from only_live), (select count(*) from only_rebuilt),
  array(select key from differing order by key limit %s)
"""


def _compared(connection: psycopg.Connection, projection: Projection, filled: int) -> Comparison:
    """In a transaction with one snapshot: live rows, live position and the log are of the same moment."""
    row = connection.execute("select position from follower_position where name = %s", (projection.name,)).fetchone()
    position = int(row[0]) if row else -1
    catch_up(connection, projection, filled, position)
    rows = sum(_count(connection, sql.Identifier(SIDE, table)) for table in projection.tables)
    found = (_difference(connection, table) for table in projection.tables)
    differences = tuple(each for each in found if each.only_live or each.only_rebuilt)
    return Comparison(projection.name, position, rows, differences)


def _difference(connection: psycopg.Connection, table: str) -> Difference:
    key = [sql.Identifier(name) for (name,) in connection.execute(_KEY, (f"{SIDE}.{table}",)).fetchall()]
    query = sql.SQL(_DIFFERENCE).format(
        live=sql.Identifier("public", table), new=sql.Identifier(SIDE, table), key=sql.SQL(", ").join(key)
    )
    row = connection.execute(query, (_FIRST_KEYS,)).fetchone()
    only_live, only_rebuilt, keys = row if row else (0, 0, [])
    return Difference(table, only_live, only_rebuilt, tuple(keys))
