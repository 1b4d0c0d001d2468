"""What did auditors look at? Each of them their own looks; those who run the office, how much was looked at, by day.

A look at a household's words is written down where they are opened (services/privacy); what else an auditor is shown of
findings, samples, replays and differences is written down here, before it goes out.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import RoleNotAllowed, Unavailable
from domain.values import Role
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer, members_of
from services.api.door.queries import Query, WholeNumber, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.privacy.looks import Seen, looks_by, looks_of_role

Handler = Callable[[Request], Awaitable[Response]]
_REPORTED_TO: Final = frozenset({Role.COMMITTEE_MEMBER, Role.ADMINISTRATOR, Role.AUDITOR})


class LooksQuery(Query):
    """`GET /api/v1/audit/looks` and `/report`: of the last so many days."""

    days: Annotated[int, Field(ge=1, le=366), WholeNumber] = 30


class AuditLooks:
    """The handlers of both, and what keeps the book."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    def watched(self, handler: Handler, what: Seen = Seen.AUDIT) -> Handler:
        """The handler; what it shows an auditor is written down before it goes out. Raises Unavailable."""

        async def shown(request: Request) -> Response:
            response = await handler(request)
            account = await self._people.account(request)
            if account.role is Role.AUDITOR and response.status_code == 200:
                await self._threads.run(partial(self._write_down, account, request, what))
            return response

        return shown

    async def own(self, request: Request) -> Response:
        """`GET /api/v1/audit/looks`: the reader's own, the latest first."""
        account = await self._people.reader(request)
        if account.role is not Role.AUDITOR:
            raise RoleNotAllowed
        query = query_of(request, LooksQuery)
        return await self._threads.run(partial(self._own, account, query.days))

    async def report(self, request: Request) -> Response:
        """`GET /api/v1/audit/looks/report`: names no household and no issue."""
        account = await self._people.reader(request)
        if account.role not in _REPORTED_TO:
            raise RoleNotAllowed
        query = query_of(request, LooksQuery)
        return await self._threads.run(partial(self._report, query.days))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _write_down(self, account: Account, request: Request, what: Seen) -> None:
        path: str = request.scope["path"]
        subject = "*/" + path.removeprefix("/api/v1/")
        if not self._parts.unsealing.looked(as_reader(account), subject, what):
            raise Unavailable

    def _own(self, account: Account, days: int) -> Response:
        with self._parts.connect() as connection:
            found = looks_by(connection, account.name, days)
        return answer({"items": [members_of(look) for look in found]})

    def _report(self, days: int) -> Response:
        with self._parts.connect() as connection:
            found = looks_of_role(connection, Role.AUDITOR.value, days)
        return answer({"items": [members_of(line) for line in found]})


_ITEMS: Final[dict[str, Any]] = {"type": "array", "items": {"type": "object"}}
AUDIT_LOOK_SCHEMAS: Final[dict[str, Any]] = {
    "AuditLooks": {
        "type": "object",
        "properties": {"items": {**_ITEMS, "description": "a look: when, at what, through which door, as what"}},
    },
    "AuditLooksReport": {
        "type": "object",
        "properties": {"items": {**_ITEMS, "description": "how many looks of an auditor on a day, at what"}},
    },
}
