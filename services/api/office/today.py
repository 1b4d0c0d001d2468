"""What do I owe, by when, and what is the next step? Cases, the most urgent on top; then papers, duties, meetings.

Cases are found by the ledger's indexes and told by the log, so that four eyes, pauses and notices count at once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Any, Final
from uuid import UUID

import psycopg
from starlette.requests import Request
from starlette.responses import Response

from domain.issue.state import Issue
from domain.issue.words import FINAL_STAGES, Stage
from domain.meeting.words import OF_COMMITTEE, MeetingKind
from domain.organisation.words import PlaceKind
from domain.permissions import roles_for
from domain.plan import Plan
from domain.submission.state import Standing
from domain.values import Role
from domain.what_next import BY_ANYBODY, HOUSEHOLD, PROCESS, Next, what_next
from projections import inbox, issue_ledger, owed
from projections.issue_ledger import LedgerFilter, LedgerLine
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.office.commands import path_of
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.persistence.scope import Scope
from services.privacy.columns import without_hidden

_OWN: Final = 60
_SHARED: Final = 40
_ASKED: Final = 20
_WAITING: Final = frozenset(Stage) - FINAL_STAGES
_FIELD: Final = frozenset({Role.CASE_HANDLER, Role.STATION_LEAD})
_LAST: Final = datetime.max.replace(tzinfo=UTC)
Item = dict[str, Any]


class TodayReads:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def today(self, request: Request) -> Response:
        """`GET /api/v1/today`."""
        account = await self._people.case_reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._today, account))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _today(self, account: Account) -> Response:
        now = self._parts.clock()
        cases, more = self._cases(account, now)
        mark = self._parts.notices.marks.of(account.name)
        with self._parts.reading(Scope.of_inbox(account)) as connection:
            unread, _ = inbox.unread(connection, mark)
        counts = {name: sum(it["whose"] == name for it in cases) for name in ("mine", "anybody")}
        late = sum(it["overdue"] for it in cases)
        beside = {"papers": self._papers(account, now), "duties": self._duties(account)}
        told = {"at": now, **counts, "overdue": late, "more": more, "unread": unread}
        return answer({**told, "items": cases, **beside, "meetings": self._meetings(account)})

    def _cases(self, account: Account, now: datetime) -> tuple[list[Item], bool]:
        """What is owed in cases, and whether there are more cases than were looked at."""
        told = self._asked(account)
        with self._parts.reading(Scope.of(account)) as connection:
            ids, more = self._candidates(connection, account)
            ids.update(owed.visible(connection, told))
            found = {issue.number: issue for issue in owed.issues(connection, ids)}
            wanted = LedgerFilter(numbers=tuple(found))
            lines = issue_ledger.page(connection, wanted, limit=len(found)) if found else []
        shown = {line.number: line for line in self._opened(account, lines)}
        items = chain.from_iterable(
            self._owed(account, issue, shown[number], now) for number, issue in found.items() if number in shown
        )
        return sorted(items, key=lambda it: (it["due_at"] or _LAST, it["number"])), more

    def _candidates(self, connection: psycopg.Connection, account: Account) -> tuple[set[UUID], bool]:
        own = owed.own(connection, account.actor.persons, _WAITING, _OWN + 1)
        stages = [stage for stage, commands in BY_ANYBODY.items() if _may(account.role, commands)]
        shared = owed.shared(connection, account.villages, stages, _SHARED + 1) if stages else []
        return {*own[:_OWN], *shared[:_SHARED]}, len(own) > _OWN or len(shared) > _SHARED

    def _asked(self, account: Account) -> list[UUID]:
        """Cases in which this person was asked for more time, at whatever stage."""
        with self._parts.reading(Scope.of_inbox(account)) as connection:
            return owed.told_of(connection, ("extension_asked",), _ASKED)

    def _opened(self, account: Account, lines: Iterable[LedgerLine]) -> Iterator[LedgerLine]:
        """The lines with what names a case, and no other words: what is not shown is not looked at."""
        seen = (without_hidden(account.role, line) for line in lines)
        untold: dict[str, Any] = dict.fromkeys(("place", "source", "measures", "remark"))
        titled = (replace(line, description="" if line.title else line.description, **untold) for line in seen)
        return self._parts.unsealing.lines(as_reader(account), titled)

    def _owed(self, account: Account, issue: Issue, line: LedgerLine, now: datetime) -> Iterator[Item]:
        mine = [(it, whose) for it in what_next(issue, self._plan(issue)) if (whose := _whose(account, it))]
        promised = next((it.due_at for it, _ in mine if it.command is None), None)
        for it, whose in mine:
            if it.command is not None:
                yield {**_case(issue, line), **_told(account, it, whose, now), "promised_at": promised}

    def _plan(self, issue: Issue) -> Plan:
        """In force now where the issue lies."""
        village = self._parts.directory.village(issue.village)
        return self._parts.plans().in_force(self._parts.clock(), village.township if village else None)

    def _papers(self, account: Account, now: datetime) -> list[Item]:
        standings = {Standing.OWED.value} | ({Standing.TO_SIGN.value} if _may(account.role, ("SignHandIn",)) else set())
        with self._parts.reading(Scope.of(account)) as connection:
            found = owed.papers(connection, self._owners(account), standings, now)
        plan = self._parts.plan_now()
        titles = {key: it.title for key, it in plan.submissions.items()}
        return [{**asdict(it), "title": _both(titles.get(it.submission)), "overdue": it.due_at < now} for it in found]

    def _duties(self, account: Account) -> list[owed.DutyShort]:
        places = self._own_places(account) if account.role in _FIELD else ()
        with self._parts.reading(Scope.of(account)) as connection:
            return owed.duties(connection, account.actor.persons, places)

    def _meetings(self, account: Account) -> list[owed.MeetingAhead]:
        """The committee's to its members; a station's or a township's to whoever serves there. They name nobody."""
        committee = account.role is Role.COMMITTEE_MEMBER
        with self._parts.reading(Scope.whole()) as connection:
            own = owed.meetings(connection, account.townships, OF_COMMITTEE, None) if committee else []
            others = frozenset(MeetingKind) - OF_COMMITTEE
            return [*own, *owed.meetings(connection, account.townships, others, self._all_places(account))]

    def _owners(self, account: Account) -> frozenset[str]:
        own = {account.name, account.place, *account.units, *self._own_places(account)}
        return frozenset(own | (account.villages or set()) if account.role in _FIELD else own)

    def _own_places(self, account: Account) -> Collection[str]:
        """Where somebody serves, and the station that it belongs to."""
        upwards = self._parts.directory.organisation().upwards(account.place)
        return {account.place, *(place.code for place in upwards if place.kind is PlaceKind.STATION)}

    def _all_places(self, account: Account) -> Collection[str]:
        return {place.code for place in self._parts.directory.organisation().upwards(account.place)}


def _may(role: Role, commands: Iterable[str]) -> bool:
    return any(role in roles_for(command) for command in commands)


def _whose(account: Account, it: Next) -> str | None:
    """Whether it is theirs, or anybody's who may, them among these; None: somebody else's."""
    if it.person is not None:
        return "mine" if it.person in account.actor.persons else None
    if it.unit in (HOUSEHOLD, PROCESS) or it.command is None or account.actor.persons & set(it.not_by):
        return None
    return "anybody" if account.role in roles_for(it.command) else None


def _case(issue: Issue, line: LedgerLine) -> Item:
    return {
        "number": issue.number,
        "version": issue.version,
        "village": line.village,
        "village_name": line.village_name,
        "title": line.title or line.description[:40],
        "category": line.category,
        "stage": issue.stage,
        "tier": issue.tier,
    }


def _told(account: Account, it: Next, whose: str, now: datetime) -> Item:
    """`command` None: what is owed cannot be done in the post in which they act."""
    may = it.command is not None and account.role in roles_for(it.command)
    return {
        "whose": whose,
        "person": it.person,
        "unit": it.unit,
        "zh": it.zh,
        "en": it.en,
        "due_at": it.due_at,
        "rule": it.rule,
        "basis": it.basis,
        "provisional": it.provisional,
        "overdue": it.due_at is not None and it.due_at < now,
        "then": it.then[:1],
        "command": it.command if may else None,
        "path": path_of(it.command) if may and it.command else None,
    }


def _both(title: Any) -> Mapping[str, str] | None:
    return {"zh": title.zh, "en": title.en} if title else None
