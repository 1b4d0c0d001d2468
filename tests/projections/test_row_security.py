"""Row-level security of the read models: what a scope covers is seen, and nothing else; also after a rebuild."""

from collections.abc import Iterator

import psycopg
import pytest

from projections.rebuild import compare, rebuild
from projections.registry import NAMES, PROJECTIONS
from projections.row_security import OPEN, protect, see_everything
from services.persistence.scope import Scope, ScopedConnection, scoped
from tests.projections.ledger import OF_OTHER_STREAMS, Log
from tests.projections.lives import LIVES
from tests.support.casework import case
from tests.support.postgres import Database

EMPTY = {table for model in OF_OTHER_STREAMS for table in model.tables}
"""The lives here have no such events."""
"""No household is registered in LIVES."""
TABLES = sorted(table for projection in PROJECTIONS for table in projection.tables)
SHELF = "create table shelf (id text primary key, village text, department text, concerns text)"
ROWS = [
    ("qs", "QS", None, None),
    ("qs-water", "QS", "water", None),
    ("lx", "LX", None, None),
    ("lx-roads", "LX", "roads", None),
    ("about-wang", "QS", None, "wang"),
    ("about-li", "LX", "water", "li"),
]
EVERY = {row[0] for row in ROWS}


@pytest.fixture
def shelf(database: Database) -> Iterator[ScopedConnection]:
    """The application's connection to a database with one more table, protected as read models are."""
    with psycopg.connect(database.owner_dsn) as owner:
        owner.execute(SHELF)
        protect(owner, "shelf")
    with psycopg.connect(database.follower_dsn) as follower:
        follower.cursor().executemany("insert into shelf values (%s, %s, %s, %s)", ROWS)
    with ScopedConnection.connect(database.app_dsn, autocommit=True) as app:
        yield app


def seen(connection: psycopg.Connection) -> set[str]:
    return {row[0] for row in connection.execute("select id from shelf").fetchall()}


def codes(*given: str) -> frozenset[str]:
    return frozenset(given)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), set()),
        (Scope.whole(), EVERY),
        (Scope(codes("QS"), None), {"qs", "qs-water", "about-wang"}),
        (Scope(codes("QS", "LX"), None), EVERY),
        (Scope(codes("XX"), None), set()),
        (Scope(None, codes("water")), {"qs-water", "about-li"}),
        (Scope(None, codes()), set()),
        (Scope(codes("LX"), codes("water")), {"about-li"}),
        (Scope(None, None, codes("wang")), EVERY - {"about-wang"}),
        (Scope(None, None, codes("wang", "li")), EVERY - {"about-wang", "about-li"}),
        (Scope(codes("LX"), codes("water", "roads"), codes("li")), {"lx-roads"}),
    ],
)
def test_given_a_scope_then_its_rows_are_seen_and_no_others(
    shelf: ScopedConnection, scope: Scope, expected: set[str]
) -> None:
    with scoped(shelf, scope):
        assert seen(shelf) == expected
    with shelf.within(scope):
        assert seen(shelf) == expected


def test_given_no_scope_then_nothing_is_seen_before_nor_after(shelf: psycopg.Connection) -> None:
    assert seen(shelf) == set()
    with scoped(shelf, Scope.whole()):
        assert seen(shelf) == EVERY
    assert seen(shelf) == set()


@pytest.mark.parametrize("missing", ["huiyin.villages", "huiyin.departments"])
def test_given_half_a_scope_then_nothing_is_seen(shelf: psycopg.Connection, missing: str) -> None:
    with shelf.transaction():
        see_everything(shelf)
        shelf.execute("select set_config(%s, '', true)", (missing,))
        assert seen(shelf) == set()


def test_given_nobody_said_who_is_barred_then_no_complaint_is_seen(shelf: psycopg.Connection) -> None:
    with shelf.transaction():
        see_everything(shelf)
        shelf.execute("select set_config('huiyin.barred', '', true)")
        assert seen(shelf) == EVERY - {"about-wang", "about-li"}


def test_given_the_owner_then_nothing_is_seen_unless_it_says_so(shelf: psycopg.Connection, database: Database) -> None:
    with psycopg.connect(database.owner_dsn) as owner:
        assert seen(owner) == set()
        see_everything(owner)
        assert seen(owner) == EVERY


def test_given_a_table_without_villages_then_only_the_whole_scope_sees_it(database: Database) -> None:
    with psycopg.connect(database.owner_dsn) as owner:
        owner.execute("create table shelf (id text primary key)")
        protect(owner, "shelf")
    with psycopg.connect(database.follower_dsn) as follower:
        follower.execute("insert into shelf values ('a')")
    with psycopg.connect(database.app_dsn, autocommit=True) as app:
        with scoped(app, Scope(frozenset({"QS"}), None)):
            assert seen(app) == set()
        with scoped(app, Scope.whole()):
            assert seen(app) == {"a"}


def test_given_a_column_that_came_later_then_protecting_again_takes_it_in(
    shelf: psycopg.Connection, database: Database
) -> None:
    with psycopg.connect(database.owner_dsn) as owner:
        owner.execute("alter table shelf drop column concerns cascade")
        protect(owner, "shelf")
        without = policies(owner)
        owner.execute("alter table shelf add column concerns text")
        protect(owner, "shelf")
        assert policies(owner)["shelf"] != without["shelf"]
    with scoped(shelf, Scope.whole()):
        assert seen(shelf) == EVERY


def test_given_a_protected_table_then_protecting_it_again_waits_for_no_reader(
    shelf: psycopg.Connection, database: Database
) -> None:
    with scoped(shelf, Scope.whole()), psycopg.connect(database.owner_dsn, options="-c lock_timeout=2s") as owner:
        seen(shelf)
        protect(owner, "shelf")


@pytest.mark.parametrize("statement", ["insert into shelf values ('x', 'QS')", "update shelf set village = 'LX'"])
def test_given_the_whole_scope_then_the_application_still_writes_nothing(
    shelf: psycopg.Connection, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), scoped(shelf, Scope.whole()):
        shelf.execute(statement.encode())


# -- the read models ------------------------------------------------------------------------------------------------


def policies(connection: psycopg.Connection) -> dict[str, list[tuple[object, ...]]]:
    """By table: forced or not, policies, rights."""
    rows = connection.execute(
        "select relname, relforcerowsecurity, polname, pg_get_expr(polqual, pg_class.oid), relacl::text"
        " from pg_class left join pg_policy on polrelid = pg_class.oid"
        " where relnamespace = 'public'::regnamespace and relrowsecurity order by 1, 3"
    ).fetchall()
    return {table: [row[1:] for row in rows if row[0] == table] for (table, *_) in rows}


def test_given_a_migrated_database_then_every_read_model_is_protected_by_its_village(log: Log) -> None:
    found = policies(log.follower)
    assert sorted(found) == TABLES
    for table in ("issue_ledger", "issue_history", "dashboard"):
        conditions = [str(row[2]) for row in found[table]]
        assert all(row[0] is True for row in found[table])
        assert [("village" in it, "department" in it) for it in conditions] == [(True, True), (False, False)]


def test_given_a_rebuild_then_the_new_tables_are_protected_as_the_old_ones_were(log: Log) -> None:
    log.settle()
    log.append(*LIVES[:6], case("settled", key="done"))
    log.fill()
    before = policies(log.follower)
    rebuild(log.database.owner_dsn, NAMES)
    assert policies(log.follower) == before
    with psycopg.connect(log.database.app_dsn, autocommit=True) as app:
        for table in TABLES:
            unscoped = app.execute(f"select count(*) > 0 from {table}".encode()).fetchone()
            assert unscoped == (table in OPEN,)
            with scoped(app, Scope.whole()):
                some = app.execute(f"select count(*) > 0 from {table}".encode()).fetchone()
                assert some == (table not in EMPTY | {"meeting_register"},)


def test_given_rows_by_way_of_a_temporary_table_then_they_are_those_of_a_rebuild(log: Log) -> None:
    log.settle()
    log.append(*LIVES)
    log.fill()
    assert [each.differences for each in compare(log.database.owner_dsn, NAMES)] == [() for _ in NAMES]
    assert {each.name for each in compare(log.database.owner_dsn, NAMES) if not each.rows} == {
        model.name for model in OF_OTHER_STREAMS
    }
