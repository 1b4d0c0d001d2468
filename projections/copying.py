"""Writes rows in bulk: COPY in PostgreSQL's binary format, a third of the cost of the text format for our rows.

Used by every read model, for one row as for a million. The columns are told with their exact types. PostgreSQL refuses
COPY into a table with row-level security: there the rows go by way of a temporary table of the session.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, LiteralString, get_args, get_type_hints
from uuid import UUID

import psycopg
from psycopg import adapters, sql
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.rows import tuple_row

Columns = Mapping[str, str]
"""Column -> PostgreSQL type, in the order of the values. `jsonb` values are given as JSON, in bytes."""

_TYPES: Final[Mapping[type[Any], str]] = {
    UUID: "uuid", str: "text", int: "int8", bool: "bool", datetime: "timestamptz", date: "date", Decimal: "numeric",
}  # fmt: skip


class _JsonAsGiven(Dumper):
    """JSON that is bytes already: psycopg's own dumper asks a serializer first, which costs as much as the rest."""

    format, oid = Format.BINARY, adapters.types["jsonb"].oid

    def dump(self, obj: bytes) -> bytes:
        return b"\x01" + obj


_WAITING: Final[LiteralString] = "create temporary table {waiting} (like {table}) on commit delete rows"
# Emptied at once too: a transaction may write twice.
_MOVE: Final[LiteralString] = (
    "with moved as (delete from {waiting} returning {names}) insert into {table} ({names}) select {names} from moved"
)


def columns_of(row: type[Any]) -> dict[str, str]:
    """The columns of a dataclass whose fields are UUID, str, int (bigint), bool, datetime, date or Decimal, or None."""
    hints = get_type_hints(row)
    return {field.name: _type_of(hints[field.name]) for field in fields(row)}


def _type_of(annotation: Any) -> str:
    present = [kind for kind in get_args(annotation) or (annotation,) if kind is not type(None)]
    return _TYPES[present[0]]


def copy_rows(connection: psycopg.Connection, table: str, columns: Columns, rows: Iterable[tuple[Any, ...]]) -> None:
    """Adds the rows, in the caller's transaction or in one of its own."""
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        if cursor.execute("select row_security_active(%s)", (table,)).fetchone() == (False,):
            _copy(cursor, table, columns, rows)
            return
        waiting, names = f"incoming_{table}", sql.SQL(", ").join(map(sql.Identifier, columns))
        parts = {"waiting": sql.Identifier("pg_temp", waiting), "table": sql.Identifier(table), "names": names}
        if cursor.execute("select to_regclass(%s) is null", (f"pg_temp.{waiting}",)).fetchone() == (True,):
            cursor.execute(sql.SQL(_WAITING).format(**parts))
        _copy(cursor, waiting, columns, rows)
        cursor.execute(sql.SQL(_MOVE).format(**parts))


def _copy(cursor: psycopg.Cursor[Any], table: str, columns: Columns, rows: Iterable[tuple[Any, ...]]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.SQL("copy {} ({}) from stdin with (format binary)").format(sql.Identifier(table), names)
    cursor.adapters.register_dumper(bytes, _JsonAsGiven)
    with cursor.copy(into) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
