"""What does a spot check draw from? The head after a moment and the candidates as of it, read off the sealed log alone.

Joined to casework by the bootstrap, and asked again by `huiyin spot-check verify`.
"""

from datetime import datetime

from domain.spot_check.basis import TOPICS, Basis, basis_of
from services.persistence.sealed_log import events_of, head_after, sealed_log


class DrawBasis:
    """Reads on a connection of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def __call__(self, township: str, moment: datetime) -> Basis | None:
        """None while no event recorded at or after the moment is sealed. Raises OperationalError."""
        with sealed_log(self._dsn) as connection:
            head = head_after(connection, moment)
            return None if head is None else basis_of(head, township, events_of(connection, head.position, TOPICS))
