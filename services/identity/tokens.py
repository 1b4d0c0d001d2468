"""What may programs do? API tokens: 256 random bits, shown once, stored as SHA-256, good until a date and for a scope.

`huiyin token create` makes them; authenticator.py asks for them with every request.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import psycopg

from domain.errors import Refusal
from services.identity.accounts import UnknownAccount
from services.identity.credentials import new_secret, secret_hash

_PREFIX: Final = "hy_"


class TokenScope(StrEnum):
    """What a token is good for; never for more than its account is."""

    READ = "read"
    WRITE = "write"
    MANAGE = "manage"


ALL_SCOPES: Final = frozenset(TokenScope)
_INCLUDED: Final = {TokenScope.WRITE: {TokenScope.READ}, TokenScope.MANAGE: {TokenScope.READ}}


class TokenUnknown(Refusal):
    code = "token-unknown"
    zh = "没有这样的令牌，或已失效。请用 huiyin token list 查看。"
    en = "There is no such token, or it has ended. Look at huiyin token list."


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token, as lists show it: by its id and last characters."""

    id: int
    account: str
    hint: str
    scopes: frozenset[TokenScope]
    created_at: datetime
    expires_at: datetime


def allowed_by(scopes: Collection[TokenScope]) -> frozenset[TokenScope]:
    """These and what they include: whoever may write may read back."""
    return frozenset(scopes).union(*(_INCLUDED.get(scope, set()) for scope in scopes))


def create_token(
    connection: psycopg.Connection, user: str, ttl: timedelta, scopes: Collection[TokenScope] = ALL_SCOPES
) -> str:
    """A new token for this account, good for `ttl`; never to be seen again. Raises UnknownAccount."""
    token = new_secret(_PREFIX)
    statement = (
        "insert into api_token(token_hash, account, hint, scopes, expires_at)"
        " select %s, name, %s, %s, clock_timestamp() + %s from account where name = %s and active"
    )
    row = (secret_hash(token), token[-4:], sorted(scopes), ttl, user)
    if connection.execute(statement, row).rowcount != 1:
        raise UnknownAccount
    return token


def tokens_of(connection: psycopg.Connection, user: str | None = None) -> Sequence[TokenLine]:
    """The tokens that still count, of one account or of all."""
    rows = connection.execute(
        "select id, account, hint, scopes, created_at, expires_at from api_token"
        " where expires_at > clock_timestamp() and coalesce(account = %s, true) order by account, id",
        (user,),
    )
    return [TokenLine(id, account, hint, frozenset(map(TokenScope, scopes)), *times)
            for id, account, hint, scopes, *times in rows]  # fmt: skip


def revoke_tokens(connection: psycopg.Connection, user: str) -> int:
    """Ends all tokens of this account within seconds; returns how many there were."""
    return connection.execute("delete from api_token where account = %s", (user,)).rowcount


def revoke_token(connection: psycopg.Connection, token_id: int) -> int:
    """Ends one token within seconds; returns how many there were of this id: one or none."""
    return connection.execute("delete from api_token where id = %s", (token_id,)).rowcount
