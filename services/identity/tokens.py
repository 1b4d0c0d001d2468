"""Whose token is this? API tokens: 256 random bits, shown once, stored as SHA-256, good until a date.

`huiyin token create` makes them; the API asks `Authenticator` with every request.
"""

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Final

import psycopg

from domain.errors import HuiyinError
from domain.values import Role
from services.identity.accounts import Account, UnknownAccount

Connect = Callable[[], AbstractContextManager[psycopg.Connection]]

_PREFIX: Final = "hy_"
_RANDOM_BYTES: Final = 32
_TOKEN: Final = re.compile(r"hy_[A-Za-z0-9_-]{43}", re.ASCII)
_REMEMBERED_FOR: Final = 5.0  # seconds; a revoked token works no longer than that
_MOST_REMEMBERED: Final = 10_000

_FIND: Final = """
select account.name, account.role, account.display_zh, account.display_en, account.village,
       array(select unit from unit_head where person = account.name)
         || case when account.unit is null then array[]::text[] else array[account.unit] end
from api_token join account on account.name = api_token.account
where api_token.token_hash = %s and api_token.expires_at > clock_timestamp() and account.active
"""


class NotAuthenticated(HuiyinError):
    code = "not-authenticated"
    zh = "未提供有效的访问令牌，或令牌已过期、账号已停用。请重新获取令牌。"
    en = "No valid access token: it is missing, unknown or expired, or its account is closed. Get a new one."


def create_token(connection: psycopg.Connection, user: str, ttl: timedelta) -> str:
    """A new token for this account, good for `ttl`; never to be seen again. Raises UnknownAccount."""
    token = _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    statement = (
        "insert into api_token(token_hash, account, hint, expires_at)"
        " select %s, name, %s, clock_timestamp() + %s from account where name = %s and active"
    )
    if connection.execute(statement, (_hash(token), token[-4:], ttl, user)).rowcount != 1:
        raise UnknownAccount
    return token


def revoke_tokens(connection: psycopg.Connection, user: str) -> int:
    """Ends all tokens of this account within seconds; returns how many there were."""
    return connection.execute("delete from api_token where account = %s", (user,)).rowcount


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Authenticator:
    """Tells accounts by their tokens. One per process, safe from several threads."""

    def __init__(self, connect: Connect, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`connect` gives a connection for the length of a `with`; `clock` counts seconds."""
        self._connect = connect
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[bytes, tuple[float, Account]] = {}

    def remembered(self, token: str) -> Account | None:
        """The account, if it was looked up a moment ago; asks no database."""
        found = self._known.get(_hash(token))
        return found[1] if found and self._clock() - found[0] < _REMEMBERED_FOR else None

    def account(self, token: str) -> Account:
        """The account behind a token. Raises NotAuthenticated; psycopg.Error if the database cannot be asked."""
        if not _TOKEN.fullmatch(token):
            raise NotAuthenticated
        account = self.remembered(token)
        if account is None:
            account = self._look_up(_hash(token))
        return account

    def _look_up(self, token_hash: bytes) -> Account:
        asked_at = self._clock()
        with self._connect() as connection:
            row = connection.execute(_FIND, (token_hash,)).fetchone()
        if row is None:
            raise NotAuthenticated
        name, role, display_zh, display_en, village, units = row
        account = Account(name, Role(role), display_zh, display_en, village, frozenset(units))
        with self._lock:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[token_hash] = (asked_at, account)
        return account
