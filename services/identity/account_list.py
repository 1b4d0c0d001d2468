"""Which accounts are there, and how do they stand? For administrators: `huiyin account list`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

_LIST: Final = """
select account.name, account.display_zh, account.display_en, account.active,
       password.account is not null, coalesce(password.must_change, false),
       (select count(*) from session where session.account = account.name and expires_at > clock_timestamp()),
       (select count(*) from api_token where api_token.account = account.name and expires_at > clock_timestamp()),
       coalesce(failure.failures, 0),
       case when failure.locked_until > clock_timestamp() then failure.locked_until end
from account
left join password on password.account = account.name
left join log_in_failure as failure on failure.account = account.name
order by account.name
"""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account. `failures`: wrong passwords in a row."""

    name: str
    display_zh: str
    display_en: str
    active: bool
    has_password: bool
    must_change: bool
    sessions: int
    tokens: int
    failures: int
    locked_until: datetime | None


def all_accounts(connection: psycopg.Connection) -> Sequence[AccountLine]:
    """Every account, by name."""
    return [AccountLine(*row) for row in connection.execute(_LIST)]


def account_table(lines: Sequence[AccountLine]) -> list[str]:
    """As the command line shows them, one line each."""
    return [" ".join([f"{line.name:<16}", f"{line.display_zh} {line.display_en}", *_how_it_stands(line)])
            for line in lines]  # fmt: skip


def _how_it_stands(line: AccountLine) -> list[str]:
    said = {
        "已停用 closed": not line.active,
        "无密码 no password": not line.has_password,
        "初始密码 password to be changed": line.must_change,
        f"登录 logged in: {line.sessions}": line.sessions > 0,
        f"令牌 tokens: {line.tokens}": line.tokens > 0,
        f"输错 wrong passwords: {line.failures}": line.failures > 0,
    }
    found = [words for words, holds in said.items() if holds]
    if line.locked_until is not None:
        found.append(f"锁定至 locked until {line.locked_until.astimezone():%H:%M:%S}")
    return [f"[{words}]" for words in found]
