"""What does a refusal look like on the wire? `application/problem+json`, made here from every error there is.

Nothing of the caller's input is ever repeated, and no stack trace shown. Called by the door and by the handlers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import eventsourcing.persistence as log_errors
import orjson
import psycopg
from starlette.exceptions import HTTPException
from starlette.responses import Response

from domain.errors import HuiyinError, NotFound, Refusal, RoleNotAllowed, StaleVersion, Unavailable
from services.exports.pdf import PdfFailed, PdfNotAvailable
from services.files.problems import FileErased, FileKindNotTaken, FileLost, FileRefused, FileTooLarge
from services.identity.accounts import NoPost, OutsideScope, PostNotHeld
from services.identity.authenticator import NotAllowedHere, NotAuthenticated
from services.identity.log_in import LogInRefused
from services.identity.oidc import OidcUnlinked
from services.identity.oidc_provider import OidcAway, OidcRefused
from services.privacy.problems import SecondFactorWrong

MEDIA_TYPE: Final = "application/problem+json"
_RETRY_AFTER: Final = "2"  # seconds


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with a request: where (`body.title`, `header.If-Match`, `query.limit`) and what."""

    path: str
    code: str
    zh: str
    en: str


class HttpProblem(HuiyinError):
    """The root of what is wrong with a request as such, before any rule is asked."""

    status: ClassVar[int]
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *errors: FieldProblem) -> None:
        super().__init__()
        self.errors = errors

    def own_headers(self) -> Mapping[str, str]:
        """The headers that go with this very one."""
        return self.headers


class BadRequest(HttpProblem):
    status = 400
    code = "bad-request"
    zh = "无法理解这个请求。"
    en = "This is not an HTTP request that can be understood."
    headers: ClassVar = {"Connection": "close"}


class NoSuchPath(HttpProblem):
    status = 404
    code = "no-such-path"
    zh = "没有这个地址。全部地址见 /api/docs。"
    en = "There is nothing at this address. All addresses are listed at /api/docs."


class MethodNotAllowed(HttpProblem):
    status = 405
    code = "method-not-allowed"
    zh = "这个地址不接受此种方法。可用的方法见 Allow 头。"
    en = "This address does not take that method. The header Allow lists those that it takes."


class TooSlow(HttpProblem):
    status = 408
    code = "request-too-slow"
    zh = "请求内容未能在规定时间内传完。请重试。"
    en = "The request did not arrive in time. Try again."
    headers: ClassVar = {"Connection": "close"}


class BodyTooLarge(HttpProblem):
    status = 413
    code = "body-too-large"
    zh = "请求内容过大，最多 1 MB。"
    en = "The body is too large: at most 1 MB."
    headers: ClassVar = {"Connection": "close"}


class NotJson(HttpProblem):
    status = 415
    code = "not-json"
    zh = "只接受 Content-Type: application/json（UTF-8，不压缩）。"
    en = "Only Content-Type: application/json is taken, in UTF-8 and not compressed."
    headers: ClassVar = {"Accept": "application/json"}


class Malformed(HttpProblem):
    status = 422
    code = "malformed"
    zh = "请求不合格式，详见 errors。"
    en = "The request is malformed: see errors."


class HeaderMissing(HttpProblem):
    status = 428
    code = "header-missing"
    zh = "缺少必需的请求头，详见 errors。"
    en = "A required header is missing: see errors."


class TooManyRequests(HttpProblem):
    status = 429
    code = "too-many-requests"
    zh = "请求过于频繁，请稍后再试。"
    en = "Too many requests. Try again later."

    def __init__(self, retry_after: int) -> None:
        """`retry_after`: seconds after which the next one is taken."""
        super().__init__()
        self.retry_after = retry_after

    def own_headers(self) -> Mapping[str, str]:
        return {"Retry-After": str(self.retry_after)}


class HeadersTooLarge(HttpProblem):
    status = 431
    code = "headers-too-large"
    zh = "请求头过大，最多 16 KB。"
    en = "The headers are too large: at most 16 kB."
    headers: ClassVar = {"Connection": "close"}


class InternalError(HttpProblem):
    status = 500
    code = "internal-error"
    zh = "系统出错，未予处理。请把 X-Request-Id 告知管理员。"
    en = "Something went wrong on our side. Tell the administrator the X-Request-Id."


class Overloaded(HttpProblem):
    status = 503
    code = "overloaded"
    zh = "系统繁忙。请稍候用同一请求编号重试，不会重复登记。"
    en = "Too busy just now. Repeat with the same request id; it will count once."
    headers: ClassVar = {"Retry-After": _RETRY_AFTER}


class DatabaseAway(HttpProblem):
    status = 503
    code = "database-away"
    zh = "数据库暂时无法访问。请稍候重试；写入时沿用同一请求编号，只会登记一次。"
    en = "The database cannot be reached just now. Try again soon; a write with the same request id counts once."
    headers: ClassVar = {"Retry-After": _RETRY_AFTER}


class NotVisibleYet(HttpProblem):
    status = 503
    code = "not-visible-yet"
    zh = "已经登记，但台账尚未更新。请稍候再查。"
    en = "It is recorded, but the ledgers have not taken it in yet. Look again soon."
    headers: ClassVar = {"Retry-After": _RETRY_AFTER}


class NotReady(HttpProblem):
    status = 503
    code = "not-ready"
    zh = "数据表不是本版本的。请先执行 huiyin migrate。"
    en = "The tables are not those of this version. Run huiyin migrate first."
    headers: ClassVar = {"Retry-After": _RETRY_AFTER}


HTTP_PROBLEMS: Final[tuple[type[HttpProblem], ...]] = (
    BadRequest, NoSuchPath, MethodNotAllowed, TooSlow, BodyTooLarge, NotJson, Malformed, HeaderMissing,
    TooManyRequests, HeadersTooLarge, InternalError, Overloaded, DatabaseAway, NotVisibleYet, NotReady,
)  # fmt: skip

_STATUS_OF: Final[tuple[tuple[type[HuiyinError], int], ...]] = (
    (NotAuthenticated, 401),
    (LogInRefused, 401),
    (OidcRefused, 401),
    (OidcUnlinked, 403),
    (NotAllowedHere, 403),
    (RoleNotAllowed, 403),
    (OutsideScope, 403),
    (SecondFactorWrong, 403),
    (NoPost, 403),
    (PostNotHeld, 403),
    (NotFound, 404),
    (StaleVersion, 412),
    (Unavailable, 503),
    (OidcAway, 503),
    (FileTooLarge, 413),
    (FileKindNotTaken, 415),
    (FileRefused, 422),
    (FileErased, 410),
    (FileLost, 503),
    (PdfNotAvailable, 503),
    (PdfFailed, 503),
    (Refusal, 409),
)
"""The first that fits."""

_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="huiyin"'}
_HEADERS_OF: Final[Mapping[type[HuiyinError], Mapping[str, str]]] = {
    NotAuthenticated: _CHALLENGE,
    LogInRefused: _CHALLENGE,
    OidcRefused: _CHALLENGE,
    OidcAway: {"Retry-After": _RETRY_AFTER},
    Unavailable: {"Retry-After": _RETRY_AFTER},
}

TITLES: Final[Mapping[int, str]] = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Refused by a rule",
    410: "Erased",
    412: "Changed since it was read",
    413: "Too large",
    415: "Unsupported content",
    422: "Malformed",
    428: "Header missing",
    429: "Too many requests",
    431: "Headers too large",
    500: "Internal error",
    503: "Not available now",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document, and the headers that go with it. `present`: how the issue stands now, where that helps."""

    status: int
    error: HuiyinError
    headers: Mapping[str, str] = field(default_factory=dict)
    present: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The members of the document."""
        error = self.error
        errors: Sequence[FieldProblem] = error.errors if isinstance(error, HttpProblem) else ()
        return {
            "type": f"/api/docs#{error.code}",
            "title": TITLES[self.status],
            "status": self.status,
            "code": error.code,
            "zh": error.zh,
            "en": error.en,
            "errors": errors,
            **self.present,
        }

    def response(self) -> Response:
        """As it goes out."""
        return Response(orjson.dumps(self.document()), self.status, dict(self.headers), MEDIA_TYPE)


def status_of(error: type[HuiyinError]) -> int:
    """The HTTP status of an error of the tree."""
    if issubclass(error, HttpProblem):
        return error.status
    return next((status for kind, status in _STATUS_OF if issubclass(error, kind)), 500)


def problem_of(error: BaseException, present: Mapping[str, Any] | None = None) -> Problem:
    """The problem that any exception amounts to; what nobody foresaw is an InternalError."""
    known = _as_known(error)
    headers = known.own_headers() if isinstance(known, HttpProblem) else _HEADERS_OF.get(type(known), {})
    if isinstance(error, HTTPException) and error.headers:
        headers = {**headers, **error.headers}
    return Problem(status_of(type(known)), known, headers, present or {})


def _as_known(error: BaseException) -> HuiyinError:
    match error:
        case HuiyinError() if status_of(type(error)) != 500:
            return error
        case HTTPException(status_code=404):
            return NoSuchPath()
        case HTTPException(status_code=405):
            return MethodNotAllowed()
        case psycopg.DataError() | log_errors.DataError():
            return Malformed()
        case (
            psycopg.OperationalError()
            | psycopg.InterfaceError()
            | log_errors.OperationalError()
            | log_errors.InterfaceError()
        ):
            return DatabaseAway()
    return InternalError()
