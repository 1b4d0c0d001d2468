"""Where does each officer want notices? Their own addresses, sealed: they hold passwords and tokens.

Set by the officer (API) or on the machine (command line). Only the channel and the host are ever shown again.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg.rows import class_row

from domain.errors import Refusal
from services.notify.allowed import Allowed

MOST: Final = 5
"""Targets per person."""
_NONCE: Final = 12

_ADD: Final = """
insert into notice_target (person, channel, host, sealed, sent_until)
values (%s, %s, %s, %s, (select coalesce(max(position), -1) from follower_position where name = 'inbox'))
"""
_OF: Final = """
select id, channel, host, added_at, sent_at, failures, gave_up_at from notice_target where person = %s order by id
"""


class TooManyTargets(Refusal):
    code = "too-many-notice-targets"
    zh = "通知地址最多 5 个。请先删去不用的。"
    en = "At most five addresses for notices. Remove those that are no longer used."


@dataclass(frozen=True, slots=True)
class ShownTarget:
    """A target without its secrets. `gave_up_at`: since when nothing is sent there any more, after many failures."""

    id: int
    channel: str
    host: str
    added_at: datetime
    sent_at: datetime | None
    failures: int
    gave_up_at: datetime | None


class TargetSeal:
    """Seals addresses, each to its person. `key`: home/keys/notices.key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, person: str, address: str) -> bytes:
        """The address, unreadable without the key and for another person."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, address.encode(), person.encode())

    def open(self, person: str, sealed: bytes) -> str:
        """The address again. Raises cryptography's InvalidTag for another key or person."""
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], person.encode()).decode()


def targets_of(connection: psycopg.Connection, person: str) -> list[ShownTarget]:
    """Somebody's targets, without secrets."""
    with connection.cursor(row_factory=class_row(ShownTarget)) as cursor:
        return cursor.execute(_OF, (person,)).fetchall()


def set_targets(
    connection: psycopg.Connection, person: str, addresses: Sequence[str], allowed: Allowed, seal: TargetSeal
) -> list[ShownTarget]:
    """These and no others from now on; what was told before is not sent again. Raises TargetNotAllowed."""
    with connection.transaction():
        connection.execute("delete from notice_target where person = %s", (person,))
        for address in dict.fromkeys(addresses):
            _add(connection, person, address, allowed, seal)
    return targets_of(connection, person)


def add_target(connection: psycopg.Connection, person: str, address: str, allowed: Allowed, seal: TargetSeal) -> None:
    """One more. Raises TargetNotAllowed, TooManyTargets."""
    with connection.transaction():
        _add(connection, person, address, allowed, seal)


def _add(connection: psycopg.Connection, person: str, address: str, allowed: Allowed, seal: TargetSeal) -> None:
    found = allowed.target(address)
    if len(targets_of(connection, person)) >= MOST:
        raise TooManyTargets
    connection.execute(_ADD, (person, found.channel, found.host, seal.seal(person, address)))


def remove_target(connection: psycopg.Connection, person: str, target: int) -> bool:
    """Nothing is sent there any more; False if there was no such target."""
    statement = "delete from notice_target where person = %s and id = %s"
    return connection.execute(statement, (person, target)).rowcount == 1


def undeliverable(connection: psycopg.Connection) -> int:
    """How many targets were given up."""
    row = connection.execute("select count(*) from notice_target where gave_up_at is not null").fetchone()
    return int(row[0]) if row else 0
