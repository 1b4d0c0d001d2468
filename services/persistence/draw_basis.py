"""What does a spot check draw from, and an auditor's sample? A head and the candidates as of it, off the sealed log.

Joined to casework by the bootstrap, and asked again by `huiyin spot-check verify` and `huiyin audit sample --verify`.
"""

from datetime import datetime

from domain.audit import sampling
from domain.audit.sampling import Criteria, SampleBasis
from domain.spot_check.basis import TOPICS, Basis, basis_of
from services.persistence.sealed_log import events_of, head_after, head_begun_by, sealed_log


class DrawBasis:
    """Reads on a connection of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def __call__(self, township: str, moment: datetime) -> Basis | None:
        """None while no event recorded at or after the moment is sealed. Raises OperationalError."""
        with sealed_log(self._dsn) as connection:
            head = head_after(connection, moment)
            return None if head is None else basis_of(head, township, events_of(connection, head.position, TOPICS))


class SampleBases:
    """What auditors' samples are drawn from: the event that asked for one is its head. On a connection of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def __call__(self, asked: Criteria) -> SampleBasis | None:
        """None while the event that asked for it is not sealed. Raises OperationalError."""
        with sealed_log(self._dsn) as connection:
            head = head_begun_by(connection, asked.sample_id)
            if head is None:
                return None
            return sampling.basis_of(head, asked, events_of(connection, head.position, asked.topics))
