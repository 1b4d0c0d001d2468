"""How is an officer called? By the name of their account, as the API tells it; asked for at most once a minute."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from starlette.requests import Request

from services.web.language import Pair

if TYPE_CHECKING:
    from services.web.inside import Inside

_FRESH_FOR: Final = 60.0  # seconds; an account that is new is called by its name until then


class Names:
    """Of all accounts. One per application: it is the same for everybody who works in the office."""

    def __init__(self, inside: "Inside") -> None:
        self._inside = inside
        self._known: Mapping[str, Pair] = {}
        self._asked_at = float("-inf")

    async def known_to(self, request: Request) -> Mapping[str, Pair]:
        """By account. Raises as `Inside.get`."""
        if time.monotonic() - self._asked_at > _FRESH_FOR:
            told = await self._inside.get(request, "/api/v1/people")
            self._known = {it["name"]: Pair(it["zh"], it["en"]) for it in told["items"]}
            self._asked_at = time.monotonic()
        return self._known
