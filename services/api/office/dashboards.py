"""How does the work stand? Counts, rates and trends, now or at any time before; every number opens to its rows.

Whoever reads cases has counted what they may open: a department its own cases. Others learn totals, which name nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound, RoleNotAllowed
from domain.plan import Plan
from domain.values import Role
from projections import dashboard as dashboard_model
from projections.dashboard_tables import By, Month, Part, Whose, months, table
from projections.three_rates import Rate
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of, members_of
from services.api.door.queries import DashboardMonthsQuery, DashboardQuery, DashboardTableQuery, Q, query_of
from services.api.door.threads import Threads
from services.api.office.issues_before import then_or_now
from services.api.office.opening import Opening
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.persistence.scope import Scope


@dataclass(frozen=True, slots=True)
class _Look:
    """What is asked, by whom, within which scope."""

    account: Account
    whose: Whose
    scope: Scope
    opening: Opening


class DashboardReads:
    """The handlers: for every office account."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def dashboard(self, request: Request) -> Response:
        """`GET /api/v1/dashboard`."""
        return await self._counted(request, DashboardQuery, self._dashboard)

    async def table(self, request: Request) -> Response:
        """`GET /api/v1/dashboard/table`."""
        return await self._counted(request, DashboardTableQuery, self._table)

    async def months(self, request: Request) -> Response:
        """`GET /api/v1/dashboard/months`."""
        return await self._counted(request, DashboardMonthsQuery, self._months)

    async def _counted(self, request: Request, model: type[Q], count: Callable[[_Look, Q], Any]) -> Response:
        account = await self._people.reader(request)
        if account.role is Role.HOUSEHOLD:
            raise RoleNotAllowed
        query = query_of(request, model)
        return await self._threads.run(lambda: answer(count(self._look(account, query), query)))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _look(self, account: Account, query: Any) -> _Look:
        if query.village is not None and not account.covers_village(query.village):
            raise NotFound
        now, when = then_or_now(query, self._parts.clock())
        scope = Scope.of(account) if account.may_read else Scope.of_counts(account)
        whose = Whose(now, query.village, account.villages, account.barred, when)
        return _Look(account, whose, scope, Opening(account.role, query))

    def _dashboard(self, look: _Look, query: DashboardQuery) -> dict[str, Any]:
        whose, opening = look.whose, look.opening
        with self._parts.reading(look.scope) as connection:
            counted = dashboard_model.dashboard(
                connection, whose.now, whose.village, whose.barred,
                villages=whose.villages, plan=self._plan_at(query.village), when=whose.when,
            )  # fmt: skip
        ages = [
            {"up_to_days": days, "issues": count, "rows": opening.of("open", age=nth)}
            for nth, (days, count) in enumerate(counted.ages.items())
        ]
        stages = {stage: opening.base(stage=stage) for stage in counted.by_stage}
        return {**members_of(counted), "ages": ages, "rows": {**opening.every(counted.counts), "by_stage": stages}}

    def _table(self, look: _Look, query: DashboardTableQuery) -> dict[str, Any]:
        with self._parts.reading(look.scope) as connection:
            parts = table(connection, look.whose, query.rows, query.columns)
        shown = [_shown(part, query, look.opening) for part in parts]
        return {"at": look.whose.now, "rows": query.rows, "columns": query.columns, "parts": shown}

    def _months(self, look: _Look, query: DashboardMonthsQuery) -> dict[str, Any]:
        with self._parts.reading(look.scope) as connection:
            found = months(connection, look.whose, query.months)
        return {"at": look.whose.now, "months": [_month(month, look.opening) for month in found]}

    def _plan_at(self, village: str | None) -> Plan:
        """In force now in the village, or in the county."""
        found = self._parts.directory.village(village) if village else None
        return self._parts.plans().in_force(self._parts.clock(), found.township if found else None)


def _shown(part: Part, query: DashboardTableQuery, opening: Opening) -> dict[str, Any]:
    named = {query.rows: part.row, **({query.columns: part.column} if query.columns else {})}
    narrowed = {by.value: value or None for by, value in named.items()}
    if named.get(By.DEPARTMENT) == "":
        narrowed["no_department"] = "true"
    counts = part.counts
    rates = {"on_time": _rate(counts, "on_time", "judged"), **_rates(counts)}
    whole = {name: counts[name] for name in ("total", "open", "overdue", "answered")}
    return {"row": part.row, "column": part.column, **whole, **rates, "rows": opening.base(**narrowed)}


def _month(month: Month, opening: Opening) -> dict[str, Any]:
    name, counts = f"{month.month:%Y-%m}", month.counts
    timed = {**counts, "judged": counts["on_time"] + counts["late"]}
    rates = {"on_time": _rate(timed, "on_time", "judged"), **_rates(counts)}
    whole = {what: counts[what] for what in ("logged", "answered", "closed", "late")}
    rows = {what: opening.base(**{what: name}) for what in ("logged", "answered", "closed")}
    rows |= {what: opening.of(what, answered=name) for what in ("on_time", "late", *_OF_RATES)}
    return {"month": name, **whole, **rates, "rows": rows}


_OF_RATES: Final = ("valid", "contacted", "solved", "satisfied", "mostly")


def _rates(counts: Any) -> dict[str, Rate]:
    rates = dashboard_model.rates_of({**dict.fromkeys(dashboard_model.EXCLUDED, 0), **counts})
    return {name: getattr(rates, name) for name in ("response", "resolution", "satisfaction")}


def _rate(counts: Any, part: str, whole: str) -> Rate:
    return Rate(Decimal(counts[part]), counts[whole])


_COUNT: Final = {"type": "integer"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_RATE: Final = {"type": "object", "description": "numerator, denominator, value (null: undefined)"}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_ROWS: Final = {**_TEXT_OR_NONE, "description": "the list of exactly these; null: not for this role"}
_RATES: Final = dict.fromkeys(("on_time", "response", "resolution", "satisfaction"), _RATE)
DASHBOARD_SCHEMAS: Final[dict[str, Any]] = {
    "Dashboard": {
        "type": "object",
        "description": "each rate with numerator, denominator, value (null: undefined); `rows`: figure -> its list",
    },
    "DashboardTable": {
        "type": "object",
        "properties": {
            "at": _MOMENT,
            "rows": {"type": "string"},
            "columns": _TEXT_OR_NONE,
            "parts": list_of(
                row={"type": "string"}, column=_TEXT_OR_NONE, total=_COUNT, open=_COUNT, overdue=_COUNT,
                answered=_COUNT, **_RATES,
                rows={**_ROWS, "description": "the list of its issues; `&counted=overdue` and so on narrows it"},
            ),
        },
    },
    "DashboardMonths": {
        "type": "object",
        "properties": {
            "at": _MOMENT,
            "months": list_of(
                month={"type": "string"}, logged=_COUNT, answered=_COUNT, closed=_COUNT, late=_COUNT, **_RATES,
                rows={"type": "object", "description": "figure -> its list"},
            ),
        },
    },
}  # fmt: skip
"""The rates of a month are those of what was first answered in it."""
