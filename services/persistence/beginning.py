"""Since when does this installation keep books? Since its log recorded the first event, whenever that happened.

Joined to the office by the bootstrap: of a time before that nothing is owed by the calendar.
"""

from datetime import datetime
from typing import Final

import psycopg
from eventsourcing.persistence import OperationalError

_FIRST: Final = "select recorded_at from ledger_events order by notification_id limit 1"


class Beginning:
    """Asks until there is a first event, and then remembers it: it stays the first."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._known: datetime | None = None

    def __call__(self) -> datetime | None:
        """None while nothing was ever recorded. Raises OperationalError."""
        if self._known is None:
            try:
                with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection:
                    found = connection.execute(_FIRST).fetchone()
            except psycopg.Error as failure:
                raise OperationalError("the log cannot be read") from failure
            self._known = found[0] if found else None
        return self._known
