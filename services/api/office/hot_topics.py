"""What is spoken of more often than before? Topics of a closed list, counted in the reader's own cases.

Joined by the dashboard's pages. For roles that read what cases are about; words are counted and nobody is shown one.
"""

from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound, RoleNotAllowed
from domain.ledger_views import LEDGERS, View
from domain.periods import Cycle, Period, period_named
from domain.values import VillageCode
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of
from services.api.door.queries import PeriodName, Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.persistence.scope import Scope
from services.suggestions.hot_topics import HotTopic

READERS: Final = frozenset(role for role, view in LEDGERS["issues"]["description"].items() if view is not View.NOTHING)


class HotTopicsQuery(Query):
    """`GET /api/v1/hot-topics`. `period`: left out, the running month; `place`: a village, a station or a township."""

    period: PeriodName | None = None
    place: VillageCode | None = None


class HotTopicReads:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def hot(self, request: Request) -> Response:
        """`GET /api/v1/hot-topics`."""
        account = await self._people.case_reader(request)
        if account.role not in READERS:
            raise RoleNotAllowed
        query = query_of(request, HotTopicsQuery)
        return await self._threads.run(partial(self._hot, account, query))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _hot(self, account: Account, query: HotTopicsQuery) -> Response:
        now = self._parts.clock()
        period = period_named(query.period) if query.period else Period.containing(now, Cycle.MONTH)
        villages = self._villages(account, query.place)
        with self._parts.reading(Scope.of(account)) as connection:
            found = self._parts.suggestions.hot(connection, villages, period, now)
        by_village = [
            {"village": village, "topics": [_shown(it) for it in hot]} for village, hot in found.by_village.items()
        ]
        asked = {"period": period.name, "before": period.previous().name, "place": query.place}
        told = {"topics": [_shown(it) for it in found.everywhere], "by_village": by_village, "whole": found.whole}
        return answer({**asked, **told})

    def _villages(self, account: Account, place: str | None) -> frozenset[str] | None:
        """Those of a place that are the reader's business. Raises NotFound if there are none."""
        if place is None:
            return account.villages
        own = frozenset(filter(account.covers_village, self._parts.directory.villages_under(place)))
        if not own:
            raise NotFound
        return own


def _shown(hot: HotTopic) -> dict[str, Any]:
    plain = {name: getattr(hot, name) for name in ("topic", "count", "before", "rises")}
    return {**plain, "zh": hot.said.zh, "en": hot.said.en}


_TEXT: Final = {"type": "string"}
_TOPIC: Final = {
    "topic": _TEXT,
    "count": {"type": "integer", "minimum": 5},
    "before": {"type": ["integer", "null"], "minimum": 5, "description": "null: fewer than five"},
    "rises": {"type": "boolean", "description": "at least half as often again as before"},
    "zh": _TEXT,
    "en": _TEXT,
}
HOT_TOPIC_SCHEMAS: Final[dict[str, Any]] = {
    "HotTopics": {
        "type": "object",
        "properties": {
            "period": _TEXT,
            "before": {**_TEXT, "description": "the period compared with; of a running one as many days"},
            "place": {"type": ["string", "null"]},
            "topics": list_of(**_TOPIC),
            "by_village": list_of(village=_TEXT, topics=list_of(**_TOPIC)),
            "whole": {"type": "boolean", "description": "false: only the newest issues were counted"},
        },
    },
}
