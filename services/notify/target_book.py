"""Everybody's notice targets as the API and the command line set and show them, on connections of their own."""

from collections.abc import Sequence

import psycopg

from services.notify.allowed import Allowed
from services.notify.targets import ShownTarget, TargetSeal, add_target, remove_target, set_targets, targets_of


class TargetBook:
    """Opens a connection for each request: they are rare. `allowed`: where notices may go."""

    def __init__(self, dsn: str, seal: TargetSeal, allowed: Allowed) -> None:
        self._dsn = dsn
        self._seal = seal
        self._allowed = allowed

    def of(self, person: str) -> list[ShownTarget]:
        """Somebody's targets, without secrets. Raises psycopg.Error."""
        with self._connected() as connection:
            return targets_of(connection, person)

    def replace(self, person: str, addresses: Sequence[str]) -> list[ShownTarget]:
        """These and no others. Raises TargetNotAllowed, TooManyTargets, psycopg.Error."""
        with self._connected() as connection:
            return set_targets(connection, person, addresses, self._allowed, self._seal)

    def add(self, person: str, address: str) -> None:
        """One more. Raises TargetNotAllowed, TooManyTargets, psycopg.Error."""
        with self._connected() as connection:
            add_target(connection, person, address, self._allowed, self._seal)

    def remove(self, person: str, target: int) -> bool:
        """Whether there was such a target. Raises psycopg.Error."""
        with self._connected() as connection:
            return remove_target(connection, person, target)

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self._dsn, autocommit=True, connect_timeout=3, options="-c statement_timeout=10s")
