"""Who is logged in? Sessions: 256 random bits in a cookie, stored as SHA-256, ended by idleness, age or their owner.

log_in.py and the identity provider's door open them; authenticator.py asks for them with every request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import psycopg

from services.identity.credentials import new_secret, secret_hash

IDLE: Final = timedelta(hours=1)
"""So long after its last use a session ends."""
LONGEST: Final = timedelta(hours=12)
"""However much it is used, then it ends: a working day."""

_PREFIX: Final = "hs_"
_OPEN: Final = """
insert into session(session_hash, account, come_by, expires_at)
select %s, name, %s, clock_timestamp() + %s from account where name = %s and active
"""
_LIST: Final = """
select come_by, created_at, last_used_at, least(expires_at, last_used_at + %(idle)s), session_hash = %(current)s
from session
where account = %(account)s and expires_at > clock_timestamp() and last_used_at > clock_timestamp() - %(idle)s
order by last_used_at desc
"""


class CameBy(StrEnum):
    """How somebody proved who they are."""

    PASSWORD = "password"  # noqa: S105  (it is no password)
    OIDC = "oidc"
    TOKEN = "token"  # noqa: S105


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session, as its owner sees it. `current`: the one that asks."""

    come_by: CameBy
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool


def open_session(connection: psycopg.Connection, account: str, come_by: CameBy) -> str | None:
    """A new session's secret, never to be seen again; None if the account is closed by now."""
    secret = new_secret(_PREFIX)
    connection.execute("delete from session where expires_at < clock_timestamp()")
    row = (secret_hash(secret), come_by.value, LONGEST, account)
    return secret if connection.execute(_OPEN, row).rowcount == 1 else None


def end_session(connection: psycopg.Connection, secret: str) -> None:
    """Ends one session, if it still is one."""
    connection.execute("delete from session where session_hash = %s", (secret_hash(secret),))


def end_sessions(connection: psycopg.Connection, account: str) -> int:
    """Ends all sessions of an account; returns how many there were."""
    return connection.execute("delete from session where account = %s", (account,)).rowcount


def sessions_of(connection: psycopg.Connection, account: str, current: str | None) -> Sequence[SessionLine]:
    """The account's sessions, the one used last first."""
    asked = {"account": account, "idle": IDLE, "current": secret_hash(current) if current else None}
    rows = connection.execute(_LIST, asked).fetchall()
    return [SessionLine(CameBy(come_by), made, used, ends, bool(mine)) for come_by, made, used, ends, mine in rows]
