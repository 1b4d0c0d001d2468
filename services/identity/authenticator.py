"""Who has come, by what, and in which post do they act? A token or a session, remembered for a few seconds.

The API asks with every request. What the visitor may see and do is the account's and the domain's to say.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.errors import HuiyinError
from domain.organisation.state import Post
from services.identity.accounts import Account, Login, account_in_post
from services.identity.credentials import is_secret, secret_hash
from services.identity.sessions import IDLE, CameBy
from services.identity.tokens import ALL_SCOPES, TokenScope, allowed_by
from services.persistence.directory import Connect, OrganisationDirectory

_REMEMBERED_FOR: Final = 4.0  # seconds; with the directory's one, a revoked token or post works no longer than five
_MOST_REMEMBERED: Final = 10_000

# A session is written at most once a minute for being used.
_TOUCH: Final = """
update session set last_used_at = clock_timestamp()
where session_hash = %(hash)s and last_used_at < clock_timestamp() - interval '1 minute'
  and last_used_at > clock_timestamp() - %(idle)s
"""
_FIND: Final = """
with visit as (
  select account, 'token' as come_by, scopes, expires_at from api_token where token_hash = %(hash)s
  union all
  select account, come_by, null, least(expires_at, last_used_at + %(idle)s) from session where session_hash = %(hash)s
)
select visit.come_by, visit.scopes, visit.expires_at, password.must_change, password.demonstration,
       account.name, account.display_zh, account.display_en
from visit join account on account.name = visit.account left join password on password.account = account.name
where visit.expires_at > clock_timestamp() and account.active
"""


class NotAuthenticated(HuiyinError):
    code = "not-authenticated"
    zh = "未登录或未提供有效的访问令牌；登录或令牌可能已过期，账号可能已停用。请重新登录或获取令牌。"
    en = "Not logged in: no valid session or access token, it has ended, or its account is closed. Log in again."


class NotAllowedHere(HuiyinError):
    """The root of why a known visitor may not do this in this way: wrong page, wrong token, password to change."""


class PasswordMustChange(NotAllowedHere):
    code = "password-must-change"
    zh = "此密码由他人设定，须先改为您自己的密码，方可办理其他事项。"
    en = "This password was set by somebody else. Choose your own first; then everything else works."


class OtherAccount(NotAllowedHere):
    code = "other-account"
    zh = "这是另一个账号保存的内容，现在登录的不是该账号，未予办理。请由保存的人登录后发送。"
    en = "Another account saved this than is logged in now, so nothing was done. Whoever saved it logs in and sends it."


class ScopeTooNarrow(NotAllowedHere):
    code = "scope-too-narrow"
    zh = "此访问令牌的用途不含此项操作。请另建用途相符的令牌（huiyin token create --scope）。"
    en = "This access token was not made for that. Create one with the scope it needs (huiyin token create --scope)."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who has come. `must_change`: good for nothing but choosing a password of their own."""

    login: Login
    come_by: CameBy
    scopes: frozenset[TokenScope]
    must_change: bool
    expires_at: datetime


class Authenticator:
    """Tells visitors by their token or session. One per process, safe from several threads."""

    def __init__(
        self,
        connect: Connect,
        directory: OrganisationDirectory,
        *,
        demonstration: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`connect` gives a connection for the length of a `with`; `clock` counts seconds.

        Outside the demonstration, whoever has a demonstration password must change it first.
        """
        self._connect = connect
        self._directory = directory
        self._demonstration = demonstration
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[bytes, tuple[float, Visitor]] = {}
        self._in_post: dict[tuple[Login, str | None], tuple[float, Account]] = {}

    @property
    def in_demonstration(self) -> bool:
        """Whether the demonstration's passwords count."""
        return self._demonstration

    def remembered(self, secret: str) -> Visitor | None:
        """The visitor, if looked up a moment ago; asks no database."""
        found = self._known.get(secret_hash(secret))
        return found[1] if found and self._clock() - found[0] < _REMEMBERED_FOR else None

    def visitor(self, secret: str) -> Visitor:
        """Whose token or session this is. Raises NotAuthenticated; psycopg.Error if the database cannot be asked."""
        if not is_secret(secret):
            raise NotAuthenticated
        return self.remembered(secret) or self._look_up(secret_hash(secret))

    def remembered_account(self, login: Login, post: str | None = None) -> Account | None:
        """Somebody in a post, if looked up a moment ago; asks no database."""
        found = self._in_post.get((login, post))
        return found[1] if found and self._clock() - found[0] < _REMEMBERED_FOR else None

    def account(self, login: Login, post: str | None = None) -> Account:
        """Somebody in the post named, or in their first. Raises NoPost, PostNotHeld."""
        account = self.remembered_account(login, post)
        if account is None:
            asked_at = self._clock()
            account = account_in_post(login, self._directory.organisation(), self._directory.now(), post)
            with self._lock:
                if len(self._in_post) >= _MOST_REMEMBERED:
                    self._in_post.clear()
                self._in_post[login, post] = (asked_at, account)
        return account

    def posts(self, login: Login) -> tuple[Post, ...]:
        """Every post in which they may act now."""
        return self._directory.organisation().posts_of(login.name, self._directory.now())

    def forget(self, account: str) -> None:
        """What this process remembers of an account: its sessions or tokens have just changed."""
        with self._lock:
            self._known = {key: found for key, found in self._known.items() if found[1].login.name != account}

    def _look_up(self, hashed: bytes) -> Visitor:
        asked_at = self._clock()
        asked = {"hash": hashed, "idle": IDLE}
        with self._connect() as connection:
            row = connection.execute(_FIND, asked).fetchone()
            if row is not None and row[0] != CameBy.TOKEN:
                connection.execute(_TOUCH, asked)
        if row is None:
            raise NotAuthenticated
        visitor = self._visitor(*row)
        with self._lock:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[hashed] = (asked_at, visitor)
        return visitor

    def _visitor(
        self,
        come_by: str,
        scopes: list[str] | None,
        expires_at: datetime,
        must_change: bool | None,
        demonstration: bool | None,
        *account: Any,
    ) -> Visitor:
        by = CameBy(come_by)
        first = bool(must_change) and by is CameBy.PASSWORD
        return Visitor(
            login=Login(*account),
            come_by=by,
            scopes=ALL_SCOPES if scopes is None else allowed_by([TokenScope(scope) for scope in scopes]),
            must_change=first or (bool(demonstration) and not self._demonstration),
            expires_at=expires_at,
        )
