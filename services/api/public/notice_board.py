"""What does the public read? The notice board of a finished month, for everybody, kept by caches for an hour."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final

import orjson
from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from domain.values import LOCAL_ZONE
from projections.notice_board import notice_board
from services.api.door.limits import Kind
from services.api.door.problems import FieldProblem, Malformed
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.persistence.scope import Scope

_CACHED: Final = {"Cache-Control": "public, max-age=3600"}
_NOT_OVER: Final = FieldProblem(
    "query.month",
    "month-not-over",
    "只公布已经过去的月份，如 2026-02。",
    "Only months that are over are published, such as 2026-02.",
)

Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class NoticeBoardQuery(Query):
    """`GET /api/v1/notice-board`; without a month, the last one that is over."""

    month: Month | None = None


class Board:
    """The handler of the notice board."""

    def __init__(self, parts: ApiParts, threads: Threads) -> None:
        self._parts = parts
        self._threads = threads

    async def board(self, request: Request) -> Response:
        """`GET /api/v1/notice-board`."""
        self._parts.limiter.hit(Kind.PUBLIC, self._parts.address_of(request))
        query = query_of(request, NoticeBoardQuery)
        this_month = _first_day(self._parts.clock().astimezone(LOCAL_ZONE))
        since = _moved(this_month, -1) if query.month is None else _read(query.month)
        if since >= this_month:
            raise Malformed(_NOT_OVER)
        body = await self._threads.run(partial(self._look, since, _moved(this_month, -1)))
        return Response(body, 200, _CACHED, "application/json")

    def _look(self, since: datetime, latest: datetime) -> bytes:
        plan = self._parts.plan_now()
        with self._parts.reading(Scope.whole()) as connection:
            found = notice_board(connection, since.strftime("%Y-%m"), since, _moved(since, 1), plan.categories)
        document: dict[str, Any] = {
            "month": found.month,
            "latest": latest.strftime("%Y-%m"),
            "villages": found.villages,
            "categories": [
                {"category": key, "zh": plan.categories[key].zh, "en": plan.categories[key].en, "registered": count}
                for key, count in found.categories.items()
                if key in plan.categories
            ],
            "items": found.items,
        }
        return orjson.dumps(document)


def _first_day(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _read(month: str) -> datetime:
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=LOCAL_ZONE)


def _moved(first: datetime, months: int) -> datetime:
    place = first.year * 12 + first.month - 1 + months
    return first.replace(year=place // 12, month=place % 12 + 1)
