"""How does a phone come by the key of what waits on it? A session asks for its own account's; programs get none."""

import base64

from starlette.requests import Request
from starlette.responses import Response

from services.api.accounts.people import People
from services.api.door.answers import answer
from services.api.door.queries import Query, query_of
from services.api.parts import ApiParts
from services.identity.authenticator import NotAuthenticated
from services.identity.sessions import CameBy


class OfflineKeyDoor:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People) -> None:
        self._parts = parts
        self._people = people

    async def show(self, request: Request) -> Response:
        """`GET /api/v1/me/offline-key`. Raises NotAuthenticated, also for a token."""
        query_of(request, Query)
        visitor = await self._people.visitor(request)
        if visitor.come_by is CameBy.TOKEN:
            raise NotAuthenticated
        account = visitor.login.name
        key = base64.b64encode(self._parts.offline_keys.of(account)).decode("ascii")
        return answer({"account": account, "key": key, "until": visitor.expires_at})
