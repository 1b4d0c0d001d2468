"""Which verdicts would be others under another plan? For auditors, of what they may see; nothing is written.

So many issues at once as an answer can wait for; the whole log is `huiyin audit what-if`'s.
"""

from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

import psycopg
from pydantic import BeforeValidator, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import Refusal, RoleNotAllowed
from domain.periods import period_named
from domain.plan import Plan, PlanInvalid
from domain.values import Role, ValueRefused, VillageCode
from domain.what_if.totals import Totals
from domain.what_if.words import IssueChanges
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of
from services.api.door.fields import plan_problems
from services.api.door.problems import Malformed
from services.api.door.queries import PeriodName, Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.audit.other_plan import named_plan, with_entries
from services.audit.what_if import replayed_some, unwriting, world_of
from services.audit.what_if_words import as_members, totals_members
from services.identity.accounts import Account
from services.persistence.scope import Scope

MOST_AT_ONCE: Final = 2_000
"""Issues of one answer: some seconds of work."""
MOST_SHOWN: Final = 200
"""Issues told one by one; the sums count all."""
_ISSUES: Final = """
select issue_id from issue_ledger
where (%(village)s::text is null or village = %(village)s)
and (%(since)s::timestamptz is null or (logged_at >= %(since)s and logged_at < %(until)s))
order by logged_at, number limit %(most)s
"""
_AGENDAS: Final = "select distinct meeting_id from docket where issue_id = any(%s)"


class TooManyToReplay(Refusal):
    code = "too-many-to-replay"
    zh = f"一次最多按另一方案重算 {MOST_AT_ONCE} 件。请限定村或登记周期，或在服务器上用 huiyin audit what-if 重算全部。"
    en = (
        f"At most {MOST_AT_ONCE} issues are replayed at once. Name a village or a period, or replay all on the machine "
        "with `huiyin audit what-if`."
    )


def _read_entries(value: object) -> object:
    """`clocks.on_site.amount:9,committee.quorum:5` -> entries by path."""
    pairs = [each.partition(":") for each in str(value).split(",")]
    if not all(path and given for path, _, given in pairs) or len({it[0] for it in pairs}) != len(pairs):
        zh, en = "须写作 路径:值，以逗号分隔，各一次。", "Write path:value, each once, with commas between."
        raise ValueRefused("wrong-type", zh=zh, en=en)
    return {path: given for path, _, given in pairs}


_Path = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+){0,4}$", max_length=100)]
_Given = Annotated[str, StringConstraints(max_length=100)]
_Entries = Annotated[dict[_Path, _Given], Field(max_length=20), BeforeValidator(_read_entries)]
PlanName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}(@[0-9]{1,6})?$")]


class WhatIfLogQuery(Query):
    """`GET /api/v1/audit/what-if`. `plan`: key or id, none: those in force; `entries`: of it, set otherwise."""

    plan: PlanName | None = None
    entries: Annotated[_Entries | None, Field(json_schema_extra={"type": "string"})] = None
    village: VillageCode | None = None
    logged: PeriodName | None = None


class WhatIfReads:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def what_if(self, request: Request) -> Response:
        """`GET /api/v1/audit/what-if`."""
        account = await self._people.case_reader(request)
        if account.role is not Role.AUDITOR:
            raise RoleNotAllowed
        query = query_of(request, WhatIfLogQuery)
        return await self._threads.run(partial(self._asked, account, query))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _asked(self, account: Account, query: WhatIfLogQuery) -> Response:
        plan, now = self._plan(query), self._parts.clock()
        with self._parts.reading(Scope.of(account)) as connection:
            issues, meetings = _in_sight(connection, query)
        world = world_of(self._parts.casework, self._parts.directory, plan)
        with self._parts.connect() as connection, unwriting(connection) as up_to:
            found = replayed_some(connection, up_to, world, now, issues, meetings)
        changed = [it for it in found if it.changes]
        return answer(
            {
                "at": now,
                "position": up_to,
                "plan": plan.id if plan else None,
                "totals": totals_members(_summed(found)),
                "items": [as_members(it) for it in changed[:MOST_SHOWN]],
                "more": max(0, len(changed) - MOST_SHOWN),
            }
        )

    def _plan(self, query: WhatIfLogQuery) -> Plan | None:
        """None: what the log says was in force. Entries alone change the county's plan of now."""
        if query.plan is None and not query.entries:
            return None
        adoptions = self._parts.directory.adoptions()
        plan = named_plan(query.plan, self._parts.plans(), adoptions) if query.plan else self._parts.plan_now()
        try:
            return with_entries(plan, query.entries or {})
        except PlanInvalid as refusal:
            raise Malformed(*plan_problems(refusal, "entries")) from None


def _in_sight(connection: psycopg.Connection, query: WhatIfLogQuery) -> tuple[list[UUID], list[UUID]]:
    """The issues asked about that the reader may see, and the meetings on whose agendas they stood."""
    period = period_named(query.logged) if query.logged else None
    asked = {
        "village": query.village,
        "since": period.starts_at if period else None,
        "until": period.ends_at if period else None,
        "most": MOST_AT_ONCE + 1,
    }
    issues = [issue_id for (issue_id,) in connection.execute(_ISSUES, asked).fetchall()]
    if len(issues) > MOST_AT_ONCE:
        raise TooManyToReplay
    return issues, [meeting_id for (meeting_id,) in connection.execute(_AGENDAS, (issues,)).fetchall()]


def _summed(found: list[IssueChanges]) -> Totals:
    totals = Totals()
    for it in found:
        totals.add(it)
    return totals


_TEXT: Final = {"type": "string"}
_SIDE: Final = {
    "type": "object",
    "description": "judged; plan and terms of the rule; due_at, count or amount where there is one",
}
WHAT_IF_SCHEMAS: Final[dict[str, Any]] = {
    "WhatIfLog": {
        "type": "object",
        "properties": {
            "at": {"type": "string", "format": "date-time", "description": "up to when running clocks were looked at"},
            "position": {"type": "integer", "description": "of the last event of the log that was read"},
            "plan": {"type": ["string", "null"], "description": "null: the plans in force then and there"},
            "totals": {"type": "object", "description": "replayed, events; sums of all, by village, by officer"},
            "items": list_of(
                number=_TEXT,
                village=_TEXT,
                changes=list_of(
                    question=_TEXT, rule=_TEXT, at=_TEXT, unit=_TEXT, person=_TEXT, recorded=_SIDE, other=_SIDE,
                    days={"type": ["integer", "null"], "description": "how many days later the other limit is"},
                ),
            ),
            "more": {"type": "integer", "description": "issues that differ and are not listed"},
        },
    },
}  # fmt: skip
