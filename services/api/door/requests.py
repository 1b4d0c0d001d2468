"""What does the request carry? Token, post, idempotency key, expected version and body, each read strictly or refused.

Called by the handlers. Headers come as bytes: what is no plain ASCII fits none of the forms below.
"""

import asyncio
import re
from typing import Final
from uuid import UUID

from starlette.requests import ClientDisconnect, Request

from services.api.door.problems import BodyTooLarge, FieldProblem, HeaderMissing, Malformed, NotJson, TooSlow
from services.api.parts import Limits
from services.identity.accounts import PostNotHeld
from services.identity.authenticator import NotAuthenticated

_BEARER: Final = re.compile(rb"(?i:bearer) (hy_[\x21-\x7e]{1,200})")
_JSON_TYPE: Final = re.compile(rb'application/json(\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)
_UUID: Final = re.compile(rb'"?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"?', re.IGNORECASE)
_ETAG: Final = re.compile(rb'"([1-9][0-9]{0,17})"')
_POST: Final = re.compile(rb"[a-z_]{1,40}@[A-Za-z0-9:@_-]{1,110}")
_DERIVED: Final = 5  # UUID version
_DIGITS: Final = 16  # of any length that a body could have; the server has seen to it that these are digits

_NO_KEY: Final = FieldProblem(
    "header.Idempotency-Key",
    "idempotency-key-missing",
    "须给出请求编号：一个新的随机 UUID；重试时不变。",
    "Give a request id: a fresh random UUID, the same when you repeat.",
)
_BAD_KEY: Final = FieldProblem(
    "header.Idempotency-Key",
    "idempotency-key-invalid",
    "请求编号须为一个随机 UUID（版本 4 或 7），只给一次。",
    "The request id must be one random UUID (version 4 or 7), given once.",
)
_NO_VERSION: Final = FieldProblem(
    "header.If-Match",
    "if-match-missing",
    '须写明您所见的版本，如 If-Match: "3"（见读取时的 ETag）。',
    'Say which version you have read, such as If-Match: "3" (the ETag when you read it).',
)
_BAD_VERSION: Final = FieldProblem(
    "header.If-Match",
    "if-match-invalid",
    '须为一个带引号的版本号，如 "3"；不接受 *、W/ 或多个。',
    'It must be one version in quotation marks, such as "3"; not *, W/ nor several.',
)


def _values(request: Request, name: bytes) -> list[bytes]:
    return [value for key, value in request.scope["headers"] if key == name]


def bearer_token(request: Request) -> str:
    """The access token. Raises NotAuthenticated."""
    given = _values(request, b"authorization")
    found = _BEARER.fullmatch(given[0]) if len(given) == 1 else None
    if found is None:
        raise NotAuthenticated
    return found[1].decode("ascii")


def post_named(request: Request) -> str | None:
    """The post in which the caller wants to act, if they say. Raises PostNotHeld."""
    given = _values(request, b"huiyin-post")
    if not given:
        return None
    if len(given) > 1 or not _POST.fullmatch(given[0]):
        raise PostNotHeld
    return given[0].decode("ascii")


def account_named(request: Request) -> str | None:
    """Whose write this is, as a page says that kept it while there was no line; whoever is logged in now may differ."""
    given = _values(request, b"huiyin-account")
    return given[0].decode("latin-1") if given else None


def idempotency_key(request: Request) -> UUID:
    """The command's id. Raises HeaderMissing, Malformed.

    Ids of version 5 are refused: the workflows derive theirs that way, and nobody may use up the id of a step to come.
    """
    given = _values(request, b"idempotency-key")
    if not given:
        raise HeaderMissing(_NO_KEY)
    found = _UUID.fullmatch(given[0]) if len(given) == 1 else None
    key = UUID(found[1].decode("ascii")) if found else None
    if key is None or key.int == 0 or key.version == _DERIVED:
        raise Malformed(_BAD_KEY)
    return key


def expected_version(request: Request, *, required: bool) -> int | None:
    """The version the caller has read. Raises HeaderMissing, Malformed."""
    given = _values(request, b"if-match")
    if not given:
        if required:
            raise HeaderMissing(_NO_VERSION)
        return None
    found = _ETAG.fullmatch(given[0]) if len(given) == 1 else None
    if found is None:
        raise Malformed(_BAD_VERSION)
    return int(found[1])


async def json_body(request: Request, limits: Limits) -> bytes:
    """The body as it came. Raises NotJson, BodyTooLarge, TooSlow."""
    types = _values(request, b"content-type")
    if len(types) != 1 or not _JSON_TYPE.fullmatch(types[0]):
        raise NotJson
    if any(value.lower() != b"identity" for value in _values(request, b"content-encoding")):
        raise NotJson
    announced = _values(request, b"content-length")
    if announced and not (len(announced[0]) < _DIGITS and int(announced[0]) <= limits.body_bytes):
        raise BodyTooLarge
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _read(request, limits.body_bytes)
    except (TimeoutError, ClientDisconnect):
        raise TooSlow from None


async def _read(request: Request, most: int) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise BodyTooLarge
    return bytes(body)
