"""Which funds are there, which projects are in one, and what would a round give? Called by app.py. Nothing is written.

A project is shown to whoever may see its issue; amounts by issue are everybody's of the township (funds.py).
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from domain.fund.around import in_pool
from domain.fund.commands import MOST_IN_A_ROUND, fund_id_of
from domain.fund.errors import NoFundingPlan
from domain.fund.policy import Funding
from domain.fund.ranking import least_of, ranked
from domain.fund.state import Fund, fold
from domain.fund.what_if import Chance, Outlook, outlook, waiting_in
from domain.issue.decisions.funding import in_turn, payable_now, unspent
from domain.organisation.words import PlaceKind
from domain.values import LOCAL_ZONE, ValueRefused
from projections import fund_register
from projections.fund_register import ProjectLine
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer, list_of
from services.api.door.queries import Query, WholeNumber, query_of
from services.api.door.threads import Threads
from services.api.office.numbers import id_of
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.persistence.scope import Scope
from services.privacy.looks import Seen

_WITHOUT_BEGINNING: Final = 10
"""Years that are looked through where nobody knows when the books were begun."""


def _read_shares(value: object) -> object:
    """`<issue id>:<yuan>,...` -> amounts by issue."""
    try:
        pairs = [each.split(":") for each in str(value).split(",")]
        read = {UUID(issue_id): Decimal(amount) for issue_id, amount in pairs}
        if len(read) != len(pairs) or not all(
            it.is_finite() and it >= 0 and it == round(it, 2) for it in read.values()
        ):
            raise ValueError(value)
    except (ValueError, ArithmeticError):
        zh, en = "须写作 问题号:金额，以逗号分隔。", "Write issue id:amount, with commas between."
        raise ValueRefused("wrong-type", zh=zh, en=en) from None
    return read


_Yuan = Annotated[Decimal, Field(ge=0, le=10**12, decimal_places=2)]
Shares = Annotated[dict[UUID, Decimal], Field(max_length=MOST_IN_A_ROUND), BeforeValidator(_read_shares)]


class FundsQuery(Query):
    """`GET /api/v1/funds`: as many `years` as this, the latest first. `before`: what the page before gave as `next`."""

    before: Annotated[int, Field(ge=1949, le=2202), WholeNumber] | None = None
    years: Annotated[int, Field(ge=1, le=20), WholeNumber] = 5


class WhatIfQuery(Query):
    """`GET /api/v1/funds/{id}/what-if`. `left`: another sum to give; `shares`: `<issue id>:<yuan>,...`, as chosen."""

    left: _Yuan | None = None
    shares: Annotated[Shares | None, Field(json_schema_extra={"type": "string"})] = None


class FundLists:
    """The handlers of the three."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def funds(self, request: Request) -> Response:
        """`GET /api/v1/funds`."""
        account = await self._people.case_reader(request)
        query = query_of(request, FundsQuery)
        return await self._threads.run(partial(self._funds, account, query))

    async def projects(self, request: Request) -> Response:
        """`GET /api/v1/funds/{id}/projects`."""
        account = await self._people.case_reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._projects, account, request.path_params["id"]))

    async def what_if(self, request: Request) -> Response:
        """`GET /api/v1/funds/{id}/what-if`. Raises as confirming such a round would."""
        account = await self._people.case_reader(request)
        query = query_of(request, WhatIfQuery)
        return await self._threads.run(partial(self._what_if, account, request.path_params["id"], query))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _funds(self, account: Account, query: FundsQuery) -> Response:
        now = self._parts.clock().astimezone(LOCAL_ZONE).year
        began = self._parts.casework.began()
        oldest = (began.astimezone(LOCAL_ZONE).year if began else now - _WITHOUT_BEGINNING) - 1
        newest = now + 1 if query.before is None else query.before - 1
        years = range(newest, max(newest - query.years, oldest - 1), -1)
        townships = sorted(self._townships(account))
        found = (fold(self._parts.casework.history(fund_id_of(it, year))) for year in years for it in townships)
        items = [_in_short(fund) for fund in found if fund is not None]
        return answer({"items": items, "next": years[-1] if years and years[-1] > oldest else None})

    def _townships(self, account: Account) -> Iterator[str]:
        for place in self._parts.directory.organisation().places.values():
            if place.kind is PlaceKind.TOWNSHIP:
                yield from (name for name in (place.name, *place.earlier) if account.covers_township(name))

    def _fund(self, account: Account, given: str) -> Fund:
        fund = fold(self._parts.casework.history(id_of(given)))
        if fund is None or not account.covers_township(fund.township):
            raise NotFound
        return fund

    def _policy(self, fund: Fund) -> Funding | None:
        return self._parts.plans().in_force(self._parts.clock(), fund.township).funding

    def _projects(self, account: Account, given: str) -> Response:
        fund = self._fund(account, given)
        known, waiting, policy = self._known(account, fund), ranked(fund.pool.values()), self._policy(fund)
        granted = [self._granted(fund, known[it], policy) for it in fund.grants if it in known]
        pool = [_waits(known[it.issue_id]) for it in waiting if it.issue_id in known]
        return answer({"granted": granted, "pool": pool}, version=fund.version)

    def _known(self, account: Account, fund: Fund) -> dict[UUID, dict[str, Any]]:
        """The projects that the reader may see, their words opened as far as they may."""
        with self._parts.reading(Scope.of(account)) as connection:
            found = fund_register.projects_of(connection, [*fund.pool, *fund.grants])
        titles = [{"title": line.title} for line in found.values()]
        opened = self._parts.unsealing.rows(as_reader(account), titles, Seen.LEDGER)
        return {line.issue_id: _line(line, title["title"]) for line, title in zip(found.values(), opened, strict=True)}

    def _granted(self, fund: Fund, line: dict[str, Any], policy: Funding | None) -> dict[str, Any]:
        """A project that was promised money: what may be paid now, and whether it is its turn."""
        issue, grant = self._parts.casework.issue(line["issue_id"]), fund.grants[line["issue_id"]]
        if issue is None:
            raise NotFound
        return {
            **line,
            "issue_version": issue.version,
            "amount": grant.amount,
            "paid": grant.paid,
            "unpaid": grant.unpaid,
            "carried": grant.carried,
            "next_tranche": issue.tranches + 1,
            "payable": min(payable_now(issue, policy), grant.unpaid),
            "in_turn": in_turn(issue, fund, policy),
            "unspent": unspent(issue),
        }

    def _what_if(self, account: Account, given: str, query: WhatIfQuery) -> Response:
        fund = self._fund(account, given)
        policy = self._policy(fund)
        if policy is None:
            raise NoFundingPlan
        waiting = waiting_in(fund, in_pool(fund, self._parts.casework))
        found = outlook(fund, waiting, policy, left=query.left, shares=query.shares or {})
        return answer(_outlook(fund, found, policy), version=fund.version)


def _in_short(fund: Fund) -> dict[str, Any]:
    plain = ("fund_id", "township", "year", "budget", "allocated", "paid", "returned", "left")
    return {
        **{name: getattr(fund, name) for name in plain},
        "opened": fund.opened,
        "closed": fund.is_closed,
        "waiting": len(fund.pool),
        "granted": len(fund.grants),
        "round": fund.proposed.number if fund.proposed else None,
        "overdue": fund.proposed is not None and fund.proposed.overdue,
        "adjustment": fund.adjustment is not None,
    }


def _line(line: ProjectLine, title: str | None) -> dict[str, Any]:
    plain = ("issue_id", "number", "village", "village_name", "stage", "urgency", "budget", "asked", "approved")
    works = ("approved_at", "granted_at", "tranches", "spent", "percent", "expected", "completed_at", "accepted_at")
    return {"title": title, **{name: getattr(line, name) for name in (*plain, *works, "returned")}}


def _waits(line: dict[str, Any]) -> dict[str, Any]:
    return {name: line[name] for name in _WAITING}


def _outlook(fund: Fund, found: Outlook, policy: Funding) -> dict[str, Any]:
    proposed = {line.issue_id: line.amount for line in fund.proposed.lines} if fund.proposed else None
    amounts = {it.project.issue_id: it.amount for it in found.chances}
    return {
        "round": fund.proposed.number if fund.proposed else None,
        "left": found.left,
        "total": found.total,
        "left_after": found.left - found.total,
        "differs": proposed is not None and amounts != {key: proposed[key] for key in amounts},
        "items": [_chance(it, policy) for it in found.chances],
    }


def _chance(chance: Chance, policy: Funding) -> dict[str, Any]:
    project = chance.project
    return {
        **project.model_dump(mode="json", exclude={"asked", "approved"}),
        "asked": project.asked,
        "approved": project.approved,
        "least": least_of(project.approved, policy),
        "amount": chance.amount,
        "standing": chance.standing,
        "given": chance.given,
    }


_WAITING: Final = (
    "issue_id", "number", "village", "village_name", "title", "stage", "urgency", "budget", "asked", "approved",
    "approved_at",
)  # fmt: skip
_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_MONEY: Final = {"type": "number"}
_COUNT: Final = {"type": "integer"}
_FLAG: Final = {"type": "boolean"}
_PROJECT: Final[dict[str, Any]] = {
    "issue_id": _TEXT, "number": _TEXT, "village": _TEXT, "village_name": _TEXT_OR_NONE, "title": _TEXT_OR_NONE,
    "stage": _TEXT, "urgency": _TEXT, "budget": _MONEY, "asked": _MONEY, "approved": _MONEY,
}  # fmt: skip
FUND_LIST_SCHEMAS: Final[dict[str, Any]] = {
    "FundList": {
        "type": "object",
        "properties": {
            "items": list_of(
                fund_id=_TEXT, township=_TEXT, year=_COUNT, budget=_MONEY, allocated=_MONEY, paid=_MONEY, left=_MONEY,
                closed=_FLAG, waiting=_COUNT, granted=_COUNT, round={"type": ["integer", "null"]}, overdue=_FLAG,
            ),
            "next": {"type": ["integer", "null"], "description": "`before` of the next page"},
        },
    },
    "FundProjects": {
        "type": "object",
        "properties": {
            "granted": list_of(
                **_PROJECT, issue_version=_COUNT, amount=_MONEY, paid=_MONEY, unpaid=_MONEY, next_tranche=_COUNT,
                payable={**_MONEY, "description": "what progress has made due, less what was paid"},
                in_turn={**_FLAG, "description": "nobody promised money earlier waits for a first payment"},
                unspent=_MONEY,
            ),
            "pool": list_of(**_PROJECT),
        },
    },
    "WhatIf": {
        "type": "object",
        "properties": {
            "round": {"type": ["integer", "null"], "description": "that waits to be confirmed"},
            "left": _MONEY, "total": _MONEY, "left_after": _MONEY,
            "differs": {**_FLAG, "description": "from the round that waits: confirming it so needs reasons"},
            "items": list_of(
                issue_id=_TEXT, village=_TEXT, urgency=_TEXT, submitted_at=_TEXT, asked=_MONEY, approved=_MONEY,
                least=_MONEY, amount=_MONEY,
                standing={**_TEXT_OR_NONE, "description": "why so much; null: nothing was given by choice"},
                given={**_FLAG, "description": "this share was chosen"},
            ),
        },
    },
}  # fmt: skip
