"""Which file does a request bring? The body itself, or the one file of a form; its name and its type are not looked at.

Called by the handler of uploads. The content stays in memory: no temporary file holds what shows a household.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from services.api.door.problems import FieldProblem, Malformed, TooSlow
from services.api.parts import Limits
from services.files.problems import FileKindNotTaken, FileTooLarge

FORM: Final = "multipart/form-data"
TAKEN_TYPES: Final = frozenset(
    {FORM, "application/octet-stream", "application/pdf"}
    | {f"image/{kind}" for kind in ("jpeg", "png", "webp", "heic", "heif")}
)
"""What a body may be called; what it is, is told by its content."""
_FORM_BYTES: Final = 100_000  # of a form around its file
_NO_FILE: Final = FieldProblem(
    "body", "one-file", "表单须有且只有一个文件，不含其他内容。", "The form must hold one file and nothing else."
)


async def file_body(request: Request, limits: Limits) -> bytes:
    """The file. Raises FileKindNotTaken, FileTooLarge, Malformed, TooSlow."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TAKEN_TYPES or request.headers.get("content-encoding", "identity").lower() != "identity":
        raise FileKindNotTaken
    most = limits.file_bytes + (_FORM_BYTES if kind == FORM else 0)
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or len(announced) > 15 or int(announced) > most:
        raise FileTooLarge
    try:
        async with asyncio.timeout(limits.file_seconds):
            raw = await _read(request, most)
    except (TimeoutError, ClientDisconnect):
        raise TooSlow from None
    return await _of_form(request, raw) if kind == FORM else raw


async def _read(request: Request, most: int) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise FileTooLarge
    return bytes(body)


class _InMemory(MultiPartParser):
    spool_max_size = 1 << 30  # bounded above


async def _of_form(request: Request, raw: bytes) -> bytes:
    async def stream() -> AsyncIterator[bytes]:
        yield raw

    try:
        form = await _InMemory(request.headers, stream(), max_files=1, max_fields=0).parse()  # type: ignore[arg-type]
    except (MultiPartException, KeyError, ValueError):
        raise Malformed(_NO_FILE) from None
    try:
        parts = [part for _, part in form.multi_items()]
        if len(parts) != 1 or not isinstance(parts[0], UploadFile):
            raise Malformed(_NO_FILE)
        return await parts[0].read()
    finally:
        await form.close()
