"""What may I do with this case now? What would not be refused for role, stage or person, from the log itself."""

from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.issue.possible import possible
from domain.issue.probes import Asker
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.office.commands import path_name
from services.api.office.numbers import issue_in_sight
from services.api.parts import ApiParts
from services.identity.accounts import Account


class ActionReads:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def actions(self, request: Request) -> Response:
        """`GET /api/v1/issues/{number}/actions`."""
        account = await self._people.case_reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._actions, account, request.path_params["number"]))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _actions(self, account: Account, number: str) -> Response:
        casework, now = self._parts.casework, self._parts.clock()
        issue = issue_in_sight(casework, account, number)
        village = self._parts.directory.village(issue.village)
        township = village.township if village else ""
        asker = Asker(account.actor, now, self._parts.plans().in_force(now, township or None), township)
        kinds = possible(issue, asker, lambda probe: casework.context(probe, issue))
        items = [{"command": path_name(kind), "schema": kind.__name__} for kind in kinds]
        return answer({"number": number, "stage": issue.stage, "items": items}, version=issue.version)


_TEXT: Final = {"type": "string"}
ACTION_SCHEMAS: Final[dict[str, Any]] = {
    "Actions": {
        "type": "object",
        "properties": {
            "number": _TEXT,
            "stage": {"$ref": "#/components/schemas/Stage"},
            "items": {
                **list_of(command=_TEXT, schema=_TEXT),
                "description": "`command`: where to post it; `schema`: the body's schema in this description",
            },
        },
    },
}
