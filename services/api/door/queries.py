"""What does a query string ask? Strict models: unknown, repeated or odd parameters are refused, never ignored.

Called by the handlers. A cursor belongs to the filters of the list that gave it.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Protocol, TypeVar
from urllib.parse import parse_qsl

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from starlette.requests import Request

from domain.issue.words import Channel, Rating, Stage, Tier
from domain.periods import period_named
from domain.values import GivenMoment, Key, Line, UserId, ValueRefused, VillageCode
from projections.dashboard_tables import By
from projections.figures import AGES, FIGURES
from projections.issue_ledger import Cursor, Sort
from services.api.door.fields import field_problems
from services.api.door.problems import FieldProblem, Malformed

_MOST_PARAMETERS: Final = 20
_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


def _read_number(value: object) -> object:
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    raise ValueRefused("wrong-type", zh="须为整数。", en="It must be a whole number.")


def _read_flag(value: object) -> object:
    if value in ("true", "false"):
        return value == "true"
    raise ValueRefused("wrong-type", zh="须为 true 或 false。", en="It must be true or false.")


WholeNumber: Final = BeforeValidator(_read_number)
PageSize = Annotated[int, Field(ge=1, le=200), WholeNumber]
Flag = Annotated[bool, BeforeValidator(_read_flag)]
Unit = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}(:[A-Za-z0-9_-]{1,64})?$")]
CalendarPeriod = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
IssueNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}-[0-9]{4}-[0-9]{4,9}$")]
WrittenId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Sought = Annotated[Line, StringConstraints(max_length=40)]
CursorText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,400}$")]


def _of_the_calendar(name: str) -> str:
    try:
        period_named(name)
    except ValueError:
        raise ValueRefused(
            "period-unknown",
            zh="周期须写成 2026、2026-H1、2026-Q1、2026-03 或 2026-W10 的形式。",
            en="Write a period such as 2026, 2026-H1, 2026-Q1, 2026-03 or 2026-W10.",
        ) from None
    return name


_NAMES: Final = {"type": "string", "pattern": "^[12][0-9]{3}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]|W[0-5][0-9]))?$"}
PeriodName = Annotated[str, StringConstraints(max_length=8), AfterValidator(_of_the_calendar), WithJsonSchema(_NAMES)]


Figure = StrEnum("Figure", {name.upper(): name for name in FIGURES})  # type: ignore[misc]
"""What the dashboard counts (projections/figures.py)."""
AgeClass = Annotated[int, Field(ge=0, le=len(AGES)), WholeNumber]


class Query(BaseModel):
    """No parameter at all; the lists add theirs."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PageQuery(Query):
    """A list that is told a page at a time."""

    limit: PageSize = 50
    cursor: CursorText | None = None


class IssuesQuery(PageQuery):
    """`GET /api/v1/issues`. `logged`, `answered`, `closed`: the period of it; `q`: a number, or words (searching.py).

    `counted`, `age`: in that figure, that class of age, of the dashboard. `as_of`, `known_at`: as it was then.
    """

    village: VillageCode | None = None
    stage: Stage | None = None
    category: Key | None = None
    channel: Channel | None = None
    tier: Tier | None = None
    unit: Unit | None = None
    department: Key | None = None
    person: UserId | None = None
    rating: Rating | None = None
    no_department: Flag = False
    logged: PeriodName | None = None
    answered: PeriodName | None = None
    closed: PeriodName | None = None
    counted: Figure | None = None
    age: AgeClass | None = None
    as_of: GivenMoment | None = None
    known_at: GivenMoment | None = None
    overdue: Flag = False
    open: Flag = False
    q: Sought | None = None
    sort: Sort = Sort.OLDEST


class LedgerQuery(PageQuery):
    """`GET /api/v1/ledgers/{name}`."""

    village: VillageCode | None = None


class FormQuery(LedgerQuery):
    """`GET /api/v1/ledgers/{name}` of any other than the issues: perhaps of one `period`, a year, month or day."""

    period: CalendarPeriod | None = None


class PetitionsQuery(FormQuery):
    """`GET /api/v1/ledgers/petitions`: perhaps of one field 领域 alone, which is a category; no other ledger has it."""

    field: Key | None = None


class RepliesQuery(FormQuery):
    """`GET /api/v1/ledgers/replies`: perhaps of one issue alone; no other ledger is asked for by number."""

    number: IssueNumber | None = None


class SummariesQuery(FormQuery):
    """`GET /api/v1/ledgers/summaries`: of a year or half of one, 2026-H1."""

    period: Annotated[str, StringConstraints(pattern=r"^[12][0-9]{3}(-H[12])?$")] | None = None


class AnyLedgerQuery(PetitionsQuery, RepliesQuery):
    """Whatever some ledger takes: for the description."""

    period: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-(H[12]|[0-9]{2}(-[0-9]{2})?))?$")] | None = None


class HistoryQuery(Query):
    """`GET /api/v1/issues/{number}/history`: what had happened by `as_of`, of what was recorded by `known_at`."""

    as_of: GivenMoment | None = None
    known_at: GivenMoment | None = None


class DashboardQuery(Query):
    """`GET /api/v1/dashboard`: now, or as it was `as_of` a time, as far as it was recorded by `known_at`."""

    village: VillageCode | None = None
    as_of: GivenMoment | None = None
    known_at: GivenMoment | None = None


class DashboardTableQuery(DashboardQuery):
    """`GET /api/v1/dashboard/table`: its counts by one thing, or by two."""

    rows: By = By.VILLAGE
    columns: By | None = None


class DashboardMonthsQuery(DashboardQuery):
    """`GET /api/v1/dashboard/months`: so many, up to the present one."""

    months: Annotated[int, Field(ge=1, le=60), WholeNumber] = 12


Q = TypeVar("Q", bound=Query)


def query_of(request: Request, model: type[Q]) -> Q:
    """The query string as `model`. Raises Malformed."""
    known = frozenset(model.model_fields)
    try:
        pairs = parse_qsl(
            request.scope["query_string"].decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError:
        raise _refused("query", "query-syntax", "查询参数不合格式。", "The query string is malformed.") from None
    given = dict(pairs)
    if len(given) != len(pairs):
        raise _refused("query", "repeated-parameter", "有重复的查询参数。", "A query parameter occurs twice.")
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise Malformed(*field_problems(error, "query", known)) from None


def _refused(path: str, code: str, zh: str, en: str) -> Malformed:
    return Malformed(FieldProblem(path, code, zh, en))


# -- pages and cursors ------------------------------------------------------------------------------------------------


class Placed(Protocol):
    """A line that stands somewhere: `at` and `key` tell it from all others."""

    @property
    def at(self) -> datetime: ...

    @property
    def key(self) -> str: ...


L = TypeVar("L")


def place_of(line: Placed) -> Cursor:
    """Where a form's line stands."""
    return line.at, line.key


def page_and_next(query: PageQuery, found: Sequence[L], place: Callable[[L], Cursor]) -> tuple[Sequence[L], str | None]:
    """The page, and the cursor of the next one. One line more than shown was asked for: it tells whether there is."""
    shown = found[: query.limit]
    return shown, _write_cursor(query, place(shown[-1])) if len(found) > query.limit else None


def _write_cursor(query: Query, last: Cursor) -> str:
    """A cursor after the line `last`, good for the same filters only. It hides nothing and grants nothing."""
    logged_at, number = last
    text = orjson.dumps([logged_at, number, _filters(query)])
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode("ascii")


def read_cursor(query: PageQuery) -> Cursor | None:
    """Where the page before ended. Raises Malformed for a cursor of another list, or none of ours."""
    cursor = query.cursor
    if cursor is None:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        logged_at, number, filters = orjson.loads(text)
        if filters == _filters(query) and isinstance(number, str) and "\0" not in number:
            return _aware(datetime.fromisoformat(logged_at)), number
    except (ValueError, TypeError):
        pass
    raise _refused(
        "query.cursor",
        "cursor-invalid",
        "游标无效，或属于另一次查询。请从第一页重新开始。",
        "The cursor is invalid or belongs to another query. Begin again with the first page.",
    )


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("naive")
    return moment


def _filters(query: Query) -> str:
    text = query.model_dump_json(exclude={"limit", "cursor"})
    return hashlib.sha256(type(query).__name__.encode() + text.encode()).hexdigest()[:16]
