"""Who may touch a read model's table? The follower writes it, the application reads it, nobody else does either.

`huiyin migrate` calls it for every table of every read model, a rebuild for the tables that it puts in their place.
"""

from typing import Final

import psycopg
from psycopg import sql

READER: Final = "huiyin_app"
WRITER: Final = "huiyin_follower"


def protect(connection: psycopg.Connection, table: str) -> None:
    """Grants on a table in our schema; as its owner, as often as one likes, in the caller's transaction."""
    for statement in (
        "revoke all on {table} from public, {reader}, {writer}",
        "grant select on {table} to {reader}",
        "grant select, insert, update, delete on {table} to {writer}",
    ):
        names = {"table": table, "reader": READER, "writer": WRITER}
        connection.execute(sql.SQL(statement).format(**{name: sql.Identifier(it) for name, it in names.items()}))
