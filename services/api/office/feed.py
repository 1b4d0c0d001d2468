"""What happened since? The log for other systems, as a batch of CloudEvents, from a cursor on.

For auditors whose post covers every village: a feed that leaves a village out would have gaps that nobody can tell
from lost events. Complaints about the auditor, or anybody above, are left out, and the cursor goes past them.
"""

import asyncio
from functools import partial
from typing import Annotated, Final

import orjson
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import RoleNotAllowed
from domain.values import Role
from services.api.accounts.people import People
from services.api.door.queries import Query, WholeNumber, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.audit.feed import FeedPage, page
from services.identity.accounts import Account, OutsideScope
from services.persistence.scope import Scope

FEED: Final = "/api/v1/feed"
MEDIA_TYPE: Final = "application/cloudevents-batch+json"
CURSOR: Final = "Huiyin-Cursor"
_LOOK_EACH: Final = 0.5  # seconds


class FeedQuery(Query):
    """`GET /api/v1/feed`. `after`: the last answer's cursor; `wait`: so many seconds for something to happen."""

    after: Annotated[int, Field(ge=0, le=999_999_999), WholeNumber] | None = None
    limit: Annotated[int, Field(ge=1, le=1000), WholeNumber] = 200
    wait: Annotated[int, Field(ge=0, le=15), WholeNumber] = 0


class FeedDoor:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def feed(self, request: Request) -> Response:
        """`GET /api/v1/feed`: at once if there is something, else after the time to wait; its cursor in a header."""
        account = await self._people.reader(request)
        if account.role is not Role.AUDITOR:
            raise RoleNotAllowed
        if account.villages is not None:
            raise OutsideScope
        query = query_of(request, FeedQuery)
        after = -1 if query.after is None else query.after
        clock = asyncio.get_running_loop().time
        until = clock() + query.wait
        while (found := await self._page(account, after, query.limit)).cursor == after and clock() < until:
            await asyncio.sleep(_LOOK_EACH)
        cursor = {} if found.cursor < 0 else {CURSOR: str(found.cursor)}
        return Response(orjson.dumps(found.events), headers=cursor, media_type=MEDIA_TYPE)

    async def _page(self, account: Account, after: int, limit: int) -> FeedPage:
        return await self._threads.run(partial(self._read, account, after, limit))

    def _read(self, account: Account, after: int, limit: int) -> FeedPage:
        with self._parts.reading(Scope.whole()) as connection:
            return page(connection, after, limit, account.barred)
