"""Which meetings are there, and what is put down so far about each item of one? Called by app.py.

Items say what it takes to act on them: who may vote, what was said, which others share the cause, the issue's version.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from domain.context import Context
from domain.errors import NotFound
from domain.issue.state import Issue
from domain.ledger_views import View, view_of
from domain.meeting.events import AgendaItem, PointRecorded
from domain.meeting.state import Meeting, fold_meeting
from domain.meeting.voting import recused
from domain.meeting.words import OF_COMMITTEE, MeetingKind
from projections import issue_ledger, meeting_register
from projections.issue_ledger import LedgerFilter, LedgerLine
from projections.meeting_register import MeetingLine
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer, list_of, members_of
from services.api.door.queries import (
    Flag,
    IssueNumber,
    PageQuery,
    PageSize,
    Query,
    WholeNumber,
    page_and_next,
    place_of,
    query_of,
    read_cursor,
)
from services.api.door.threads import Threads
from services.api.office.meetings import known_items, shown_item
from services.api.office.numbers import id_of
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.persistence.scope import Scope
from services.privacy.columns import without_hidden
from services.privacy.looks import Seen


class MeetingsQuery(PageQuery):
    """`GET /api/v1/meetings`. `over`: only those that sat or failed, or only those still to come."""

    kind: MeetingKind | None = None
    over: Flag | None = None


class ItemsQuery(Query):
    """`GET /api/v1/meetings/{id}/items`. `after`: what the page before gave as `next`; `number`: this item alone."""

    number: IssueNumber | None = None
    after: Annotated[int, Field(ge=0, le=10_000), WholeNumber] = 0
    limit: PageSize = 50


class MeetingLists:
    """The handlers of both."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def meetings(self, request: Request) -> Response:
        """`GET /api/v1/meetings`, the latest first."""
        account = await self._people.case_reader(request)
        query = query_of(request, MeetingsQuery)
        return await self._threads.run(partial(self._meetings, account, query))

    async def items(self, request: Request) -> Response:
        """`GET /api/v1/meetings/{id}/items`, in the agenda's order."""
        account = await self._people.case_reader(request)
        query = query_of(request, ItemsQuery)
        return await self._threads.run(partial(self._items, account, request.path_params["id"], query))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _meetings(self, account: Account, query: MeetingsQuery) -> Response:
        """The register names places only, so the reader's own are asked for here."""
        at, key = read_cursor(query) or (None, None)
        asked = {
            "townships": None if account.townships is None else sorted(account.townships),
            "places": self._places(account),
            "kind": query.kind,
            "over": query.over,
            "at": at,
            "key": key,
            "limit": query.limit + 1,
        }
        with self._parts.reading(Scope.whole()) as connection:
            found = meeting_register.page(connection, asked)
        shown, following = page_and_next(query, found, place_of)
        return answer({"items": [self._in_short(line) for line in shown], "next": following})

    def _places(self, account: Account) -> list[str] | None:
        """The villages of one's own and whatever they belong to: whose meetings are one's business."""
        if account.villages is None:
            return None
        organisation = self._parts.directory.organisation()
        return sorted({place.code for village in account.villages for place in organisation.upwards(village)})

    def _in_short(self, line: MeetingLine) -> dict[str, Any]:
        """A line without what tells one page from the next, and with its place's name."""
        place = self._parts.directory.organisation().place(line.place) if line.place else None
        plain = {name: value for name, value in members_of(line).items() if name not in ("at", "key", "position")}
        return {**plain, "place_name": place.name if place else None}

    def _items(self, account: Account, given: str, query: ItemsQuery) -> Response:
        events = tuple(self._parts.casework.history(id_of(given)))
        meeting = fold_meeting(events)
        if meeting is None or not account.covers_township(meeting.township):
            raise NotFound
        known = list(enumerate(known_items(meeting, account), 1))
        wanted = [(nth, it) for nth, it in known if nth > query.after and query.number in (None, it.number)]
        shown = wanted[: query.limit]
        points = self._points([it for it in events if isinstance(it, PointRecorded)], [it for _, it in shown], account)
        lines = self._lines([it.number for _, it in shown], account)
        told = [
            {
                **self._item(meeting, item, account),
                **lines.get(item.number, _NOTHING_KNOWN),
                "nth": nth,
                "of": len(known),
                "points": points.get(item.issue_id, []),
            }
            for nth, item in shown
        ]
        following = shown[-1][0] if len(wanted) > query.limit else None
        return answer({"items": told, "next": following}, version=meeting.version)

    def _points(
        self, points: list[PointRecorded], items: list[AgendaItem], account: Account
    ) -> dict[UUID | None, list[dict[str, Any]]]:
        asked = {it.issue_id for it in items}
        said = [it for it in points if it.issue_id in asked]
        rows = self._parts.unsealing.as_history(as_reader(account), [{"point": it.point} for it in said], Seen.HISTORY)
        found: dict[UUID | None, list[dict[str, Any]]] = {}
        for event, row in zip(said, rows, strict=True):
            line = {"by": event.actor.user, "at": event.occurred_at, "point": row["point"]}
            found.setdefault(event.issue_id, []).append(line)
        return found

    def _lines(self, numbers: list[str], account: Account) -> dict[str, dict[str, Any]]:
        """What the ledger says of these issues, as far as this reader sees it."""
        wanted = LedgerFilter(numbers=tuple(numbers), barred=account.barred)
        with self._parts.reading(Scope.of(account)) as connection:
            found = issue_ledger.page(connection, wanted, limit=len(numbers) or 1)
        seen = [without_hidden(account.role, line) for line in found]
        opened = self._parts.unsealing.lines(as_reader(account), [_titled(line) for line in seen])
        return {line.number: {name: getattr(line, name) for name in _NOTHING_KNOWN} for line in opened}

    def _item(self, meeting: Meeting, item: AgendaItem, account: Account) -> dict[str, Any]:
        issue = self._parts.casework.issue(item.issue_id)
        if issue is None:
            raise NotFound
        shared = list(self._sharing(meeting, issue, account))
        return {
            **shown_item(meeting, item),
            "stage": issue.stage,
            "issue_version": issue.version,
            "voters": self._voters(meeting, issue),
            "subsidy_asked": issue.subsidy_asked,
            "cause": issue.cause if shared else None,
            "shares_cause": shared,
        }

    def _voters(self, meeting: Meeting, issue: Issue) -> list[str] | None:
        """Who is there and has no interest; None where nobody votes."""
        if meeting.kind not in OF_COMMITTEE or meeting.rules is None:
            return None
        parts = self._parts
        context = Context(parts.clock(), parts.plan_now(), parts.directory.calendar(), parts.directory)
        return sorted(meeting.present - recused(meeting, issue, context))

    def _sharing(self, meeting: Meeting, issue: Issue, account: Account) -> Iterator[str]:
        """Numbers of the other items of the same cause that wait here too, as far as the reader may know of a cause."""
        if issue.cause is None or view_of("issues", "cause", account.role) is not View.WORDS:
            return
        settled = {issue.issue_id, *meeting.dealt_with}
        others = (it for it in known_items(meeting, account) if it.issue_id not in settled)
        for item in islice(others, _MOST_COMPARED):
            other = self._parts.casework.issue(item.issue_id)
            if other is not None and other.cause == issue.cause:
                yield item.number


def _titled(line: LedgerLine) -> LedgerLine:
    """Without the words that a list of items does not show: they are neither opened nor looked at."""
    return replace(line, description="", place=None, source=None, measures=None, remark=None)


_MOST_COMPARED: Final = 200
_NOTHING_KNOWN: Final = dict.fromkeys(("title", "category", "village_name", "unit", "person", "due_at"))
_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_COUNT: Final = {"type": "integer"}
_NAMES: Final = {"type": "array", "items": _TEXT}
MEETING_LIST_SCHEMAS: Final[dict[str, Any]] = {
    "MeetingList": {
        "type": "object",
        "properties": {
            "items": list_of(
                meeting_id=_TEXT, kind=_TEXT, phase=_TEXT, township=_TEXT, place=_TEXT_OR_NONE,
                place_name=_TEXT_OR_NONE, period=_TEXT_OR_NONE, cut_off=_TEXT_OR_NONE, meet_by=_TEXT_OR_NONE,
                held_at=_TEXT_OR_NONE, items=_COUNT, decided=_COUNT, disposed=_COUNT, confirm_by=_TEXT_OR_NONE,
                confirmed_by=_TEXT_OR_NONE,
            ),
            "next": {**_TEXT_OR_NONE, "description": "cursor of the next page"},
        },
    },
    "MeetingItems": {
        "type": "object",
        "properties": {
            "items": list_of(
                number=_TEXT, nth=_COUNT, of=_COUNT, stage=_TEXT, title=_TEXT_OR_NONE, category=_TEXT_OR_NONE,
                village_name=_TEXT_OR_NONE, unit=_TEXT_OR_NONE, person=_TEXT_OR_NONE, due_at=_TEXT_OR_NONE,
                issue_version={**_COUNT, "description": "for the If-Match of decide-submission"},
                voters={**_NAMES, "type": ["array", "null"], "description": "who may vote; null: nobody votes here"},
                points=list_of(by=_TEXT, at=_TEXT, point=_TEXT),
                cause=_TEXT_OR_NONE, shares_cause=_NAMES,
            ),
            "next": {"type": ["integer", "null"], "description": "`after` of the next page"},
        },
    },
}  # fmt: skip
