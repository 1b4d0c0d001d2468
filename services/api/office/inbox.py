"""What was I told? One's own inbox, newest first, with how much of it is unread; and that it was read.

Somebody's own, and that of whom they stand in for in the post they act in. Nothing of a case is opened here.
"""

from functools import partial
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import RoleNotAllowed
from domain.values import Role
from projections import inbox
from projections.inbox import Notice
from services.api.accounts.people import People
from services.api.door.answers import answer, members_of
from services.api.door.bodies import Body, body_of
from services.api.door.queries import Flag, PageSize, Query, WholeNumber, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.persistence.scope import Scope


class InboxQuery(Query):
    """`GET /api/v1/inbox`. `before`: the page after the one that gave it as `next`; `unread`: only what is."""

    before: Annotated[int, Field(ge=0), WholeNumber] | None = None
    unread: Flag = False
    limit: PageSize = 50


class ReadUpTo(Body):
    """已读 What was told up to this position was read."""

    up_to: Annotated[int, Field(ge=0, le=2**53)]


class InboxDoor:
    """The handlers of `/api/v1/inbox`."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def page(self, request: Request) -> Response:
        """`GET /api/v1/inbox`."""
        account = await self._officer(request)
        query = query_of(request, InboxQuery)
        return await self._threads.run(partial(self._page, account, query))

    async def mark(self, request: Request) -> Response:
        """`POST /api/v1/inbox/read`; repeating it changes nothing."""
        account = await self._officer(request)
        asked = await body_of(request, ReadUpTo, self._parts.limits)
        return await self._threads.run(partial(self._mark, account, asked.up_to))

    async def _officer(self, request: Request) -> Account:
        account = await self._people.reader(request)
        if account.role is Role.HOUSEHOLD:
            raise RoleNotAllowed
        return account

    # -- in a thread --------------------------------------------------------------------------------------------

    def _page(self, account: Account, query: InboxQuery) -> Response:
        mark = self._parts.notices.marks.of(account.name)
        after = mark if query.unread else -1
        with self._parts.reading(Scope.of_inbox(account)) as connection:
            found = inbox.page(connection, before=query.before, after=after, limit=query.limit + 1)
            unread, _ = inbox.unread(connection, mark)
        shown = found[: query.limit]
        following = shown[-1].position if len(found) > query.limit else None
        items = [_shown(notice, mark) for notice in shown]
        return answer({"items": items, "unread": unread, "read_until": mark, "next": following})

    def _mark(self, account: Account, up_to: int) -> Response:
        """Never beyond what there is to read: what comes later is news."""
        with self._parts.reading(Scope.of_inbox(account)) as connection:
            _, newest = inbox.unread(connection, -1)
        mark = self._parts.notices.marks.move(account.name, min(up_to, newest))
        with self._parts.reading(Scope.of_inbox(account)) as connection:
            unread, _ = inbox.unread(connection, mark)
        return answer({"unread": unread, "read_until": mark})


def _shown(notice: Notice, mark: int) -> dict[str, Any]:
    return {**members_of(notice), "zh": notice.zh, "en": notice.en, "read": notice.position <= mark}
