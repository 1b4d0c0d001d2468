"""What may anybody know of this installation before they log in? Its plan, and the ways in. Called by the pages."""

from functools import partial
from typing import Any, Final

from eventsourcing.persistence import OperationalError
from psycopg import OperationalError as DatabaseGone
from starlette.requests import Request
from starlette.responses import Response

from services.api.door.answers import answer, list_of
from services.api.door.limits import Kind
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.identity.passwords import demonstration_accounts


class SiteFacts:
    """The handler."""

    def __init__(self, parts: ApiParts, threads: Threads) -> None:
        self._parts = parts
        self._threads = threads

    async def site(self, request: Request) -> Response:
        """`GET /api/v1/site`; also while the database is away, for then people look here first."""
        self._parts.limiter.hit(Kind.PUBLIC, self._parts.address_of(request))
        query_of(request, Query)
        try:
            known = await self._threads.run(partial(self._known))
        except (OperationalError, DatabaseGone):
            known = {"plan": None, "demonstration": []}
        own = {"oidc": self._parts.oidc is not None, "temporal_ui": self._parts.temporal_ui}
        return answer({**known, **own})

    def _known(self) -> dict[str, Any]:
        title = self._parts.plan_now().title
        with self._parts.connect() as connection:
            accounts = demonstration_accounts(connection) if self._parts.authenticator.in_demonstration else []
        return {"plan": {"zh": title.zh, "en": title.en}, "demonstration": accounts}


_TEXT: Final = {"type": "string"}
SITE_SCHEMAS: Final[dict[str, Any]] = {
    "Site": {
        "type": "object",
        "required": ["plan", "demonstration", "oidc", "temporal_ui"],
        "properties": {
            "plan": {
                "oneOf": [
                    {"type": "object", "required": ["zh", "en"], "properties": {"zh": _TEXT, "en": _TEXT}},
                    {"type": "null"},
                ],
                "description": "what the county's plan is called; null while the database is away",
            },
            "demonstration": {
                **list_of(name=_TEXT, zh=_TEXT, en=_TEXT),
                "description": "accounts with the demonstration's password; empty outside a demonstration",
            },
            "oidc": {"type": "boolean", "description": "whether /login/oidc leads to an identity provider"},
            "temporal_ui": {"type": ["string", "null"], "description": "where workflows can be looked at"},
        },
    },
}
