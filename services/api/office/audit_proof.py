"""What is proved of the log, told to auditors: its last signed head, and which witnesses vouched for which when.

The proofs themselves, and their verification, are services/audit/; this is what a page says of them in plain words.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import RoleNotAllowed
from domain.proof.checkpoints import read_checkpoint
from domain.proof.hashing import SHA256
from domain.values import Role
from projections.cosignatures import states
from projections.tree_tables import latest_checkpoint, signed_at
from services.api.accounts.people import People
from services.api.door.answers import answer
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts


class ProofReads:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def proof(self, request: Request) -> Response:
        """`GET /api/v1/audit/proof`."""
        account = await self._people.case_reader(request)
        if account.role is not Role.AUDITOR:
            raise RoleNotAllowed
        query_of(request, Query)
        return await self._threads.run(self._told)

    # -- in a thread --------------------------------------------------------------------------------------------

    def _told(self) -> Response:
        with self._parts.connect() as connection:
            note, vouched = latest_checkpoint(connection, SHA256), states(connection)
            head = read_checkpoint(note)[0] if note else None
            at = signed_at(connection, SHA256, head.size) if head else None
        found = {"log": head.origin, "size": head.size, "root": head.root.hex(), "signed_at": at} if head else None
        known = ((it.key.name, vouched.get(it.id)) for it in self._parts.witnesses)
        witnesses = [
            {
                "name": name,
                "size": state.size if state else 0,
                "cosigned_at": state and state.cosigned_at,
                "refusal": state and state.refusal,
            }
            for name, state in known
        ]
        told = {"checkpoint": found, "note": note, "witnesses": witnesses}
        return answer({**told, "verification": self._verification()})

    def _verification(self) -> dict[str, Any] | None:
        last = self._parts.last_verification()
        if last is None:
            return None
        checks = [{name: each[name] for name in ("zh", "en", "status")} for each in last.checks]
        return {"ended_at": last.ended_at, "started_by": last.started_by, "faulty": last.faulty, "checks": checks}


_WITNESS: Final = {
    "name": {"type": "string"},
    "size": {"type": "integer", "description": "up to which event it saw the log"},
    "cosigned_at": {"type": ["string", "null"]},
    "refusal": {"type": ["string", "null"], "description": "why it vouches no more"},
}
AUDIT_PROOF_SCHEMAS: Final[dict[str, Any]] = {
    "AuditProof": {
        "type": "object",
        "properties": {
            "checkpoint": {"type": ["object", "null"], "description": "the last signed head: log, size, root, time"},
            "note": {"type": ["string", "null"], "description": "the same as it was signed, to be kept elsewhere"},
            "witnesses": {"type": "array", "items": {"type": "object", "properties": _WITNESS}},
            "verification": {
                "type": ["object", "null"],
                "description": "the last `huiyin audit verify` here: when, by which account of the machine, each check",
            },
        },
    },
}
