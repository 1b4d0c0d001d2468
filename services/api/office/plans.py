"""Which plan is in force where, and which were proposed? Everybody in a post sees it; writing.py takes the changes.

`documents=true` adds each plan as the canonical JSON whose SHA-256 is shown.
"""

from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.adoption.commands import ADOPTION_ID
from domain.adoption.state import fold
from services.adoption.showing import in_force_lines, proposal_lines
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of
from services.api.door.queries import Flag, Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts


class PlansQuery(Query):
    """`GET /api/v1/plans`."""

    documents: Flag = False


class PlanReads:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def plans(self, request: Request) -> Response:
        """`GET /api/v1/plans`; its ETag is what If-Match expects."""
        await self._people.reader(request)
        query = query_of(request, PlansQuery)
        return await self._threads.run(partial(self._shown, query))

    def _shown(self, query: PlansQuery) -> Response:
        adoptions, book = fold(self._parts.casework.history(ADOPTION_ID)), self._parts.plans()
        document = {
            "version": adoptions.version,
            "in_force": list(in_force_lines(adoptions, book, self._parts.clock())),
            "proposals": list(proposal_lines(adoptions, documents=query.documents)),
        }
        return answer(document, version=adoptions.version or None)


_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}


PLAN_SCHEMAS: Final[dict[str, Any]] = {
    "Plans": {
        "type": "object",
        "properties": {
            "version": {"type": "integer", "description": "for the next If-Match"},
            "in_force": list_of(
                township={**_TEXT_OR_NONE, "description": "null: every township without a plan of its own"},
                plan=_TEXT, zh=_TEXT, en=_TEXT, since=_TEXT_OR_NONE,
            ),
            "proposals": list_of(
                proposal=_TEXT, plan=_TEXT, zh=_TEXT, en=_TEXT, sha256=_TEXT, township=_TEXT_OR_NONE, starts_on=_TEXT,
                standing=_TEXT, since=_TEXT_OR_NONE, proposed_by=_TEXT, settled_by=_TEXT_OR_NONE,
                document=_TEXT_OR_NONE,
            ),
        },
    },
}  # fmt: skip
