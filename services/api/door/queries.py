"""What does a query string ask? Strict models: unknown, repeated or odd parameters are refused, never ignored.

Called by the handlers. A cursor belongs to the filters of the list that gave it.
"""

import base64
import hashlib
import re
from datetime import datetime
from typing import Annotated, Final, TypeVar
from urllib.parse import parse_qsl

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request

from domain.issue.words import Channel, Stage
from domain.values import GivenMoment, Key, ValueRefused, VillageCode
from projections.issue_ledger import Cursor
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
CursorText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,400}$")]


class Query(BaseModel):
    """No parameter at all; the lists add theirs."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class IssuesQuery(Query):
    """`GET /api/v1/issues`."""

    village: VillageCode | None = None
    stage: Stage | None = None
    category: Key | None = None
    channel: Channel | None = None
    unit: Unit | None = None
    overdue: Flag = False
    open: Flag = False
    newest: Flag = False
    limit: PageSize = 50
    cursor: CursorText | None = None


class LedgerQuery(Query):
    """`GET /api/v1/ledgers/{name}`."""

    village: VillageCode | None = None
    limit: PageSize = 50
    cursor: CursorText | None = None


class FormQuery(LedgerQuery):
    """`GET /api/v1/ledgers/{name}` of any other than the issues: perhaps of one `period`, a year, month or day."""

    period: CalendarPeriod | None = None


class PetitionsQuery(FormQuery):
    """`GET /api/v1/ledgers/petitions`: perhaps of one field 领域 alone, which is a category; no other ledger has it."""

    field: Key | None = None


class RepliesQuery(FormQuery):
    """`GET /api/v1/ledgers/replies`: perhaps of one issue alone; no other ledger is asked for by number."""

    number: IssueNumber | None = None


class AnyLedgerQuery(PetitionsQuery, RepliesQuery):
    """Whatever some ledger takes: for the description."""


class HistoryQuery(Query):
    """`GET /api/v1/issues/{number}/history`: what had happened by `as_of`, of what was recorded by `known_at`."""

    as_of: GivenMoment | None = None
    known_at: GivenMoment | None = None


class DashboardQuery(Query):
    """`GET /api/v1/dashboard`."""

    village: VillageCode | None = None


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


# -- cursors --------------------------------------------------------------------------------------------------------


def write_cursor(query: Query, last: Cursor) -> str:
    """A cursor after the line `last`, good for the same filters only. It hides nothing and grants nothing."""
    logged_at, number = last
    text = orjson.dumps([logged_at, number, _filters(query)])
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode("ascii")


def read_cursor(query: Query, cursor: str | None) -> Cursor | None:
    """Where the page before ended. Raises Malformed for a cursor of another list, or none of ours."""
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
