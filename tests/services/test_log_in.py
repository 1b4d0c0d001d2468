"""Log-in on a real database: one answer and one work for every refusal, lock-out that grows, how an account stands."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, ClassVar

import psycopg
import pytest

from services.identity.account_list import account_table, all_accounts
from services.identity.accounts import create_account, set_active
from services.identity.authenticator import NotAuthenticated
from services.identity.log_in import LogInRefused, LogIns, Tries, unlock
from services.identity.passwords import set_password
from services.identity.sessions import CameBy
from tests.support.logging_in import (
    NOON,
    PASSWORD,
    CountingHasher,
    an_authenticator,
    connection,
    hasher,
    log_ins,
    wrong,
)
from tests.support.postgres import Database

__all__ = ["connection", "hasher", "log_ins"]

# -- the rule of the lock -------------------------------------------------------------------------------------------


def test_given_wrong_passwords_in_a_row_then_the_lock_begins_at_the_fifth_and_doubles_up_to_an_hour() -> None:
    tries, now, locks = Tries(0, NOON, None), NOON, []
    for _ in range(16):
        tries = tries.after_another(now)
        locks.append((tries.locked_until - now).total_seconds() if tries.locked_until else 0)
        now = tries.locked_until or now
    assert locks == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3600]


def test_given_a_lock_then_tries_meanwhile_do_not_prolong_it_and_a_day_later_all_is_forgotten() -> None:
    locked = Tries(5, NOON, NOON + timedelta(seconds=30))
    assert locked.are_locked(NOON + timedelta(seconds=29))
    assert not locked.are_locked(NOON + timedelta(seconds=30))
    assert locked.after_another(NOON + timedelta(seconds=29)) == locked
    later = NOON + timedelta(days=1, seconds=1)
    assert locked.after_another(later) == Tries(1, later, None)


# -- log-in ---------------------------------------------------------------------------------------------------------


def test_given_the_password_then_a_session_is_opened_of_which_only_a_hash_is_stored(
    connection: psycopg.Connection, log_ins: LogIns, database: Database
) -> None:
    secret = log_ins.log_in("handler", PASSWORD)
    visitor = an_authenticator(database).visitor(secret)
    assert (visitor.login.name, visitor.come_by, visitor.must_change) == ("handler", CameBy.PASSWORD, False)
    assert log_ins.log_in("handler", PASSWORD) != secret
    assert secret[3:] not in str(connection.execute("select * from session").fetchall())


class WatchedConnection(psycopg.Connection[Any]):
    """Notes what is asked of it, and how many rows each statement met."""

    asked: ClassVar[list[tuple[str, int]]] = []

    def execute(self, query: Any, *parameters: Any, **options: Any) -> psycopg.Cursor[Any]:
        cursor = super().execute(query, *parameters, **options)
        met = cursor.rowcount if query.lstrip().startswith(("insert", "update")) else 0
        self.asked.append((query, met))
        return cursor


def test_given_any_reason_then_the_refusal_and_the_work_are_the_same(
    connection: psycopg.Connection, log_ins: LogIns, hasher: CountingHasher, database: Database
) -> None:
    for name in ("closed", "without", "locked"):
        create_account(connection, name, display_zh="督查", display_en="auditor")
    for name in ("closed", "locked"):
        set_password(connection, name, PASSWORD, hasher, must_change=False)
    set_active(connection, "closed", False)
    wrong(log_ins, "locked", 5)
    watched = LogIns(lambda: WatchedConnection.connect(database.app_dsn, autocommit=True), hasher)
    work = []
    for name in ("handler", "nobody", "closed", "without", "locked"):
        hasher.compared.clear()
        WatchedConnection.asked.clear()
        with pytest.raises(LogInRefused):
            watched.log_in(name, PASSWORD if name != "handler" else "wrong")
        work.append((len(hasher.compared), tuple(WatchedConnection.asked)))
    assert len(set(work)) == 1, work
    compared, asked = work[0]
    assert compared == 1
    assert [met for _, met in asked] == [0, 1, 1]  # looked up, held, counted


def test_given_a_lock_then_the_right_password_is_refused_until_it_ends_or_is_lifted(
    connection: psycopg.Connection, log_ins: LogIns, hasher: CountingHasher
) -> None:
    wrong(log_ins, times=4)
    log_ins.log_in("handler", PASSWORD)  # which forgets the four
    wrong(log_ins, times=5)
    hasher.compared.clear()
    with pytest.raises(LogInRefused):
        log_ins.log_in("handler", PASSWORD)
    assert hasher.compared == [False]  # not even looked at
    connection.execute("update log_in_failure set locked_until = clock_timestamp() where account = 'handler'")
    log_ins.log_in("handler", PASSWORD)
    wrong(log_ins, times=5)
    unlock(connection, "handler")
    log_ins.log_in("handler", PASSWORD)


def test_given_many_tries_at_once_then_no_more_than_five_are_looked_at(
    connection: psycopg.Connection, log_ins: LogIns, hasher: CountingHasher
) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: wrong(log_ins), range(24)))
    assert hasher.compared.count(True) == 5
    assert connection.execute("select failures from log_in_failure where account = 'handler'").fetchone() == (5,)


def test_given_a_session_brought_along_then_it_ends_at_log_in(
    connection: psycopg.Connection, log_ins: LogIns, database: Database
) -> None:
    before = log_ins.log_in("handler", PASSWORD)
    elsewhere = log_ins.log_in("handler", PASSWORD)
    log_ins.log_in("handler", PASSWORD, instead_of=before)
    with pytest.raises(NotAuthenticated):
        an_authenticator(database).visitor(before)
    assert an_authenticator(database).visitor(elsewhere)


# -- shown ----------------------------------------------------------------------------------------------------------


def test_given_the_list_then_it_says_how_each_account_stands(connection: psycopg.Connection, log_ins: LogIns) -> None:
    log_ins.log_in("handler", PASSWORD)
    wrong(log_ins, times=5)
    create_account(connection, "new", display_zh="督查", display_en="auditor")
    handler, new = account_table(all_accounts(connection))
    assert "logged in: 1" in handler
    assert "wrong passwords: 5" in handler
    assert "locked until" in handler
    assert "no password" in new
    assert "argon2" not in handler + new
