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
PEOPLE: Final = "huiyin.people"
"""The settings of a transaction that make its scope; services/persistence/scope.py sets them.

Villages, departments and people (whose inbox): `*` for all, else codes with commas between. Barred: officials, each
with a comma before it. Whatever was not set, or was reset when its transaction ended, is null or empty: no row is seen.
"""
EVERYTHING: Final = {VILLAGES: "*", DEPARTMENTS: "*", BARRED: ",", PEOPLE: "*"}

ADDRESSEES: Final[LiteralString] = (
    "unnest(string_to_array(nullif(current_setting('huiyin.people', true), ''), ',')) as scope (person)"
)
"""Whose messages the scope covers, a row each, to be joined: by the policy alone no index is used."""

OPEN: Final = frozenset({"place"})
"""Tables that every scope sees: names of places, which hang on the office's wall."""

# Each setting is read once in a query, not once a row: that is what the inner `select` is for. Of `case` PostgreSQL
# expects half of the rows; of `or`, next to a query's own condition on villages, so few that it plans badly.
_EVERYWHERE: Final[LiteralString] = "(select current_setting({setting}, true)) = '*'"
_LIST: Final[LiteralString] = "(select string_to_array(nullif(current_setting({setting}, true), ''), ','))::text[]"
_WITHIN: Final[LiteralString] = (
    "case when " + _EVERYWHERE + " then true else coalesce({column} = any(" + _LIST + "), false) end"
)
_ANY_WITHIN: Final[LiteralString] = (
    "case when " + _EVERYWHERE + " then true else coalesce({column} && " + _LIST + ", false) end"
)
_NOT_BARRED: Final[LiteralString] = "({column} is null or {column} <> all(" + _LIST + "))"
_COLUMNS: Final[LiteralString] = """
select attname from pg_attribute
where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped
"""
# A policy's comment tells of which condition it was made, and how PostgreSQL wrote that down: an altered one differs.
_FOUND: Final[LiteralString] = """
select relrowsecurity and relforcerowsecurity, polname::text, obj_description(pg_policy.oid, 'pg_policy'),
  md5(concat_ws('|', polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid),
    pg_get_expr(polwithcheck, polrelid)))
from pg_class join pg_policy on polrelid = pg_class.oid where pg_class.oid = to_regclass(%s) order by polname
"""
# FORCE: also for the owner, who makes and drops tables but sees rows only when it says so.
_POLICIES: Final[tuple[LiteralString, ...]] = (
    "alter table {table} enable row level security",
    "alter table {table} force row level security",
    "drop policy if exists scope on {table}",
    "drop policy if exists writer on {table}",
    "create policy scope on {table} for select using ({rows})",
    "create policy writer on {table} to {writer} using (true) with check (true)",
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
    rows = _rows_seen(connection, table)
    parts = {"table": sql.Identifier(table), "reader": sql.Identifier(READER), "writer": sql.Identifier(WRITER)}
    for statement in (*(() if is_protected(connection, table) else _POLICIES), *_GRANTS):
        connection.execute(sql.SQL(statement).format(**parts, rows=rows))
    for _, name, _, stored in connection.execute(_FOUND, (table,)).fetchall():
        comment = sql.SQL("comment on policy {} on {} is {}")
        told = sql.Literal(f"{_digest(rows)} {stored}")
        connection.execute(comment.format(sql.Identifier(name), sql.Identifier(table), told))


def is_protected(connection: psycopg.Connection, table: str) -> bool:
    """Whether the table is as this version's `protect` leaves it: no policy more or less, none altered since."""
    digest = _digest(_rows_seen(connection, table))
    found = connection.execute(_FOUND, (table,)).fetchall()
    sound = all(forced and told == f"{digest} {stored}" for forced, _, told, stored in found)
    return sound and [name for _, name, _, _ in found] == ["scope", "writer"]


def _rows_seen(connection: psycopg.Connection, table: str) -> sql.Composable:
    return sql.SQL("true") if table in OPEN else scope_condition(_columns(connection, table))


def _columns(connection: psycopg.Connection, table: str) -> set[str]:
    return {name for (name,) in connection.execute(_COLUMNS, (table,)).fetchall()}


def _digest(rows: sql.Composable) -> str:
    return hashlib.sha256(rows.as_string().encode()).hexdigest()


def scope_condition(columns: set[str]) -> sql.Composed:
    """Which rows of a table with these columns a scope covers: what is addressed to somebody, else a village's.

    Without either: none but to the whole scope.
    """
    if "addressee" in columns:
        parts = [_of("addressee", _WITHIN, PEOPLE)]
    elif "villages" in columns:
        parts = [_of("villages", _ANY_WITHIN, VILLAGES)]
    else:
        parts = [_of("village", _WITHIN if "village" in columns else _EVERYWHERE, VILLAGES)]
    if "department" in columns:
        parts.append(_of("department", _WITHIN, DEPARTMENTS))
    if "concerns" in columns:
        parts.append(_of("concerns", _NOT_BARRED, BARRED))
    return sql.SQL(" and ").join(parts)


def see_everything(connection: psycopg.Connection) -> None:
    """The whole scope for the rest of this transaction: for rebuilds and comparisons, which are nobody's looks."""
    for setting, value in EVERYTHING.items():
        connection.execute("select set_config(%s, %s, true)", (setting, value))


def _of(column: str, template: LiteralString, setting: str) -> sql.Composed:
    return sql.SQL(template).format(column=sql.Identifier(column), setting=sql.Literal(setting))
