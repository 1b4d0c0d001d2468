"""Which days are worked? A year's holiday table in force, and what is proposed for it.

Changes are commands like any other (writing.py). Everybody in a post sees the tables.
"""

from functools import partial
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of
from services.api.door.queries import PageSize, Query, WrittenId, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.holiday_effects import affected
from services.holidays import shown_year
from services.identity.accounts import Account
from services.persistence.scope import Scope


class AffectedQuery(Query):
    """`GET /api/v1/holidays/{year}/affected`. `after`: what the page before gave as `next`."""

    limit: PageSize = 50
    after: WrittenId | None = None


class HolidayReads:
    """The handlers of `GET /api/v1/holidays/...`."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def year(self, request: Request) -> Response:
        """`GET /api/v1/holidays/{year}`; its ETag is what If-Match expects."""
        await self._people.reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._shown, year_of(request)))

    async def affected(self, request: Request) -> Response:
        """`GET /api/v1/holidays/{year}/affected`: of the cases within the reader's scope."""
        account = await self._people.case_reader(request)
        query = query_of(request, AffectedQuery)
        return await self._threads.run(partial(self._affected, account, year_of(request), query))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _shown(self, year: int) -> Response:
        holidays = self._parts.casework.holidays()
        return answer(shown_year(holidays, year), version=holidays.version or None)

    def _affected(self, account: Account, year: int, query: AffectedQuery) -> Response:
        casework, plan, now = self._parts.casework, self._parts.plan_now(), self._parts.clock()
        with self._parts.reading(Scope.of(account)) as connection:
            after = UUID(query.after) if query.after else None
            return answer(affected(casework, connection, year, plan, now, after=after, limit=query.limit))


def year_of(request: Request) -> int:
    """The year that the path names. Raises NotFound."""
    given: str = request.path_params["year"]
    if not (given.isascii() and given.isdecimal() and len(given) == 4 and 2000 <= int(given) <= 2199):
        raise NotFound
    return int(given)


_DAYS: Final = {"type": "array", "items": {"type": "string", "format": "date"}}
_TEXT: Final = {"type": ["string", "null"]}
_TABLE: Final[dict[str, Any]] = {
    "type": ["object", "null"],
    "properties": {
        "days_off": _DAYS,
        "make_up_days": _DAYS,
        "notice": {"type": "string"},
        "source": _TEXT,
        "since": {**_TEXT, "description": "when it was adopted or proposed; null: as it came with the program"},
        "version": {"type": "integer", "description": "of a proposal: what ConfirmHolidays names"},
    },
}
_MOVED: Final = ("number", "unit", "person", "rule", "was", "due_at", "promise_was", "promise")
HOLIDAY_SCHEMAS: Final[dict[str, Any]] = {
    "HolidaysAffected": {
        "type": "object",
        "properties": {
            "year": {"type": "integer"},
            "notice": {"type": "string"},
            "in_force": {"type": "boolean", "description": "false: as it would be once it is confirmed"},
            "items": list_of(**dict.fromkeys(_MOVED, _TEXT)),
            "next": {"type": ["string", "null"], "description": "`after` of the next page"},
        },
    },
    "HolidayYear": {
        "type": "object",
        "properties": {
            "year": {"type": "integer"},
            "official": {"type": "boolean", "description": "false: no notice yet, deadlines there are provisional"},
            "in_force": _TABLE,
            "proposed": _TABLE,
        },
    },
}
