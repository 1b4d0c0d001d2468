"""What is short of visits and presence, as the dashboard shows it: each duty as it was counted last, and of whom.

Counted by the process when it reminds and when a period closes; the ledger of coverage holds every period.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound, RoleNotAllowed
from domain.ledger_views import LEDGER_READERS
from domain.values import GivenMoment, VillageCode
from projections.visit_coverage import CoverageLine, newest_coverage
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.persistence.scope import Scope


class CoverageQuery(Query):
    """`GET /api/v1/dashboard/coverage`: what was counted by `as_of`."""

    village: VillageCode | None = None
    as_of: GivenMoment | None = None


class CoverageReads:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def coverage(self, request: Request) -> Response:
        """`GET /api/v1/dashboard/coverage`."""
        account = await self._people.case_reader(request)
        query = query_of(request, CoverageQuery)
        if account.role not in LEDGER_READERS["coverage"]:
            raise RoleNotAllowed
        return await self._threads.run(partial(self._coverage, account, query))

    def _coverage(self, account: Account, query: CoverageQuery) -> Response:
        if query.village is not None and not account.covers_village(query.village):
            raise NotFound
        until: datetime = query.as_of or self._parts.clock()
        with self._parts.reading(Scope.of(account)) as connection:
            lines = newest_coverage(connection, query.village, until)
        return answer({"at": until, "duties": list(_duties(lines))})


def _duties(lines: Sequence[CoverageLine]) -> Iterator[dict[str, Any]]:
    for rule, of_rule in groupby(lines, lambda line: line.rule):
        asked = list(of_rule)
        short = [line for line in asked if line.shortfall]
        first = asked[0]
        yield {
            "rule": rule,
            "basis": first.basis,
            "measure": first.measure,
            "period": first.period,
            "asked": len(asked),
            "met": len(asked) - len(short),
            "short": [_line(line) for line in short],
        }


def _line(line: CoverageLine) -> dict[str, Any]:
    names = ("place", "place_name", "officer", "quota", "done", "part", "whole", "shortfall", "closed")
    return {name: getattr(line, name) for name in names}


_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_NUMBER_OR_NONE: Final = {"type": ["integer", "null"]}
_COUNT: Final = {"type": "integer"}
COVERAGE_SCHEMAS: Final[dict[str, Any]] = {
    "DashboardCoverage": {
        "type": "object",
        "properties": {
            "at": {"type": "string", "format": "date-time"},
            "duties": list_of(
                rule=_TEXT, basis=_TEXT, measure=_TEXT_OR_NONE, period=_TEXT, asked=_COUNT, met=_COUNT,
                short=list_of(
                    place=_TEXT, place_name=_TEXT_OR_NONE, officer=_TEXT_OR_NONE, quota=_COUNT, done=_NUMBER_OR_NONE,
                    part=_NUMBER_OR_NONE, whole=_NUMBER_OR_NONE, shortfall=_COUNT, closed={"type": "boolean"},
                ),
            ),
        },
    },
}  # fmt: skip
