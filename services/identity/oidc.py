"""Whom does the identity provider mean? Log-ins that set out to it and come back, and whose account its subject is.

An account is linked by an administrator (`huiyin account link`); a log-in never makes or links one. Called by
services/api/accounts/oidc_door.py.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import psycopg

from domain.errors import HuiyinError, Refusal
from services.identity.accounts import UnknownAccount
from services.identity.credentials import new_secret, secret_hash
from services.identity.oidc_provider import OidcProvider, OidcRefused
from services.identity.sessions import CameBy, end_session, open_session
from services.persistence.directory import Connect

LASTS: Final = timedelta(minutes=10)
"""So long somebody may take at the provider."""
_PREFIX: Final = "ho_"

_SET_OUT: Final = """
insert into oidc_attempt(attempt_hash, state, nonce, code_verifier, expires_at)
values (%s, %s, %s, %s, clock_timestamp() + %s)
"""
_COME_BACK: Final = """
delete from oidc_attempt where attempt_hash = %s
returning state, nonce, code_verifier, expires_at > clock_timestamp()
"""


class OidcUnlinked(HuiyinError):
    code = "oidc-unlinked"
    zh = "统一身份认证认得您，但没有账号与之关联，或账号已停用。请管理员关联（huiyin account link）。"
    en = "The identity provider knows you, but no open account is linked to it. Ask an administrator to link yours."


class AlreadyLinked(Refusal):
    code = "subject-already-linked"
    zh = "此统一身份已关联另一账号。请先解除（huiyin account unlink）。"
    en = "This identity is linked to another account. Unlink it first (huiyin account unlink)."


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and the secret it keeps until it is back."""

    url: str
    attempt: str


class OidcLogIns:
    """Log-ins by an identity provider."""

    def __init__(self, provider: OidcProvider, connect: Connect) -> None:
        self._provider = provider
        self._connect = connect

    @property
    def issuer(self) -> str:
        """Who vouches."""
        return self._provider.issuer

    def set_out(self, redirect_uri: str) -> Departure:
        """Raises OidcAway."""
        attempt, state, nonce, verifier = (new_secret(_PREFIX) for _ in range(4))
        url = self._provider.authorisation_url(redirect_uri, state, nonce, verifier)
        with self._connect() as connection:
            connection.execute("delete from oidc_attempt where expires_at < clock_timestamp()")
            connection.execute(_SET_OUT, (secret_hash(attempt), state, nonce, verifier, LASTS))
        return Departure(url, attempt)

    def come_back(self, attempt: str, state: str, code: str, redirect_uri: str, instead_of: str | None) -> str:
        """A new session's secret; `instead_of` ends. Raises OidcRefused, OidcUnlinked, OidcAway."""
        with self._connect() as connection:
            nonce, verifier = _taken(connection, attempt, state)
        subject = self._provider.subject(code, redirect_uri, nonce, verifier)
        with self._connect() as connection:
            account = _account_of(connection, self._provider.issuer, subject)
            secret = open_session(connection, account, CameBy.OIDC) if account else None
            if secret is None:
                raise OidcUnlinked
            if instead_of is not None:
                end_session(connection, instead_of)
        return secret


def _taken(connection: psycopg.Connection, attempt: str, state: str) -> tuple[str, str]:
    """What was agreed when the browser set out; nobody comes back a second time."""
    row = connection.execute(_COME_BACK, (secret_hash(attempt),)).fetchone()
    if row is None:
        raise OidcRefused
    expected, nonce, verifier, in_time = row
    if not in_time or not hmac.compare_digest(expected, state):
        raise OidcRefused
    return nonce, verifier


def _account_of(connection: psycopg.Connection, issuer: str, subject: str) -> str | None:
    statement = "select account from vouched_identity where issuer = %s and subject = %s"
    row = connection.execute(statement, (issuer, subject)).fetchone()
    return str(row[0]) if row else None


def link(connection: psycopg.Connection, account: str, issuer: str, subject: str) -> None:
    """From now on this subject of this issuer is this account. Raises UnknownAccount, AlreadyLinked."""
    known = connection.execute("select 1 from account where name = %s", (account,)).fetchone()
    if known is None:
        raise UnknownAccount
    statement = "insert into vouched_identity(issuer, subject, account) values (%s, %s, %s) on conflict do nothing"
    connection.execute(statement, (issuer, subject, account))
    if _account_of(connection, issuer, subject) != account:
        raise AlreadyLinked


def unlink(connection: psycopg.Connection, account: str) -> int:
    """No identity provider vouches for this account any more; returns how many identities it had."""
    return connection.execute("delete from vouched_identity where account = %s", (account,)).rowcount
