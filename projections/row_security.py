"""Who may see which row of a read model? The follower writes all, everybody else sees what their scope covers.

`huiyin migrate` protects every table of every read model, a rebuild those that it puts in their place. The policy
follows from the columns a table has, so that a new read model is protected by itself.
"""

import hashlib
from typing import Final, LiteralString

import psycopg
from psycopg import sql

READER: Final = "huiyin_app"
WRITER: Final = "huiyin_follower"

VILLAGES: Final = "huiyin.villages"
DEPARTMENTS: Final = "huiyin.departments"
BARRED: Final = "huiyin.barred"
"""The settings of a transaction that make its scope; services/persistence/scope.py sets them.

Villages and departments: `*` for all, else codes with commas between. Barred: officials, each with a comma before it.
Whatever was not set, or was reset when its transaction ended, is null or empty, and shows no row.
"""
EVERYTHING: Final = {VILLAGES: "*", DEPARTMENTS: "*", BARRED: ","}

# Each setting is read once in a query, not once a row: that is what the inner `select` is for.
_SET: Final[LiteralString] = "(select current_setting({setting}, true))"
_LIST: Final[LiteralString] = (
    "{column} = any((select string_to_array(nullif(current_setting({setting}, true), ''), ','))::text[])"
)
_NOT_BARRED: Final[LiteralString] = (
    "({column} is null or {column} <> all("
    "(select string_to_array(nullif(current_setting({setting}, true), ''), ','))::text[]))"
)
_COLUMNS: Final[LiteralString] = """
select attname from pg_attribute
where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped
"""
_AS_IT_SHOULD: Final[LiteralString] = """
select relrowsecurity and relforcerowsecurity and (
  select count(*) from pg_policy where polrelid = pg_class.oid
    and obj_description(pg_policy.oid, 'pg_policy') = %s and polname in ('scope', 'writer')
) = 2
from pg_class where oid = to_regclass(%s)
"""
# FORCE: also for the owner, who makes and drops tables but sees rows only when it says so.
_POLICIES: Final[tuple[LiteralString, ...]] = (
    "alter table {table} enable row level security",
    "alter table {table} force row level security",
    "drop policy if exists scope on {table}",
    "drop policy if exists writer on {table}",
    "create policy scope on {table} for select using ({rows})",
    "create policy writer on {table} to {writer} using (true) with check (true)",
    "comment on policy scope on {table} is {digest}",
    "comment on policy writer on {table} is {digest}",
)
_GRANTS: Final[tuple[LiteralString, ...]] = (
    "revoke all on {table} from public, {reader}, {writer}",
    "grant select on {table} to {reader}",
    "grant select, insert, update, delete on {table} to {writer}",
)


def protect(connection: psycopg.Connection, table: str) -> None:
    """Grants and policies of a table in our schema; as its owner, again and again, in the caller's transaction.

    The table is locked only where something has to change.
    """
    columns = {name for (name,) in connection.execute(_COLUMNS, (table,)).fetchall()}
    rows = scope_condition(columns)
    digest = hashlib.sha256(rows.as_string().encode()).hexdigest()
    parts = {"table": sql.Identifier(table), "reader": sql.Identifier(READER), "writer": sql.Identifier(WRITER)}
    as_it_should = connection.execute(_AS_IT_SHOULD, (digest, table)).fetchone() == (True,)
    for statement in (*(() if as_it_should else _POLICIES), *_GRANTS):
        connection.execute(sql.SQL(statement).format(**parts, rows=rows, digest=sql.Literal(digest)))


def scope_condition(columns: set[str]) -> sql.Composed:
    """Which rows of a table with these columns a scope covers. Without a village: none but to the whole scope."""
    village = _setting(_SET + " = '*'", VILLAGES)
    parts = [_either(village, _of("village", _LIST, VILLAGES)) if "village" in columns else village]
    if "department" in columns:
        department = _setting(_SET + " = '*'", DEPARTMENTS)
        parts.append(_either(department, _of("department", _LIST, DEPARTMENTS)))
    if "concerns" in columns:
        parts.append(_of("concerns", _NOT_BARRED, BARRED))
    return sql.SQL(" and ").join(parts)


def see_everything(connection: psycopg.Connection) -> None:
    """The whole scope for the rest of this transaction: for rebuilds and comparisons, which are nobody's looks."""
    for setting, value in EVERYTHING.items():
        connection.execute("select set_config(%s, %s, true)", (setting, value))


def _setting(template: LiteralString, setting: str) -> sql.Composed:
    return sql.SQL(template).format(setting=sql.Literal(setting))


def _of(column: str, template: LiteralString, setting: str) -> sql.Composed:
    return sql.SQL(template).format(column=sql.Identifier(column), setting=sql.Literal(setting))


def _either(one: sql.Composable, other: sql.Composable) -> sql.Composed:
    return sql.SQL("({} or {})").format(one, other)
