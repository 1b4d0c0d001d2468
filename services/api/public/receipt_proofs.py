"""What proves to a household that its matter was written down? The inclusion proof of its logging, for receipts.py.

It holds the event's place, kind and time, and a hash of what is stored; whoever finds the paper learns no more.
"""

from typing import Final
from uuid import UUID

import psycopg
import structlog

from services.audit.problems import NotSealedYet
from services.audit.proofs import proof_of_event

_LOGGED: Final = 1

_log = structlog.get_logger(__name__)


def proof_of_logging(connection: psycopg.Connection, issue_id: UUID) -> str | None:
    """As text; None until it is sealed, and while the tree lacks hashes, for then its fault is said elsewhere."""
    try:
        return str(proof_of_event(connection, issue_id, _LOGGED))
    except NotSealedYet:
        return None
    except LookupError:
        _log.error("proof_cannot_be_made")
        return None
