"""Which tables do the read models have? Made and protected, and made anew where a version gives them another shape.

Called by migrate.py. A read model holds nothing that the log does not hold: its follower fills new tables by itself.
"""

import hashlib
from typing import Final

import psycopg
from psycopg import sql

from projections.projection import ReadModel
from projections.row_security import protect

_SHAPES: Final = "create table if not exists read_model_shape (name text primary key, sha256 text not null)"


def bring(connection: psycopg.Connection, read_model: ReadModel) -> bool:
    """Whether tables of another shape were dropped, to be filled anew from the log. In the caller's transaction.

    Raises psycopg.Error. A table of before shapes were written down counts as one of another shape.
    """
    shape = hashlib.sha256(read_model.ddl.encode()).hexdigest()
    connection.execute(_SHAPES)
    dropped = _exists(connection, *read_model.tables) and _known(connection, read_model.name) != shape
    if dropped:
        for table in read_model.tables:
            connection.execute(sql.SQL("drop table if exists {}").format(sql.Identifier(table)))
        if _exists(connection, "follower_position"):
            connection.execute("delete from follower_position where name = %s", (read_model.name,))
    connection.execute(read_model.ddl.encode())
    for table in read_model.tables:
        protect(connection, table)
    connection.execute(
        "insert into read_model_shape (name, sha256) values (%s, %s)"
        " on conflict (name) do update set sha256 = excluded.sha256",
        (read_model.name, shape),
    )
    return dropped


def _exists(connection: psycopg.Connection, *tables: str) -> bool:
    """Whether any of them is there."""
    row = connection.execute("select count(to_regclass(it)) from unnest(%s::text[]) as it", (list(tables),)).fetchone()
    return row is not None and row[0] > 0


def _known(connection: psycopg.Connection, name: str) -> str | None:
    row = connection.execute("select sha256 from read_model_shape where name = %s", (name,)).fetchone()
    return row[0] if row else None
