"""What did a browser post? Form fields and files, within bounds; JSON is the API's own.

Called by page handlers, which make an API body of it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from services.api.door.problems import BodyTooLarge, FieldProblem, Malformed, TooSlow

_URLENCODED: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"
_MOST_FIELDS: Final = 400
_MOST_BYTES: Final = 200_000  # of a form without files
_MOST_FILES: Final = 20
_MOST_IN_ALL: Final = 120_000_000  # bytes, with files; each file has its own limit where it is taken in
_SECONDS: Final = 120.0  # a phone with a bad line sends pictures


@dataclass(frozen=True, slots=True)
class PostedFile:
    """A file as it came; its name and type are claims."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form, in their order; blank ones count as left out."""

    fields: Mapping[str, Sequence[str]]
    files: Mapping[str, Sequence[PostedFile]] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """What was written in a field, or None."""
        return next((value for value in self.fields.get(name, ()) if value.strip()), None)

    def all(self, name: str) -> list[str]:
        """Everything ticked or written under a name."""
        return [value for value in self.fields.get(name, ()) if value.strip()]

    @property
    def values(self) -> dict[str, str | list[str]]:
        """For showing the form again."""
        return {name: values[0] if len(values) == 1 else list(values) for name, values in self.fields.items()}


async def posted(request: Request) -> Posted:
    """The form that a browser sent. Raises Malformed, BodyTooLarge, TooSlow."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    announced = request.headers.get("content-length", "0")
    most = _MOST_IN_ALL if kind == _MULTIPART else _MOST_BYTES
    if not announced.isdigit() or int(announced) > most:
        raise BodyTooLarge
    try:
        async with asyncio.timeout(_SECONDS):
            if kind == _MULTIPART:
                return await _with_files(request)
            if kind == _URLENCODED:
                return _urlencoded(await request.body())
    except (TimeoutError, ClientDisconnect):
        raise TooSlow from None
    raise _no_form()


def _urlencoded(content: bytes) -> Posted:
    if len(content) > _MOST_BYTES:
        raise BodyTooLarge
    try:
        pairs = parse_qsl(content.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise _no_form() from None
    return Posted(_grouped(pairs))


async def _with_files(request: Request) -> Posted:
    try:
        async with request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_MOST_BYTES) as parts:
            pairs = [(name, value) for name, value in parts.multi_items() if isinstance(value, str)]
            files: dict[str, list[PostedFile]] = {}
            for name, value in parts.multi_items():
                if isinstance(value, UploadFile) and value.size:
                    content = await value.read()
                    files.setdefault(name, []).append(
                        PostedFile(value.filename or "", value.content_type or "", content)
                    )
    except MultiPartException:
        raise _no_form() from None
    return Posted(_grouped(pairs), files)


def _grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _no_form() -> Malformed:
    return Malformed(
        FieldProblem(
            "body",
            "no-form",
            "表单内容无法读取。请刷新页面后重填。",
            "The form cannot be read. Reload the page and fill it in again.",
        )
    )
