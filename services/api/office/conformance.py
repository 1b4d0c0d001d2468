"""Does what happened fit the declared process, and what looks like gaming? For auditors, of their villages.

Called for the auditors' page. Says numbers, steps, accounts and times; no word of a household.
"""

from functools import partial
from typing import Annotated, Any, Final

from pydantic import WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from domain.conformance.deviations import KINDS, Deviation, Kind, Severity
from domain.errors import NotFound, RoleNotAllowed
from domain.periods import period_named
from domain.values import Role, VillageCode
from projections.histories import Wanted
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer, list_of
from services.api.door.queries import IssueNumber, PageSize, PeriodName, Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.audit.conformance import Asking, ConformanceDesk
from services.audit.conformance_told import told
from services.identity.accounts import Account
from services.persistence.scope import Scope

READERS: Final = frozenset({Role.AUDITOR})
_TEXT: Final = {"type": "string"}
_KIND: Final = {**_TEXT, "enum": [kind.value for kind in Kind]}
_SEVERITY: Final = {**_TEXT, "enum": [severity.value for severity in Severity]}


class ConformanceQuery(Query):
    """`GET /api/v1/audit/conformance`. `logged`: in which period; `kind`, `severity`: of the findings shown.

    `limit`: of issues and of patterns that are listed; the counts are of all of them.
    """

    village: VillageCode | None = None
    logged: PeriodName | None = None
    number: IssueNumber | None = None
    kind: Annotated[Kind, WithJsonSchema(_KIND)] | None = None
    severity: Annotated[Severity, WithJsonSchema(_SEVERITY)] | None = None
    limit: PageSize = 50


class ConformanceReads:
    """The handler."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def conformance(self, request: Request) -> Response:
        """`GET /api/v1/audit/conformance`."""
        account = await self._people.case_reader(request)
        if account.role not in READERS:
            raise RoleNotAllowed
        query = query_of(request, ConformanceQuery)
        return await self._threads.run(partial(self._conformance, account, query))

    def _conformance(self, account: Account, query: ConformanceQuery) -> Response:
        organisation = self._parts.directory.organisation()
        asking = Asking(as_reader(account), self._parts.clock(), self._parts.plans(), organisation)
        with self._parts.reading(Scope.of(account)) as connection:
            survey, whole = ConformanceDesk(self._parts.unsealing).in_scope(connection, asking, _wanted(query))
        if query.number is not None and not survey.checked:
            raise NotFound
        found = told(survey, partial(_shown, query))
        lists = {name: found[name][: query.limit] for name in ("issues", "patterns")}
        left = {f"{name}_found": len(found[name]) for name in lists}
        by_kind = [
            {"kind": kind, "severity": KINDS[kind].severity, "zh": KINDS[kind].zh, "en": KINDS[kind].en, "count": count}
            for kind, count in found["by_kind"].items()
        ]
        return answer({**found, **lists, **left, "by_kind": by_kind, "whole": whole})


def _wanted(query: ConformanceQuery) -> Wanted:
    period = period_named(query.logged) if query.logged else None
    since, until = (period.starts_at, period.ends_at) if period else (None, None)
    return Wanted(query.village, since, until, query.number)


def _shown(query: ConformanceQuery, it: Deviation) -> bool:
    return query.kind in (None, it.kind) and query.severity in (None, it.severity)


_NUMBER: Final = {"type": "integer", "minimum": 0}
_SHARE: Final = {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "null: nothing to count"}
_EVENTS: Final = list_of(
    issue_id=_TEXT,
    number=_TEXT,
    version=_NUMBER,
    topic=_TEXT,
    occurred_at={"type": "string", "format": "date-time"},
    by={**_TEXT, "description": "an account"},
)
_FINDINGS: Final = list_of(
    kind=_KIND,
    severity=_SEVERITY,
    rule={**_TEXT, "description": "ids of the requirements"},
    issues={"type": "array", "items": _TEXT, "description": "numbers, at most fifty"},
    events=_EVENTS,
    zh=_TEXT,
    en=_TEXT,
)
CONFORMANCE_SCHEMAS: Final[dict[str, Any]] = {
    "Conformance": {
        "type": "object",
        "properties": {
            "checked": {**_NUMBER, "description": "issues"},
            "conformant": {**_NUMBER, "description": "issues of which every step fits"},
            "steps": _NUMBER,
            "fitness": _SHARE,
            "by_kind": list_of(kind=_KIND, severity=_SEVERITY, zh=_TEXT, en=_TEXT, count=_NUMBER),
            "issues": list_of(
                number=_TEXT,
                issue_id=_TEXT,
                village={"type": ["string", "null"]},
                steps=_NUMBER,
                fitness=_SHARE,
                deviations=_FINDINGS,
            ),
            "patterns": _FINDINGS,
            "issues_found": _NUMBER,
            "patterns_found": _NUMBER,
            "whole": {"type": "boolean", "description": "false: only the newest 5,000 issues were looked at"},
        },
    },
}
