"""May they come in with this name and password? Log-in, lock-out after wrong passwords, change of password.

One work and one answer whether the name is unknown, the password wrong, the account closed or locked. Called by
services/api/accounts/signing_in.py, in threads of its own: checking a password is slow by intent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg
import structlog

from domain.errors import HuiyinError
from services.identity.password_rules import PasswordUnchanged, normal_form
from services.identity.passwords import Hasher, renew_hash, set_password
from services.identity.sessions import CameBy, SessionLine, end_session, end_sessions, open_session, sessions_of
from services.identity.tokens import revoke_tokens
from services.persistence.directory import Connect

_log = structlog.get_logger("huiyin.identity")
_FREE_TRIES: Final = 5
_FIRST_LOCK: Final = timedelta(seconds=30)
_LONGEST_LOCK: Final = timedelta(hours=1)
_FORGOTTEN_AFTER: Final = timedelta(days=1)
_NOBODY: Final = ""

_FIND: Final = """
select account.name, password.hash from account join password on password.account = account.name
where account.name = %s and account.active
"""
# The update that changes nothing locks the row: of several at once, each sees the one before.
_HOLD: Final = """
insert into log_in_failure(account) values (%s) on conflict (account) do update set account = excluded.account
returning failures, last_at, locked_until, clock_timestamp()
"""


class LogInRefused(HuiyinError):
    code = "log-in-refused"
    zh = "账号或密码不对，或账号已停用、因多次输错而暂时锁定。请稍候再试；忘记密码请找管理员重设。"
    en = (
        "The account or the password is wrong, or the account is closed, or locked for a while after wrong passwords."
        " Wait before you try again; an administrator can set a new password."
    )


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong passwords in a row for one account, and until when none is looked at."""

    failures: int
    last_at: datetime
    locked_until: datetime | None

    def are_locked(self, now: datetime) -> bool:
        """Whether a password is not even looked at now."""
        return self.locked_until is not None and now < self.locked_until

    def after_another(self, now: datetime) -> "Tries":
        """With one more, unless locked: those do not count, or a stranger could lock somebody out without end."""
        if self.are_locked(now):
            return self
        failures = 1 if now - self.last_at > _FORGOTTEN_AFTER else self.failures + 1
        beyond = failures - _FREE_TRIES
        if beyond < 0:
            return Tries(failures, now, None)
        return Tries(failures, now, now + min(_FIRST_LOCK * 2 ** min(beyond, 20), _LONGEST_LOCK))


class LogIns:
    """Log-ins by password, and what a visitor does with sessions."""

    def __init__(self, connect: Connect, hasher: Hasher) -> None:
        self._connect = connect
        self._hasher = hasher

    def log_in(self, name: str, password: str, instead_of: str | None = None) -> str:
        """A new session's secret; the session `instead_of`, which the visitor brought along, ends. Raises LogInRefused.

        The failure is counted before the password is looked at, so that tries at the same moment all count.
        """
        with self._connect() as connection:
            account = self._proven(connection, name, password)
            secret = open_session(connection, account, CameBy.PASSWORD)
            if secret is None:
                raise LogInRefused
            if instead_of is not None:
                end_session(connection, instead_of)
        return secret

    def change_password(self, account: str, old: str, new: str) -> str:
        """All sessions of the account end; a new one's secret. Raises LogInRefused and what `require_good` raises."""
        with self._connect() as connection:
            self._proven(connection, account, old)
            if normal_form(old) == normal_form(new):
                raise PasswordUnchanged
            with connection.transaction():
                set_password(connection, account, new, self._hasher, must_change=False)
                end_sessions(connection, account)
                secret = open_session(connection, account, CameBy.PASSWORD)
        if secret is None:
            raise LogInRefused
        return secret

    def log_out(self, secret: str) -> None:
        """Ends this session."""
        with self._connect() as connection:
            end_session(connection, secret)

    def log_out_everywhere(self, account: str, *, tokens: bool) -> None:
        """Ends all sessions of an account, and its API tokens too if asked."""
        with self._connect() as connection, connection.transaction():
            end_sessions(connection, account)
            if tokens:
                revoke_tokens(connection, account)

    def sessions(self, account: str, current: str) -> Sequence[SessionLine]:
        """The account's sessions; `current` is the secret of the one that asks."""
        with self._connect() as connection:
            return sessions_of(connection, account, current)

    def _proven(self, connection: psycopg.Connection, name: str, password: str) -> str:
        row = connection.execute(_FIND, (name,)).fetchone()
        account, stored = row or (_NOBODY, None)
        locked = _count(connection, account)
        if not self._hasher.fits(None if locked else stored, password):
            # No name: people type their password into the wrong field. Failures by account: `huiyin account list`.
            _log.warning("log_in_refused", locked=locked)
            raise LogInRefused
        unlock(connection, account)
        renew_hash(connection, account, stored, password, self._hasher)
        return str(account)


def _count(connection: psycopg.Connection, account: str) -> bool:
    """Notes a try as failed until it succeeds; whether the account is locked."""
    with connection.transaction():
        row = connection.execute(_HOLD, (account,)).fetchone()
        if row is None:
            raise LogInRefused
        *kept, now = row
        before = Tries(*kept)
        after = before.after_another(now)
        connection.execute(
            "update log_in_failure set failures = %s, last_at = %s, locked_until = %s where account = %s",
            (after.failures, after.last_at, after.locked_until, account),
        )
    return before.are_locked(now)


def unlock(connection: psycopg.Connection, account: str) -> None:
    """Forgets wrong passwords."""
    connection.execute("delete from log_in_failure where account = %s", (account,))
