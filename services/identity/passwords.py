"""Is it their password? argon2id hashes in the table `password`: set, checked and changed here.

Called by log_in.py, the command line and the demonstration. A check costs some 50-100 ms of one core and 46 MiB, so
whoever checks for strangers bounds how many run at once.
"""

import secrets
from dataclasses import dataclass
from typing import Final

import psycopg
from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError
from psycopg.rows import dict_row

from services.identity.accounts import UnknownAccount
from services.identity.password_rules import normal_form, require_good

_READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike
_SET: Final = """
insert into password(account, hash, must_change, demonstration)
select name, %(hash)s, %(must_change)s, %(demonstration)s from account where name = %(account)s
on conflict (account) do update set hash = excluded.hash, must_change = excluded.must_change,
  demonstration = excluded.demonstration, changed_at = clock_timestamp()
"""
_OF_THE_DEMONSTRATION: Final = """
select name, display_zh as zh, display_en as en
from password join account on account.name = password.account where demonstration and active order by created_at, name
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one check costs; the defaults are argon2id's with 46 MiB and two passes on one core."""

    passes: int = 2
    kibibytes: int = 47_104


class Hasher:
    """Hashes and checks. Safe from several threads; it lets other threads run meanwhile."""

    def __init__(self, cost: Cost = Cost()) -> None:
        self._argon2 = PasswordHasher(cost.passes, cost.kibibytes, parallelism=1, type=Type.ID)
        self._nobodys = self._argon2.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """To be stored."""
        return self._argon2.hash(normal_form(password))

    def is_outdated(self, stored: str) -> bool:
        """Whether it was made at another cost."""
        return self._argon2.check_needs_rehash(stored)

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether it is the password. Nothing stored: no, after the same work."""
        try:
            self._argon2.verify(stored or self._nobodys, normal_form(password))
        except VerifyMismatchError:
            return False
        return stored is not None


def demonstration_accounts(connection: psycopg.Connection) -> list[dict[str, str]]:
    """The open accounts that still have the password of the demonstration: `name`, `zh`, `en`."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_OF_THE_DEMONSTRATION).fetchall()


def renew_hash(connection: psycopg.Connection, account: str, stored: str, password: str, hasher: Hasher) -> None:
    """Hashes the password again, if it was stored at another cost than today's. It must fit."""
    if hasher.is_outdated(stored):
        statement = "update password set hash = %s where account = %s and hash = %s"
        connection.execute(statement, (hasher.hash(password), account, stored))


def new_password() -> str:
    """A random one that can be read aloud: four groups of four, 78 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def set_password(
    connection: psycopg.Connection,
    account: str,
    password: str,
    hasher: Hasher,
    *,
    must_change: bool,
    demonstration: bool = False,
) -> None:
    """Gives an account its password. Raises UnknownAccount and what `require_good` raises."""
    require_good(account, password)
    row = {
        "account": account,
        "hash": hasher.hash(password),
        "must_change": must_change,
        "demonstration": demonstration,
    }
    if connection.execute(_SET, row).rowcount != 1:
        raise UnknownAccount
