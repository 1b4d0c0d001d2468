"""What did officers, stations and departments answer for? Their accounts of a period, and the marks behind each figure.

Whose accounts somebody reads stands in domain/appraisal/readers.py. One's own is whole, wherever one acted, so that
whoever is appraised can see each case that counted, and object to it.
"""

from functools import partial
from typing import Annotated, Any, Final, NamedTuple

from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from domain.appraisal.readers import EVERY_ACCOUNT, OWN_ACCOUNT
from domain.errors import RoleNotAllowed
from domain.periods import Cycle, Period, period_named
from domain.values import UserId, VillageCode
from projections.appraisal import Account as Appraised
from projections.appraisal import Asked, By, accounts, told_up_to, traces
from projections.appraisal_marks import Counted
from projections.appraisal_naming import answerable, ranking
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of, members_of
from services.api.door.queries import (
    Flag,
    PageQuery,
    PeriodName,
    Query,
    WholeNumber,
    page_and_next,
    place_of,
    query_of,
    read_cursor,
)
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.identity.accounts import Account
from services.persistence.scope import Scope


class AppraisalQuery(Query):
    """`GET /api/v1/ledgers/appraisal`. `period`: left out, the running month; `own`: the reader's own account.

    `up_to`: as it was told when the log had come to this position.
    """

    period: PeriodName | None = None
    by: By = By.OFFICER
    village: VillageCode | None = None
    own: Flag = False
    up_to: Annotated[int, Field(ge=0), WholeNumber] | None = None


class MarksQuery(AppraisalQuery, PageQuery):
    """`GET /api/v1/ledgers/appraisal/marks`: of one account, `officer` and `place` as it bears them, or of all."""

    officer: UserId | None = None
    place: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_:@-]{0,99}$")] | None = None
    what: Counted | None = None


class _Look(NamedTuple):
    """What is asked of the read model, and within which scope."""

    asked: Asked
    scope: Scope
    period: Period
    is_own: bool


class AppraisalReads:
    """The handlers of both."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def accounts(self, request: Request) -> Response:
        """`GET /api/v1/ledgers/appraisal`."""
        account = await self._people.case_reader(request)
        query = query_of(request, AppraisalQuery)
        return await self._threads.run(partial(self._accounts, account, query))

    async def marks(self, request: Request) -> Response:
        """`GET /api/v1/ledgers/appraisal/marks`."""
        account = await self._people.case_reader(request)
        query = query_of(request, MarksQuery)
        return await self._threads.run(partial(self._marks, account, query))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _accounts(self, account: Account, query: AppraisalQuery) -> Response:
        look = self._look(account, query)
        with self._parts.reading(look.scope) as connection:
            position = told_up_to(connection)
            up_to = position if query.up_to is None else min(query.up_to, position)
            found = accounts(connection, look.asked._replace(up_to=up_to))
        told = {"by": query.by, "period": look.period.name, "up_to": up_to, "items": [_shown(it) for it in found]}
        return answer({**told, **self._named(account, look, found)})

    def _marks(self, account: Account, query: MarksQuery) -> Response:
        look = self._look(account, query)
        officer = look.asked.officer or query.officer
        asked = look.asked._replace(officer=officer, place=query.place)
        after = read_cursor(query) or (None, None)
        with self._parts.reading(look.scope) as connection:
            found = traces(connection, asked, query.what, after=after, limit=query.limit + 1)
        shown, following = page_and_next(query, found, place_of)
        items = [{name: value for name, value in members_of(it).items() if name != "key"} for it in shown]
        return answer({"by": query.by, "period": look.period.name, "items": items, "next": following})

    def _look(self, account: Account, query: AppraisalQuery) -> _Look:
        """Raises RoleNotAllowed for somebody who reads no accounts, or no other's."""
        is_own = query.own or account.role in OWN_ACCOUNT
        if account.role not in OWN_ACCOUNT | EVERY_ACCOUNT or (is_own and query.by is not By.OFFICER):
            raise RoleNotAllowed
        named = query.period
        period = period_named(named) if named else Period.containing(self._parts.clock(), Cycle.MONTH)
        scope = Scope(None, None, account.barred) if is_own else Scope.of(account)
        asked = Asked(query.by, period.starts_at, period.ends_at, query.up_to, village=query.village)
        return _Look(asked._replace(officer=account.name) if is_own else asked, scope, period, is_own)

    def _named(self, account: Account, look: _Look, found: list[Appraised]) -> dict[str, Any]:
        """Who is named, where the plan in force as the period began asks for it; not whoever sees nobody else."""
        townships = sorted(account.townships or ())
        township = townships[0] if len(townships) == 1 else None
        policy = self._parts.plans().in_force(look.period.starts_at, township).appraisal
        if policy is None or look.is_own:
            return {"basis": policy and policy.basis, "ranking": None, "answerable": None}
        ranked = [{"rank": it.rank, **_who(it.account)} for it in ranking(found, policy.least_ratings)]
        least = {"basis": policy.basis, "least_ratings": policy.least_ratings}
        return {**least, "ranking": ranked, "answerable": [_who(it) for it in answerable(found)]}


def _who(line: Appraised) -> dict[str, str | None]:
    return {"officer": line.officer, "place": line.place}


def _shown(line: Appraised) -> dict[str, Any]:
    shares = {name: getattr(line, name) for name in ("satisfaction", "on_time", "clocks_kept")}
    return {**_who(line), "place_name": line.place_name, "counts": line.counts, **shares}


_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_NUMBER: Final = {"type": "integer"}
_NUMBER_OR_NONE: Final = {"type": ["integer", "null"]}
_SHARE: Final = {"type": "object", "description": "numerator, denominator, value (null: undefined)"}
_PERSON: Final = {"officer": _TEXT_OR_NONE, "place": _TEXT}
_LIST_OR_NONE: Final = {"type": ["array", "null"], "items": {"type": "object"}}
APPRAISAL_SCHEMAS: Final[dict[str, Any]] = {
    "Appraisal": {
        "type": "object",
        "properties": {
            "by": _TEXT,
            "period": _TEXT,
            "up_to": {**_NUMBER, "description": "position of the log; with it the same figures are told again"},
            "items": list_of(
                **_PERSON,
                place_name=_TEXT_OR_NONE,
                counts={"type": "object", "additionalProperties": _NUMBER},
                satisfaction=_SHARE,
                on_time=_SHARE,
                clocks_kept=_SHARE,
            ),
            "basis": _TEXT_OR_NONE,
            "least_ratings": _NUMBER,
            "ranking": {**_LIST_OR_NONE, "description": "null where no plan in force asks for it"},
            "answerable": {**_LIST_OR_NONE, "description": "to whose account something was left undone"},
        },
    },
    "AppraisalMarks": {
        "type": "object",
        "properties": {
            "by": _TEXT,
            "period": _TEXT,
            "items": list_of(
                at={"type": "string", "format": "date-time"}, position=_NUMBER, what=_TEXT, count=_NUMBER, **_PERSON,
                reference=_TEXT_OR_NONE, rule=_TEXT_OR_NONE, part=_NUMBER_OR_NONE, whole=_NUMBER_OR_NONE,
            ),
            "next": _TEXT_OR_NONE,
        },
    },
}  # fmt: skip
