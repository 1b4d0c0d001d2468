"""What `huiyin up` does once everything serves: the demonstration township on an empty database, and its ways in.

Tokens and the password are kept in the data folder (0600), so that a restart shows the same ones. They are random, of
this installation only; the password counts as one to be changed as soon as the demonstration is switched off.
"""

import json
import os
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import psycopg

from services.bootstrap import casework_of, open_directory, system_clock
from services.demonstration.load import is_empty, load_demonstration
from services.demonstration.township import ACCOUNTS, TOWNSHIP
from services.identity.accounts import create_account
from services.identity.authenticator import Authenticator, NotAuthenticated
from services.identity.passwords import Hasher, new_password, set_password
from services.identity.tokens import create_token
from services.settings import Settings

_TOKENS_LAST: Final = timedelta(days=30)


def demonstration_lines(settings: Settings) -> list[str]:
    """Loads the demonstration if nothing was ever recorded; the lines to show below the addresses."""
    if not settings.demonstration:
        return []
    with psycopg.connect(settings.database_url, autocommit=True, connect_timeout=5) as connection:
        if is_empty(connection):
            _load(connection, settings)
        if not _has_demonstration(connection):
            return []
        tokens = _tokens(connection, settings)
        password = _password(connection, settings)
    heading = f"示范账号（{TOWNSHIP}，虚构）的访问令牌 Demonstration accounts (invented) and their tokens:"
    accounts = [f"  {a.user:<11} {a.zh} {a.en:<17} {tokens[a.user]}" for a in ACCOUNTS]
    return [heading, *accounts, f"  登录密码（各账号相同）Password to log in, for each of them: {password}"]


def _load(connection: psycopg.Connection, settings: Settings) -> None:
    for account in ACCOUNTS:
        create_account(connection, account.user, display_zh=account.zh, display_en=account.en)
    now = system_clock()
    with closing(casework_of(settings)) as casework:
        load_demonstration(casework, now)


def _has_demonstration(connection: psycopg.Connection) -> bool:
    names = [account.user for account in ACCOUNTS]
    found = connection.execute("select count(*) from account where name = any(%s) and active", (names,)).fetchone()
    return found is not None and found[0] == len(names)


def _tokens(connection: psycopg.Connection, settings: Settings) -> Mapping[str, str]:
    """Each account's token: the one kept, while it still counts, else a new one."""
    file = settings.home / "demonstration-tokens.json"
    kept = json.loads(file.read_text()) if file.exists() else {}
    connect = partial(psycopg.connect, settings.database_url, autocommit=True)
    authenticator = Authenticator(connect, open_directory(settings.database_url), demonstration=settings.demonstration)
    tokens = {
        account.user: _counting(authenticator, kept.get(account.user))
        or create_token(connection, account.user, _TOKENS_LAST)
        for account in ACCOUNTS
    }
    if tokens != kept:
        _keep(file, tokens)
    return tokens


def _password(connection: psycopg.Connection, settings: Settings) -> str:
    """The demonstration's password, given to those of its accounts that have none."""
    file = settings.home / "demonstration-password.json"
    kept = json.loads(file.read_text()) if file.exists() else {"password": new_password()}
    if not file.exists():
        _keep(file, kept)
    have = {name for (name,) in connection.execute("select account from password")}
    hasher = Hasher()
    for account in ACCOUNTS:
        if account.user not in have:
            set_password(connection, account.user, kept["password"], hasher, must_change=False, demonstration=True)
    return str(kept["password"])


def _counting(authenticator: Authenticator, token: str | None) -> str | None:
    try:
        return token if token and authenticator.visitor(token) else None
    except NotAuthenticated:
        return None


def _keep(file: Path, tokens: Mapping[str, str]) -> None:
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        json.dump(tokens, stream, indent=2)
    draft.rename(file)
