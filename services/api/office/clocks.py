"""Why does this case's limit end when it does, and who owes what next? From the log itself, never behind."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.issue.state import Issue
from domain.plan import Plan
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.office.numbers import issue_in_sight
from services.api.parts import ApiParts
from services.clocks import deadlines_of, next_of
from services.identity.accounts import Account


class ClockReads:
    """The handlers of both."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def deadlines(self, request: Request) -> Response:
        """`GET /api/v1/issues/{number}/deadlines`."""
        return await self._told(request, self._deadlines)

    async def what_next(self, request: Request) -> Response:
        """`GET /api/v1/issues/{number}/what-next`."""
        return await self._told(request, self._what_next)

    async def _told(self, request: Request, look: Callable[[Issue], dict[str, Any]]) -> Response:
        account = await self._people.case_reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._shown, account, request.path_params["number"], look))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _shown(self, account: Account, number: str, look: Callable[[Issue], dict[str, Any]]) -> Response:
        issue = issue_in_sight(self._parts.casework, account, number)
        return answer({"number": number, "stage": issue.stage, **look(issue)}, version=issue.version)

    def _deadlines(self, issue: Issue) -> dict[str, Any]:
        return {"clocks": deadlines_of(self._parts.casework, issue.issue_id, self._plan(issue))}

    def _what_next(self, issue: Issue) -> dict[str, Any]:
        return {"next": next_of(issue, self._plan(issue))}

    def _plan(self, issue: Issue) -> Plan:
        """In force now where the issue lies."""
        village = self._parts.directory.village(issue.village)
        return self._parts.plans().in_force(self._parts.clock(), village.township if village else None)


_TEXT: Final = {"type": ["string", "null"]}
_LINES: Final = {"type": "array", "items": {"type": "string"}}
_BOTH: Final = {"type": "object", "properties": {"zh": _LINES, "en": _LINES}}
_OBJECTS: Final = {"type": "array", "items": {"type": "object"}}
_CLOCK: Final = {
    **dict.fromkeys(("whose", "verdict", "unit", "person", "ended_at"), _TEXT),
    "deadline": {"type": "object", "description": "as the event keeps it: rule, plan, basis, from when, until when"},
    "moves": _OBJECTS,
    "days": {**_OBJECTS, "description": "each day: whether it was counted, and why"},
    "explanation": _BOTH,
    "follows": _BOTH,
}
_NEXT: Final = {
    **dict.fromkeys(("unit", "person", "zh", "en", "due_at", "rule", "basis", "command"), _TEXT),
    "provisional": {"type": "boolean"},
    "not_by": _LINES,
    "then": {**_OBJECTS, "description": "what happens by itself, and when"},
}
CLOCK_SCHEMAS: Final[dict[str, Any]] = {
    "Deadlines": {
        "type": "object",
        "properties": {"clocks": list_of(**_CLOCK)},
    },
    "WhatNext": {
        "type": "object",
        "properties": {"next": list_of(**_NEXT)},
    },
}
