"""What is an auditor's sample drawn from? The event that asked for it as the head, and the candidates as of it.

Joined to casework by the bootstrap, and asked again by `huiyin audit sample --verify`.
"""

from domain.audit.sampling import Criteria, SampleBasis, basis_of
from services.persistence.sealed_log import events_of, head_begun_by, sealed_log


class SampleBases:
    """Reads on a connection of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def __call__(self, asked: Criteria) -> SampleBasis | None:
        """None while the event that asked for it is not sealed. Raises OperationalError."""
        with sealed_log(self._dsn) as connection:
            head = head_begun_by(connection, asked.sample_id)
            return None if head is None else basis_of(head, asked, events_of(connection, head.position, asked.topics))
