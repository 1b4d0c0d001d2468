"""Where are the households' keys? In schema `keys`, each wrapped by the township's key, which is in no database.

Called by services/privacy/vault.py. Any number of processes and threads: a household's first key is made once.
"""

import os
from collections.abc import Iterable
from typing import Final, NamedTuple

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.persistence.connections import ThreadConnections
from services.persistence.prepared import Row

NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_PRESENT: Final = """
select generation, wrapped from keys.household_key
where subject = $1 and retired_at is null and destroyed_at is null order by generation desc limit 1
"""
_LAST: Final = "select coalesce(max(generation), 0) from keys.household_key where subject = $1"
_MAKE: Final = """
insert into keys.household_key (subject, generation, wrapped) select $1, $2, $3
where not exists (select from keys.household_key where subject = $1 and retired_at is null and destroyed_at is null)
on conflict do nothing returning generation
"""
_THESE: Final = """
select subject, generation, wrapped
from keys.household_key join unnest($1::text[], $2::int4[]) as wanted (subject, generation) using (subject, generation)
where wrapped is not null
"""
_RETIRE: Final = """
update keys.household_key set retired_at = clock_timestamp() where subject = $1 and retired_at is null returning 1
"""
_RETIRED: Final = """
select subject, max(generation) from keys.household_key
where retired_at < clock_timestamp() - make_interval(secs => $1) and destroyed_at is null group by subject
"""
_IN_USE: Final = """
select 1 from keys.household_key where subject = $1 and destroyed_at is null
  and (retired_at is null or retired_at >= clock_timestamp() - make_interval(secs => $2)) limit 1
"""
_DESTROY: Final = """
update keys.household_key set wrapped = null, destroyed_at = clock_timestamp()
where subject = $1 and generation <= $2 and retired_at is not null and destroyed_at is null returning 1
"""
_ADD: Final = """
insert into keys.blind_index (kind, token, subject) values ($1, $2, $3) on conflict do nothing returning 1
"""
_INDEX: Final = """
with old as (
  delete from keys.blind_index where subject = $1 and kind = $2 and token is distinct from $3::bytea returning 1
)
insert into keys.blind_index (kind, token, subject) select $2, $3::bytea, $1 where $3::bytea is not null
on conflict do nothing returning 1
"""
_TAKE: Final = "delete from keys.blind_index where kind = $1 and token = $2 and subject = $3 returning 1"
_FIND: Final = "select subject from keys.blind_index where kind = $1 and token = $2 order by subject"
_UNINDEX: Final = "delete from keys.blind_index where subject = $1 returning 1"


class KeysAway(Exception):
    """The key store cannot be reached, or the township's key does not open it."""


class KeyName(NamedTuple):
    """Whose key, and which of its generations: an erased household that comes again has a new one."""

    subject: str
    generation: int


class HouseholdKeys:
    """The key store, on a connection of each thread. `township_key`: 32 bytes that wrap every household's key."""

    def __init__(self, dsn: str, township_key: bytes) -> None:
        self._connections = ThreadConnections(dsn)
        self._township = AESGCM(township_key)

    def close(self) -> None:
        """Close all connections, of every thread."""
        self._connections.close()

    # -- keys ---------------------------------------------------------------------------------------------------

    def present(self, subject: str) -> tuple[KeyName, bytes]:
        """The key under which the household's words are sealed now, made if there is none. Raises KeysAway."""
        while True:
            found = self._run(_PRESENT, subject)
            if found:
                name = KeyName(subject, found[0][0])
                return name, self._unwrapped(name, found[0][1])
            self._make(subject)

    def keys(self, names: Iterable[KeyName]) -> dict[KeyName, bytes]:
        """Those among these keys that exist; a destroyed one does not. Raises KeysAway."""
        wanted = list(names)
        rows = self._run(_THESE, [name.subject for name in wanted], [name.generation for name in wanted])
        wrapped = {KeyName(subject, generation): key for subject, generation, key in rows}
        return {name: self._unwrapped(name, key) for name, key in wrapped.items()}

    def retire(self, subject: str) -> None:
        """Nothing more is sealed with the household's present key, once every process has forgotten it."""
        self._run(_RETIRE, subject)

    def retired(self, seconds: float) -> dict[str, int]:
        """Subjects with keys that were retired so long ago and not destroyed, with the last generation of these."""
        return dict(self._run(_RETIRED, seconds))

    def is_in_use(self, subject: str, seconds: float) -> bool:
        """Whether some process may still seal with a key of the household: one not retired for so long."""
        return bool(self._run(_IN_USE, subject, seconds))

    def last_generation(self, subject: str) -> int:
        """The generation of the household's newest key; 0 if it never had one."""
        last: int = self._run(_LAST, subject)[0][0]
        return last

    def destroy(self, subject: str, up_to: int) -> int:
        """Destroys the household's retired keys up to this generation; how many. There is no way back."""
        return len(self._run(_DESTROY, subject, up_to))

    def _make(self, subject: str) -> None:
        """A new key; whoever is second finds the first one's."""
        name = KeyName(subject, self.last_generation(subject) + 1)
        nonce, key = os.urandom(NONCE_BYTES), os.urandom(_KEY_BYTES)
        self._run(_MAKE, subject, name.generation, nonce + self._township.encrypt(nonce, key, _bound_to(name)))

    def _unwrapped(self, name: KeyName, wrapped: bytes) -> bytes:
        try:
            return self._township.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _bound_to(name))
        except InvalidTag:
            raise KeysAway("the township's key does not open this household's key") from None

    # -- exact search -------------------------------------------------------------------------------------------

    def add_to_index(self, subject: str, kind: str, token: bytes) -> bool:
        """The household is found by this token too; whether it was not before."""
        return bool(self._run(_ADD, kind, token, subject))

    def take_from_index(self, subject: str, kind: str, token: bytes) -> None:
        """The household is not found by this token."""
        self._run(_TAKE, kind, token, subject)

    def unindex(self, subject: str) -> None:
        """The household is found by nothing any more."""
        self._run(_UNINDEX, subject)

    def index(self, subject: str, kind: str, token: bytes | None) -> None:
        """The household is found by this token from now on, and by no other of its kind (None: not at all)."""
        self._run(_INDEX, subject, kind, token)

    def find(self, kind: str, token: bytes) -> list[str]:
        """The subjects that are found by this token."""
        return [subject for (subject,) in self._run(_FIND, kind, token)]

    def _run(self, statement: str, *parameters: object) -> list[Row]:
        """Repeated once where the kept connection proved dead: doing any of these twice changes nothing more."""
        try:
            return self._connections.read(statement, parameters)
        except psycopg.Error as error:
            raise KeysAway(error.sqlstate or "connection") from None


def _bound_to(name: KeyName) -> bytes:
    return f"household key|{name.subject}|{name.generation}".encode()
