"""What can be looked up? Issues, histories, ledgers and the dashboard, from the read models, within the reader's scope.

The read models follow the log by moments; whoever has just written waits for them here, briefly, to read it back.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound, RoleNotAllowed
from domain.events import DomainEvent
from domain.fund.state import Fund
from domain.fund.state import fold as fold_fund
from domain.ledger_views import LEDGER_READERS
from domain.meeting.state import Meeting, fold_meeting
from projections import issue_history, issue_ledger
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer, members_of
from services.api.door.problems import NoSuchPath, NotVisibleYet
from services.api.door.queries import (
    FormQuery,
    HistoryQuery,
    IssuesQuery,
    LedgerQuery,
    PetitionsQuery,
    Query,
    RepliesQuery,
    SummariesQuery,
    page_and_next,
    place_of,
    query_of,
    read_cursor,
)
from services.api.door.threads import Threads
from services.api.office.file_lists import files_of
from services.api.office.funds import shown_fund
from services.api.office.issue_pages import IssuePages
from services.api.office.meetings import shown_meeting, shown_minutes
from services.api.office.numbers import id_of, issue_id_in_scope
from services.api.parts import ApiParts
from services.exports.called import called
from services.exports.form import opened
from services.exports.forms import FORMS
from services.exports.rows import seen_villages
from services.identity.accounts import Account
from services.persistence.scope import Scope
from services.privacy.columns import without_hidden
from services.privacy.looks import Seen

_PAUSES: Final = (0.02, 0.04, 0.08, 0.16, 0.3, 0.4, 0.5)  # seconds; in all as long as a read may wait for the followers


_QUERIES: Final[Mapping[str, type[FormQuery]]] = {
    "petitions": PetitionsQuery, "replies": RepliesQuery, "summaries": SummariesQuery,
}  # fmt: skip
"""Of the ledgers that can be asked for by more than all of them."""
Fold = Callable[[Iterable[DomainEvent]], Meeting | Fund | None]
Show = Callable[[Any, Account], Any]


def query_model(ledger: str) -> type[FormQuery]:
    """What a ledger that is a form can be asked for by."""
    return _QUERIES.get(ledger, FormQuery)


class Reads:
    """The handlers of every GET that shows cases or counts."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads
        self._pages = IssuePages(parts)

    async def issues(self, request: Request) -> Response:
        """`GET /api/v1/issues`."""
        account = await self._people.case_reader(request)
        query = query_of(request, IssuesQuery)
        return await self._threads.run(partial(self._pages.listed, account, query))

    async def issue(self, request: Request) -> Response:
        """`GET /api/v1/issues/{number}`."""
        account = await self._people.case_reader(request)
        query_of(request, Query)
        return await self._when_caught_up(partial(self._issue, account, request.path_params["number"]))

    async def history(self, request: Request) -> Response:
        """`GET /api/v1/issues/{number}/history`."""
        account = await self._people.case_reader(request)
        query = query_of(request, HistoryQuery)
        return await self._when_caught_up(partial(self._history, account, request.path_params["number"], query))

    async def ledger(self, request: Request) -> Response:
        """`GET /api/v1/ledgers/{name}`."""
        account = await self._people.case_reader(request)
        name = request.path_params["name"]
        if name != "issues" and name not in FORMS:
            raise NoSuchPath
        if name == "issues":
            return await self._threads.run(partial(self._pages.form, account, query_of(request, LedgerQuery)))
        query = query_of(request, query_model(name))
        if account.role not in LEDGER_READERS[name]:
            raise RoleNotAllowed
        return await self._threads.run(partial(self._form, account, name, query))

    async def meeting(self, request: Request) -> Response:
        """`GET /api/v1/meetings/{id}`."""
        return await self._from_log(request, fold_meeting, shown_meeting)

    async def minutes(self, request: Request) -> Response:
        """`GET /api/v1/meetings/{id}/minutes`."""
        account = await self._people.case_reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._minutes, account, request.path_params["id"]))

    async def fund(self, request: Request) -> Response:
        """`GET /api/v1/funds/{id}`."""
        return await self._from_log(request, fold_fund, lambda fund, _: shown_fund(fund))

    async def _from_log(self, request: Request, fold: Fold, show: Show) -> Response:
        account = await self._people.case_reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._folded, fold, show, account, request.path_params["id"]))

    async def _when_caught_up(self, look: Callable[[bool], Response | None]) -> Response:
        for pause in _PAUSES:
            if found := await self._threads.run(partial(look, False)):
                return found
            await asyncio.sleep(pause)
        found = await self._threads.run(partial(look, True))
        if found is None:
            raise NotVisibleYet
        return found

    # -- in a thread: `at_last` means that there is no more time to wait for the followers ------------------------

    def _form(self, account: Account, name: str, query: FormQuery) -> Response:
        """Any ledger but that of issues."""
        form, after = FORMS[name], read_cursor(query) or (None, None)
        filters = query.model_dump(exclude={"limit", "cursor"})
        asked = {
            **filters,
            "villages": seen_villages(account),
            "at": after[0],
            "key": after[1],
            "limit": query.limit + 1,
        }
        with self._parts.reading(Scope.of(account)) as connection:
            found, names = form.ask(connection, asked), called(connection)
        page, following = page_and_next(query, found, place_of)
        lines = opened(form, self._parts.unsealing, as_reader(account), page, self._parts.plans(), names)
        shown: dict[str, Any] = {"ledger": name, "title": form.title, "columns": list(form.columns)}
        if form.ref:
            shown["refs"] = [form.ref(line) for line in page]
        return answer({**shown, "rows": [form.row(line) for line in lines], "next": following})

    def _issue(self, account: Account, number: str, at_last: bool) -> Response | None:
        version = self._version(account, number)
        with self._parts.reading(Scope.of(account)) as connection:
            line = issue_ledger.entry(connection, number)
        if line is None or (line.version < version and not at_last):
            return None
        seen = without_hidden(account.role, line)
        (line,) = self._parts.unsealing.lines(as_reader(account), [seen], Seen.ISSUE)
        files = files_of(self._parts, self._parts.casework.history(line.issue_id))
        return answer({**members_of(line), "files": files}, version=line.version)

    def _history(self, account: Account, number: str, query: HistoryQuery, at_last: bool) -> Response | None:
        version = self._version(account, number)
        late_after = timedelta(days=self._parts.plan_now().recording.late_after_days)
        with self._parts.reading(Scope.of(account)) as connection:
            lines = issue_history.history(
                connection, number, late_after=late_after, as_of=query.as_of, known_at=query.known_at
            )
            names = called(connection)
        is_whole = query.as_of is None and query.known_at is None
        if is_whole and (not lines or (lines[-1].version < version and not at_last)):
            return None
        told = names.history(self._parts.unsealing.history(as_reader(account), lines))
        return answer({"number": number, "items": told})

    def _version(self, account: Account, number: str) -> int:
        """The issue's version in the log, for whoever may see it. Raises NotFound."""
        casework = self._parts.casework
        issue = casework.issue(issue_id_in_scope(casework, account, number))
        if issue is None or not account.covers(issue.village, issue.department):
            raise NotFound
        if issue.concerns in account.barred:
            raise NotFound
        return issue.version

    def _minutes(self, account: Account, given: str) -> Response:
        events = tuple(self._parts.casework.history(id_of(given)))
        meeting = fold_meeting(events)
        if meeting is None or not account.covers_township(meeting.township):
            raise NotFound
        shown = shown_minutes(meeting, events, account, self._parts.casework, self._parts.unsealing)
        return answer(shown, version=meeting.version)

    def _folded(self, fold: Fold, show: Show, account: Account, given: str) -> Response:
        found = fold(self._parts.casework.history(id_of(given)))
        if found is None or not account.covers_township(found.township):
            raise NotFound
        return answer(show(found, account), version=found.version)
