"""What happened to an issue event by event, and what changed between two moments, of it or of the whole ledger?

Whoever reads a case may replay it, as far as they see its words: `domain/ledger_views.py` says how far.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Annotated, Any, Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from domain.values import GivenMoment, VillageCode
from projections.dashboard_source import When
from projections.ledger_moments import Axis, ledger_days
from projections.moments import told_by
from projections.one_stream import Stored
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer, list_of
from services.api.door.queries import HistoryQuery, IssueNumber, PageSize, Query, WholeNumber, query_of
from services.api.door.threads import Threads
from services.api.office.numbers import issue_in_sight
from services.api.parts import ApiParts
from services.audit import differences
from services.audit.differences import Eyes
from services.audit.replay import hidden_from, opened, replayed, shown, stream_of
from services.identity.accounts import Account
from services.persistence.scope import Scope

Version = Annotated[int, Field(ge=0), WholeNumber]


class IssueDifferenceQuery(HistoryQuery):
    """`GET /api/v1/issues/{number}/difference`: from one moment, or version, to another, or to the present."""

    against_as_of: GivenMoment | None = None
    against_known_at: GivenMoment | None = None
    from_version: Version | None = None
    to_version: Version | None = None


class LedgerDifferenceQuery(Query):
    """`GET /api/v1/ledgers/issues/difference`: from the ledger as of one moment to another; `after`: a number."""

    village: VillageCode | None = None
    as_of: GivenMoment | None = None
    known_at: GivenMoment | None = None
    against_as_of: GivenMoment | None = None
    against_known_at: GivenMoment | None = None
    after: IssueNumber | None = None
    limit: PageSize = 50


class LedgerDaysQuery(Query):
    """`GET /api/v1/ledgers/issues/days`: by what happened or by what was recorded."""

    village: VillageCode | None = None
    axis: Axis = "occurred"
    limit: PageSize = 200


class ReplayReads:
    """The handlers: for everybody who reads cases."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def replay(self, request: Request) -> Response:
        """`GET /api/v1/issues/{number}/replay`."""
        account = await self._people.case_reader(request)
        query, number = query_of(request, HistoryQuery), request.path_params["number"]
        return await self._threads.run(partial(self._replay, account, number, query))

    async def difference(self, request: Request) -> Response:
        """`GET /api/v1/issues/{number}/difference`."""
        account = await self._people.case_reader(request)
        query, number = query_of(request, IssueDifferenceQuery), request.path_params["number"]
        return await self._threads.run(partial(self._difference, account, number, query))

    async def ledger_difference(self, request: Request) -> Response:
        """`GET /api/v1/ledgers/issues/difference`."""
        account = await self._people.case_reader(request)
        query = query_of(request, LedgerDifferenceQuery)
        return await self._threads.run(partial(self._ledger_difference, account, query))

    async def days(self, request: Request) -> Response:
        """`GET /api/v1/ledgers/issues/days`."""
        account = await self._people.case_reader(request)
        query = query_of(request, LedgerDaysQuery)
        return await self._threads.run(partial(self._days, account, query))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _replay(self, account: Account, number: str, query: HistoryQuery) -> Response:
        stream, late_after = self._stream(account, number), self._parts.plan_now().recording.late_after_days
        when = When(query.as_of, query.known_at)
        with self._parts.connect() as connection:
            steps = replayed(connection, stream, late_after=timedelta(days=late_after), when=when)
        told = opened(steps, self._parts.unsealing, as_reader(account), hidden_from(account.role))
        return answer({"number": number, "events": len(stream), "steps": [shown(step) for step in told]})

    def _difference(self, account: Account, number: str, query: IssueDifferenceQuery) -> Response:
        stream = self._stream(account, number)
        one = _cut(stream, When(query.as_of, query.known_at), query.from_version)
        other = _cut(stream, When(query.against_as_of, query.against_known_at), query.to_version)
        return answer({"number": number, **_members(differences.difference(one, other, self._eyes(account)))})

    def _stream(self, account: Account, number: str) -> list[Stored]:
        """The issue's events, for whoever may see it. Raises NotFound."""
        issue = issue_in_sight(self._parts.casework, account, number)
        with self._parts.connect() as connection:
            return stream_of(connection, issue.issue_id)

    def _eyes(self, account: Account) -> Eyes:
        return Eyes(self._parts.unsealing, as_reader(account), account.role)

    def _ledger_difference(self, account: Account, query: LedgerDifferenceQuery) -> Response:
        self._require_village(account, query.village)
        one, other = When(query.as_of, query.known_at), When(query.against_as_of, query.against_known_at)
        asked: dict[str, Any] = {"village": query.village}
        with self._parts.reading(Scope.of(account)) as connection:
            page: dict[str, Any] = {"after": query.after or "", "limit": query.limit + 1}
            found = differences.touched(connection, one, other, **asked, **page)
            total = differences.count_touched(connection, one, other, **asked) if query.after is None else None
        page_of, more = found[: query.limit], len(found) > query.limit
        ids = [issue_id for _, issue_id in page_of]
        with self._parts.connect() as connection:
            rows = differences.ledger_difference(connection, ids, one, other, self._eyes(account))
        return answer({"total": total, "rows": rows, "next": page_of[-1][0] if more else None})

    def _days(self, account: Account, query: LedgerDaysQuery) -> Response:
        self._require_village(account, query.village)
        with self._parts.reading(Scope.of(account)) as connection:
            days = ledger_days(connection, query.axis, query.village, query.limit)
        return answer({"axis": query.axis, "days": days})

    def _require_village(self, account: Account, village: str | None) -> None:
        if village is not None and not account.covers_village(village):
            raise NotFound


def _cut(stream: Sequence[Stored], when: When, version: int | None) -> list[Stored]:
    told = list(told_by(stream, when))
    return told if version is None else told[:version]


def _members(found: differences.IssueDifference) -> dict[str, Any]:
    return {"versions": found.versions, "between": found.between, "state": found.state, "row": found.row}


_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_COUNT: Final = {"type": "integer"}
_DAY: Final = {"type": "string", "description": "2026-03-01"}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_COUNT_OR_NONE: Final = {"type": ["integer", "null"]}
_OBJECT: Final = {"type": "object"}
_OBJECT_OR_NONE: Final = {"type": ["object", "null"]}
_CHANGES: Final = list_of(field=_TEXT, before={}, after={}, zh=_TEXT, en=_TEXT)
_ROW: Final = {
    "number": _TEXT,
    "kind": {"type": "string", "enum": list(differences.Kind)},
    "changes": _CHANGES,
    "before": {**_OBJECT_OR_NONE, "description": "the whole row at the one moment; null: there was none"},
    "after": {**_OBJECT_OR_NONE, "description": "at the other"},
}
_STEP: Final = {
    **dict.fromkeys(("topic", "zh", "en", "actor_user", "actor_role", "command_id"), _TEXT),
    **dict.fromkeys(("occurred_at", "recorded_at", "counts_from", "known_from"), _MOMENT),
    **dict.fromkeys(("causation", "sent_to", "on_behalf_of"), _TEXT_OR_NONE),
    "version": _COUNT,
    "position": {**_COUNT_OR_NONE, "description": "in the sealed log; null for a moment after it was recorded"},
    "late": {"type": "boolean", "description": "recorded later than the plan lets pass unsaid"},
    "details": _OBJECT,
    "commands": {"type": "array", "items": _TEXT, "description": "what may have caused it; mostly one"},
    "rules": list_of(id=_TEXT, zh=_TEXT, en=_TEXT),
    "limits": {"type": "array", "items": _OBJECT, "description": "which clock of which plan, by which row of it"},
    "checkpoint": {**_OBJECT_OR_NONE, "description": "the first signed head that covers it: size, signed_at"},
    "state": {**_OBJECT, "description": "after it, field by field"},
    "changes": {**_CHANGES, "description": "against the state before"},
}
REPLAY_SCHEMAS: Final[dict[str, Any]] = {
    "Replay": {"type": "object", "properties": {"number": _TEXT, "events": _COUNT, "steps": list_of(**_STEP)}},
    "IssueDifference": {
        "type": "object",
        "properties": {
            "number": _TEXT,
            "versions": {"type": "array", "items": _COUNT, "description": "how many events counted at each moment"},
            "between": {"type": "array", "items": _COUNT, "description": "versions that count at one moment only"},
            "state": _CHANGES,
            "row": {"type": ["object", "null"], "properties": _ROW},
        },
    },
    "LedgerDifference": {
        "type": "object",
        "properties": {
            "total": {**_COUNT_OR_NONE, "description": "issues touched between the moments; told with the first page"},
            "rows": list_of(**_ROW),
            "next": {**_TEXT_OR_NONE, "description": "`after` of the next page"},
        },
    },
    "LedgerDays": {
        "type": "object",
        "properties": {"axis": _TEXT, "days": list_of(day=_DAY, events=_COUNT, issues=_COUNT)},
    },
}
REPLAY_READS: Final[tuple[tuple[str, str, type[Query], str], ...]] = (
    ("/api/v1/issues/{number}/replay", "回放 Each event with the state after it, and why", HistoryQuery, "Replay"),
    (
        "/api/v1/issues/{number}/difference",
        "两时点之差 What changed of it between two moments or versions",
        IssueDifferenceQuery,
        "IssueDifference",
    ),
    (
        "/api/v1/ledgers/issues/difference",
        "台账两时点之差 Rows added, gone and changed between two moments",
        LedgerDifferenceQuery,
        "LedgerDifference",
    ),
    ("/api/v1/ledgers/issues/days", "有记录的日子 Days on which anything happened", LedgerDaysQuery, "LedgerDays"),
)
"""Path, summary, query and answer, for the API's description."""
