"""How do spot checks stand? Those of the reader's villages: a list, and one with its findings.

Commands are like any other (writing.py). Of an issue of another village a reader learns nothing here either: it is left
out of what was drawn, and so is what was found in it. The numbers that prove a draw are shown to everybody.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from domain.ledger_views import LEDGER_READERS
from domain.spot_check.state import Check, Found, fold
from domain.values import VillageCode
from projections import spot_checks
from projections.pages import WHOLE
from projections.spot_checks import CheckLine
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer, members_of
from services.api.door.queries import CalendarPeriod, PageQuery, Query, page_and_next, place_of, query_of, read_cursor
from services.api.door.threads import Threads
from services.api.office.file_lists import files_of
from services.api.office.numbers import id_of
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.persistence.scope import Scope
from services.privacy.looks import Seen

_WORDS: Final = ("requirement", "measures", "opinion")


class SpotChecksQuery(PageQuery):
    """`GET /api/v1/spot-checks`. `period`: how it begins: a year, a month or a day."""

    township: VillageCode | None = None
    period: CalendarPeriod | None = None


class SpotCheckReads:
    """The handlers of both."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def checks(self, request: Request) -> Response:
        """`GET /api/v1/spot-checks`."""
        account = await self._people.case_reader(request)
        query = query_of(request, SpotChecksQuery)
        return await self._threads.run(partial(self._listed, account, query))

    async def check(self, request: Request) -> Response:
        """`GET /api/v1/spot-checks/{id}`; its ETag is what If-Match expects."""
        account = await self._people.case_reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._shown, account, request.path_params["id"]))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _listed(self, account: Account, query: SpotChecksQuery) -> Response:
        at, key = read_cursor(query) or (None, None)
        filters = query.model_dump(exclude={"limit", "cursor"})
        asked = {**WHOLE, **filters, "at": at, "key": key, "limit": query.limit + 1}
        with self._parts.reading(Scope.of(account)) as connection:
            found = spot_checks.checks(connection, asked)
        shown, following = page_and_next(query, found, place_of)
        return answer({"items": [_in_short(line) for line in shown], "next": following})

    def _shown(self, account: Account, given: str) -> Response:
        events = tuple(self._parts.casework.history(id_of(given)))
        check = fold(events)
        if check is None or not any(map(account.covers_village, check.villages)):
            raise NotFound
        known = {number for number, found in check.findings.items() if may_know(account, found)}
        files = files_of(self._parts, (it for it in events if getattr(it, "finding", 0) in known))
        return answer({**self._document(check, account), "files": files}, version=check.version)

    def _document(self, check: Check, account: Account) -> dict[str, Any]:
        plain = ("check_id", "version", "township", "kind", "period", "plan", "stations", "reminded", "closed")
        drawn = check.drawn
        return {
            **{name: getattr(check, name) for name in plain},
            "draw": drawn and drawn.model_dump(mode="json", include=_PROOF),
            "items": _own(account, drawn.items if drawn else ()),
            "missing": _own(account, check.missing),
            "hand_in_missed": check.hand_in_missed,
            "findings": list(self._findings(check, account)),
        }

    def _findings(self, check: Check, account: Account) -> Iterator[dict[str, Any]]:
        known = [it for it in check.findings.values() if may_know(account, it)]
        sealed = {f"{it.number}/{name}": text for it in known for name, text in _words(it).items()}
        opened = self._parts.unsealing.texts(as_reader(account), sealed, Seen.LEDGER)
        for found in known:
            asked = found.rectification
            yield {
                "finding": found.number,
                "station": found.station,
                "item": found.item,
                "unit": asked and asked.unit,
                "due_at": asked and asked.due_at,
                "standing": asked and asked.standing,
                "missed": asked is not None and asked.missed,
                "rounds": asked.rounds if asked else 0,
                **{name: opened[f"{found.number}/{name}"] for name in ("problem", *_WORDS)},
            }


def _in_short(line: CheckLine) -> dict[str, Any]:
    """A line without what tells one page from the next."""
    return {name: value for name, value in members_of(line).items() if name not in ("at", "key")}


def _words(found: Found) -> dict[str, str | None]:
    return {"problem": found.problem, **{name: getattr(found.rectification, name, None) for name in _WORDS}}


def may_know(account: Account, found: Found) -> bool:
    """As in the ledger of findings; and whoever has to put it right, in whatever role."""
    if found.rectification is not None and found.rectification.unit == account.place:
        return True
    if account.role not in LEDGER_READERS["findings"]:
        return False
    return found.item is None or bool(_own(account, (found.item,)))


def _own(account: Account, numbers: tuple[str, ...] | list[str]) -> list[str]:
    """The issues of the reader's villages; a department looks its cases up by themselves."""
    if account.departments is not None:
        return []
    return [number for number in numbers if account.covers_village(number.partition("-")[0])]


_PROOF: Final = {
    "head", "head_hash", "seed", "station", "stations_counted", "stations_digest", "items_counted", "items_digest",
    "occurred_at", "hand_in_by", "remind_at",
}  # fmt: skip
_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_NUMBER: Final = {"type": "integer"}
_FLAG: Final = {"type": "boolean"}
_NUMBERS: Final = {"type": "array", "items": _TEXT, "description": "of the reader's own villages"}
_FINDING: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "finding": _NUMBER, "station": _TEXT, "item": _TEXT_OR_NONE, "problem": _TEXT, "unit": _TEXT_OR_NONE,
        "requirement": _TEXT_OR_NONE, "due_at": _TEXT_OR_NONE, "standing": _TEXT_OR_NONE, "missed": _FLAG,
        "rounds": _NUMBER, "measures": _TEXT_OR_NONE, "opinion": _TEXT_OR_NONE,
    },
}  # fmt: skip
SPOT_CHECK_SCHEMAS: Final[dict[str, Any]] = {
    "SpotCheckList": {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"type": "object", "description": "a check in short"}},
            "next": {**_TEXT_OR_NONE, "description": "cursor of the next page"},
        },
    },
    "SpotCheck": {
        "type": "object",
        "properties": {
            "check_id": {"type": "string", "format": "uuid"},
            "version": {**_NUMBER, "description": "for the next If-Match"},
            "township": _TEXT, "kind": _TEXT, "period": _TEXT, "plan": _TEXT,
            "stations": {"type": "array", "items": _TEXT},
            "draw": {"type": ["object", "null"], "description": "what it takes to draw again"},
            "items": _NUMBERS, "missing": _NUMBERS, "hand_in_missed": _FLAG, "reminded": _FLAG, "closed": _FLAG,
            "findings": {"type": "array", "items": _FINDING},
            "files": {"type": "array", "items": {"type": "object"}, "description": "as an issue's"},
        },
    },
}  # fmt: skip
