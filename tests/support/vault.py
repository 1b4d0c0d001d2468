"""A vault whose keys live in memory, for tests that need no key store of their own. `VAULT` is the session's."""

import os
from collections.abc import Iterable
from typing import Final

from domain.events import DomainEvent
from domain.privacy import personal_fields
from services.persistence.household_keys import KeyName, KeysAway
from services.privacy.vault import Vault


class MemoryKeys:
    """As services/persistence/household_keys.py, without a database; `away` takes it away."""

    def __init__(self) -> None:
        self.made: dict[KeyName, bytes] = {}
        self.away = False
        self.asked = 0

    def present(self, subject: str) -> tuple[KeyName, bytes]:
        """The household's key, made if there is none."""
        self._look()
        name = KeyName(subject, 1)
        return name, self.made.setdefault(name, os.urandom(32))

    def keys(self, names: Iterable[KeyName]) -> dict[KeyName, bytes]:
        """Those that exist."""
        self._look()
        return {name: self.made[name] for name in names if name in self.made}

    def destroy(self, subject: str) -> None:
        """The household's key is gone."""
        self.made = {name: key for name, key in self.made.items() if name.subject != subject}

    def close(self) -> None:
        """Nothing is open."""

    def _look(self) -> None:
        self.asked += 1
        if self.away:
            raise KeysAway("away")


VAULT: Final = Vault(MemoryKeys())


def opened(event: DomainEvent) -> DomainEvent:
    """The event with its households' words as they were said."""
    names = [name for name in personal_fields(type(event)) if getattr(event, name) is not None]
    words = VAULT.open_all([getattr(event, name) for name in names])
    return event.model_copy(update=dict(zip(names, words, strict=True)))
