"""Who serves where, and who changed it? The organisation as it stands, and its audit trail.

Changes are commands like any other (writing.py). Everybody in a post sees the organisation; auditors and
administrators see its history.
"""

from functools import partial
from itertools import islice
from typing import Annotated, Any, Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import RoleNotAllowed
from domain.organisation.commands import ORGANISATION_ID
from domain.values import Role
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of
from services.api.door.queries import PageSize, Query, WholeNumber, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.organisation.showing import shown
from services.organisation.telling import change_lines

_SEE_CHANGES: Final = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


class ChangesQuery(Query):
    """`GET /api/v1/organisation/history`: the changes after a version."""

    after: Annotated[int, Field(ge=0, le=999_999_999), WholeNumber] = 0
    limit: PageSize = 50


class OrganisationReads:
    """The handlers of both."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def organisation(self, request: Request) -> Response:
        """`GET /api/v1/organisation`; its ETag is what If-Match expects."""
        account = await self._people.reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._shown, account))

    async def history(self, request: Request) -> Response:
        """`GET /api/v1/organisation/history`, oldest first."""
        account = await self._people.reader(request)
        if account.role not in _SEE_CHANGES:
            raise RoleNotAllowed
        query = query_of(request, ChangesQuery)
        return await self._threads.run(partial(self._told, query))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _shown(self, account: Account) -> Response:
        def covers(village: str) -> bool:
            return account.may_read and account.covers_village(village)

        found = shown(self._parts.casework, self._parts.clock(), covers)
        return answer(found, version=found.version or None)

    def _told(self, query: ChangesQuery) -> Response:
        lines = change_lines(self._parts.casework.history(ORGANISATION_ID))
        later = (line for line in lines if line.version > query.after)
        items = list(islice(later, query.limit + 1))
        following = items[query.limit - 1].version if len(items) > query.limit else None
        return answer({"items": items[: query.limit], "next": following})


_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_FLAG: Final = {"type": "boolean"}
_NUMBER: Final = {"type": "integer"}


ORGANISATION_SCHEMAS: Final[dict[str, Any]] = {
    "Organisation": {
        "type": "object",
        "properties": {
            "version": {**_NUMBER, "description": "for the next If-Match"},
            "places": list_of(
                code=_TEXT, kind=_TEXT, name=_TEXT, parent=_TEXT_OR_NONE, closed=_FLAG,
                earlier={"type": "array", "items": _TEXT},
            ),
            "posts": list_of(
                officer=_TEXT, role=_TEXT, place=_TEXT, in_charge=_FLAG, since=_TEXT, until=_TEXT_OR_NONE,
                rank=_TEXT_OR_NONE, deputy=_TEXT_OR_NONE,
            ),
            "links": list_of(officer=_TEXT, village=_TEXT, household=_TEXT_OR_NONE),
            "cards_to_renew": {
                "type": "array",
                "items": _TEXT,
                "description": "villages of one's own whose contact card does not name who is in charge any more",
            },
        },
    },
    "OrganisationHistory": {
        "type": "object",
        "properties": {
            "items": list_of(version=_NUMBER, topic=_TEXT, occurred_at=_TEXT, actor_user=_TEXT, zh=_TEXT, en=_TEXT),
            "next": {"type": ["integer", "null"], "description": "`after` of the next page"},
        },
    },
}  # fmt: skip
