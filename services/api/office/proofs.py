"""What proves to an officer that a step is in the log? The inclusion proof of an event of an issue, as text."""

from functools import partial
from typing import Annotated, Any, Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from services.api.accounts.people import People
from services.api.door.answers import answer
from services.api.door.queries import Query, WholeNumber, query_of
from services.api.door.threads import Threads
from services.api.office.numbers import issue_in_sight
from services.api.parts import ApiParts
from services.audit.problems import NotSealedYet
from services.audit.proofs import proof_of_event
from services.identity.accounts import Account


class ProofQuery(Query):
    """`GET /api/v1/issues/{number}/proof`; without a version, of the last event."""

    version: Annotated[int, Field(ge=1), WholeNumber] | None = None


class ProofReads:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def proof(self, request: Request) -> Response:
        """`GET /api/v1/issues/{number}/proof`."""
        account = await self._people.case_reader(request)
        query = query_of(request, ProofQuery)
        return await self._threads.run(partial(self._proof, account, request.path_params["number"], query.version))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _proof(self, account: Account, number: str, version: int | None) -> Response:
        issue = issue_in_sight(self._parts.casework, account, number)
        asked = issue.version if version is None else version
        if asked > issue.version:
            raise NotFound
        with self._parts.connect() as connection:
            try:
                proof = str(proof_of_event(connection, issue.issue_id, asked))
            except NotSealedYet:
                proof = None
        return answer({"number": number, "version": asked, "proof": proof})


PROOF_SCHEMAS: Final[dict[str, Any]] = {
    "IssueProof": {
        "type": "object",
        "required": ["number", "version", "proof"],
        "properties": {
            "number": {"type": "string"},
            "version": {"type": "integer", "description": "of the event that is proved"},
            "proof": {
                "type": ["string", "null"],
                "description": "C2SP tlog-proof, as it stands; null: not sealed yet, ask again in a minute",
            },
        },
    },
}
