"""Who has how much? For those who assign work, within their villages."""

from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import RoleNotAllowed
from domain.permissions import roles_for
from domain.values import Role
from projections.case_load import loads
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.persistence.scope import Scope

READERS: Final = roles_for("AssignIssue") | {Role.AUDITOR}


class TeamReads:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def loads(self, request: Request) -> Response:
        """`GET /api/v1/team`."""
        account = await self._people.case_reader(request)
        if account.role not in READERS:
            raise RoleNotAllowed
        query_of(request, Query)
        return await self._threads.run(partial(self._loads, account))

    def _loads(self, account: Account) -> Response:
        now = self._parts.clock()
        with self._parts.reading(Scope.of(account)) as connection:
            return answer({"at": now, "people": loads(connection, account.villages, now)})


_COUNT: Final = {"type": "integer"}
TEAM_SCHEMAS: Final[dict[str, Any]] = {
    "Team": {
        "type": "object",
        "properties": {
            "at": {"type": "string", "format": "date-time"},
            "people": list_of(
                person={"type": "string"},
                open=_COUNT,
                overdue=_COUNT,
                soon={**_COUNT, "description": "due within three days"},
                oldest={"type": "string", "format": "date-time"},
            ),
        },
    },
}
