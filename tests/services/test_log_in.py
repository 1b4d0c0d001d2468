"""Log-in on a real database: one answer and one work for every refusal, lock-out that grows, sessions that end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar

import psycopg
import pytest

from services.bootstrap import open_directory
from services.health.diagnosis import examine_ways_in
from services.identity.account_list import account_table, all_accounts
from services.identity.accounts import UnknownAccount, create_account, set_active
from services.identity.authenticator import Authenticator, NotAuthenticated
from services.identity.log_in import LogInRefused, LogIns, Tries, unlock
from services.identity.password_rules import PasswordTooShort, PasswordUnchanged
from services.identity.passwords import Cost, Hasher, set_password
from services.identity.sessions import CameBy, open_session
from services.identity.tokens import create_token
from services.settings import Settings
from tests.support.postgres import Database
from tests.support.seconds import Seconds

PASSWORD = "lantern-river-plough-39"
ANOTHER = "seven quiet herons by the dyke"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class CountingHasher(Hasher):
    """Notes what it was asked to compare."""

    def __init__(self) -> None:
        super().__init__(Cost(passes=1, kibibytes=64))
        self.compared: list[bool] = []

    def fits(self, stored: str | None, password: str) -> bool:
        self.compared.append(stored is not None)
        return super().fits(stored, password)


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def connection(database: Database, hasher: CountingHasher) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.app_dsn, autocommit=True) as opened:
        create_account(opened, "handler", display_zh="驻点干部", display_en="case handler")
        set_password(opened, "handler", PASSWORD, hasher, must_change=False)
        yield opened


@pytest.fixture
def log_ins(database: Database, hasher: CountingHasher) -> LogIns:
    return LogIns(lambda: psycopg.connect(database.app_dsn, autocommit=True), hasher)


def an_authenticator(database: Database, *, demonstration: bool = False) -> Authenticator:
    connect = partial(psycopg.connect, database.app_dsn, autocommit=True)
    directory = open_directory(database.app_dsn)
    nothing_is_remembered = Seconds(step=10)
    return Authenticator(connect, directory, demonstration=demonstration, clock=nothing_is_remembered)


def wrong(log_ins: LogIns, name: str = "handler", times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(LogInRefused):
            log_ins.log_in(name, "not the password")


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


# -- sessions end ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "aged",
    [
        "last_used_at = last_used_at - interval '61 minutes', created_at = created_at - interval '61 minutes'",
        "created_at = created_at - interval '13 hours', expires_at = expires_at - interval '12 hours 1 second'",
    ],
    ids=["idle for an hour", "twelve hours old"],
)
def test_given_an_idle_or_an_old_session_then_nobody_is_let_in(
    connection: psycopg.Connection, log_ins: LogIns, database: Database, aged: str
) -> None:
    secret = log_ins.log_in("handler", PASSWORD)
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute(f"update session set {aged}".encode())
    with pytest.raises(NotAuthenticated):
        an_authenticator(database).visitor(secret)
    assert connection.execute("select count(*) from session where last_used_at > now() - interval '1 minute'"
                              " and expires_at > now()").fetchone() == (0,)  # fmt: skip


def test_given_a_used_session_then_its_idle_time_begins_anew(
    connection: psycopg.Connection, log_ins: LogIns, database: Database
) -> None:
    secret = log_ins.log_in("handler", PASSWORD)
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute("update session set last_used_at = last_used_at - interval '59 minutes'")
    an_authenticator(database).visitor(secret)
    assert connection.execute("select last_used_at > now() - interval '1 minute' from session").fetchone() == (True,)


def test_given_a_closed_account_then_its_sessions_count_no_more_and_none_is_opened(
    connection: psycopg.Connection, log_ins: LogIns, database: Database
) -> None:
    secret = log_ins.log_in("handler", PASSWORD)
    set_active(connection, "handler", False)
    with pytest.raises(NotAuthenticated):
        an_authenticator(database).visitor(secret)
    assert open_session(connection, "handler", CameBy.OIDC) is None


def test_given_log_out_then_this_session_ends_and_everywhere_ends_all_and_tokens_if_asked(
    connection: psycopg.Connection, log_ins: LogIns, database: Database
) -> None:
    here, there = log_ins.log_in("handler", PASSWORD), log_ins.log_in("handler", PASSWORD)
    token = create_token(connection, "handler", timedelta(hours=1))
    assert [line.current for line in log_ins.sessions("handler", here)].count(True) == 1
    log_ins.log_out(here)
    assert len(log_ins.sessions("handler", there)) == 1
    log_ins.log_out_everywhere("handler", tokens=False)
    assert log_ins.sessions("handler", there) == []
    assert an_authenticator(database).visitor(token).come_by is CameBy.TOKEN
    log_ins.log_out_everywhere("handler", tokens=True)
    for secret in (here, there, token):
        with pytest.raises(NotAuthenticated):
            an_authenticator(database).visitor(secret)


# -- change of password ---------------------------------------------------------------------------------------------


def test_given_the_old_password_then_the_new_one_counts_and_other_sessions_end(
    connection: psycopg.Connection, log_ins: LogIns, database: Database
) -> None:
    before = log_ins.log_in("handler", PASSWORD)
    after = log_ins.change_password("handler", PASSWORD, ANOTHER)
    with pytest.raises(NotAuthenticated):
        an_authenticator(database).visitor(before)
    assert an_authenticator(database).visitor(after).login.name == "handler"
    wrong(log_ins)
    log_ins.log_in("handler", ANOTHER)
    with pytest.raises(LogInRefused):
        log_ins.log_in("handler", PASSWORD)


def test_given_a_wrong_old_or_a_bad_new_password_then_nothing_changes(
    connection: psycopg.Connection, log_ins: LogIns
) -> None:
    with pytest.raises(LogInRefused):
        log_ins.change_password("handler", ANOTHER, ANOTHER)
    with pytest.raises(PasswordUnchanged):
        log_ins.change_password("handler", PASSWORD, PASSWORD)
    with pytest.raises(PasswordTooShort):
        log_ins.change_password("handler", PASSWORD, "short")
    log_ins.log_in("handler", PASSWORD)


def test_given_a_password_set_by_somebody_else_then_it_must_be_changed_first(
    connection: psycopg.Connection, log_ins: LogIns, hasher: CountingHasher, database: Database
) -> None:
    set_password(connection, "handler", PASSWORD, hasher, must_change=True)
    assert an_authenticator(database).visitor(log_ins.log_in("handler", PASSWORD)).must_change
    by_token = create_token(connection, "handler", timedelta(hours=1))
    assert not an_authenticator(database).visitor(by_token).must_change
    assert not an_authenticator(database).visitor(log_ins.change_password("handler", PASSWORD, ANOTHER)).must_change


def test_given_a_demonstration_password_then_outside_the_demonstration_nothing_works_before_it_is_changed(
    connection: psycopg.Connection, log_ins: LogIns, hasher: CountingHasher, database: Database
) -> None:
    set_password(connection, "handler", PASSWORD, hasher, must_change=False, demonstration=True)
    ways_in = [log_ins.log_in("handler", PASSWORD), create_token(connection, "handler", timedelta(hours=1))]
    for secret in ways_in:
        assert not an_authenticator(database, demonstration=True).visitor(secret).must_change
        assert an_authenticator(database).visitor(secret).must_change
    after = log_ins.change_password("handler", PASSWORD, ANOTHER)
    assert not an_authenticator(database).visitor(after).must_change
    assert not an_authenticator(database).visitor(ways_in[1]).must_change


def test_given_a_hash_of_another_cost_then_it_is_made_anew_at_log_in(
    connection: psycopg.Connection, log_ins: LogIns
) -> None:
    set_password(connection, "handler", PASSWORD, Hasher(Cost(passes=2, kibibytes=32)), must_change=False)
    stored = "select hash like '%m=64,t=1,%' from password"
    wrong(log_ins)
    assert connection.execute(stored).fetchone() == (False,)
    for _ in range(2):
        log_ins.log_in("handler", PASSWORD)
        assert connection.execute(stored).fetchone() == (True,)


def test_given_a_demonstration_at_a_public_address_then_the_doctor_says_so(
    connection: psycopg.Connection, hasher: CountingHasher
) -> None:
    public = Settings(public_url="https://huiyin.example", demonstration=True)
    assert examine_ways_in(public, connection) == []
    set_password(connection, "handler", PASSWORD, hasher, must_change=False, demonstration=True)
    assert [finding.code for finding in examine_ways_in(public, connection)] == ["demonstration-in-public"]
    for harmless in ({"public_url": None}, {"demonstration": False}):
        assert examine_ways_in(public.model_copy(update=harmless), connection) == []
    set_active(connection, "handler", False)
    assert examine_ways_in(public, connection) == []


# -- stored and shown -----------------------------------------------------------------------------------------------


def test_given_nobody_of_that_name_then_no_password_is_stored(
    connection: psycopg.Connection, hasher: CountingHasher
) -> None:
    with pytest.raises(UnknownAccount):
        set_password(connection, "nobody", PASSWORD, hasher, must_change=True)


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


def test_given_the_application_then_it_cannot_move_a_session_to_another_account(
    connection: psycopg.Connection, log_ins: LogIns
) -> None:
    log_ins.log_in("handler", PASSWORD)
    for change in ("account = 'admin'", "expires_at = 'infinity'"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"update session set {change}".encode())
