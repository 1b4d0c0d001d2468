"""Up to where has somebody read their inbox? One position per person, beside the log; it only ever moves forward."""

from typing import Final

from services.persistence.connections import ThreadConnections

_OF: Final = "select read_until from inbox_read where person = $1"
_MOVE: Final = """
insert into inbox_read as mark (person, read_until) values ($1, $2)
on conflict (person) do update set read_until = greatest(mark.read_until, excluded.read_until),
  read_at = clock_timestamp()
returning read_until
"""


class ReadMarks:
    """Everybody's marks, on a connection of each thread (role huiyin_app)."""

    def __init__(self, dsn: str) -> None:
        self._connections = ThreadConnections(dsn)

    def of(self, person: str) -> int:
        """The position up to which they have read; -1: nothing yet. Raises psycopg.Error."""
        rows = self._connections.read(_OF, (person,))
        return int(rows[0][0]) if rows else -1

    def move(self, person: str, position: int) -> int:
        """They have read up to this position; the mark as it stands then. Raises psycopg.Error."""
        return int(self._connections.execute(_MOVE, (person, position))[0][0])

    def close(self) -> None:
        """Close all connections, of every thread."""
        self._connections.close()
