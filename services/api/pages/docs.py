"""The description of the API for people who come with a browser. No script, one stylesheet.

Everything on them is made from the route table, the commands and the error tree; nothing is fetched from elsewhere.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Command
from domain.errors import HuiyinError
from domain.values import Role
from projections.labels import label
from services.api.door.problems import HTTP_PROBLEMS, status_of
from services.api.office.commands import body_fields
from services.api.openapi.document import all_commands, description
from services.api.openapi.examples import EXAMPLES
from services.api.openapi.shared import summary_of
from services.api.pages.templating import PAGE_POLICY, TEMPLATES


class FieldLine(NamedTuple):
    """One field of a body, as the docs page shows it."""

    name: str
    kind: str
    required: bool


class CommandLine(NamedTuple):
    """One write route, as the docs page shows it."""

    path: str
    name: str
    summary: str
    roles: str
    fields: list[FieldLine]
    example: str
    on_issue: bool


class ErrorLine(NamedTuple):
    """One code, as the docs page shows it."""

    code: str
    status: int
    zh: str
    en: str


class Pages:
    """The handlers."""

    async def docs(self, _: Request) -> Response:
        """`GET /api/docs`: every route, its fields, roles, an example, and every code."""
        return _page(self._docs)

    async def style(self, _: Request) -> Response:
        """`GET /api/docs.css`."""
        return Response(self._style, 200, {"Cache-Control": "max-age=3600"}, "text/css")

    async def openapi(self, _: Request) -> Response:
        """`GET /api/openapi.json`."""
        return Response(self._openapi, 200, {"Cache-Control": "max-age=60"}, "application/json")

    @cached_property
    def _docs(self) -> str:
        reads = {path: item["get"] for path, item in description()["paths"].items() if "get" in item}
        return TEMPLATES.get_template("docs.html").render(
            commands=[_command_line(path, kind) for path, kind in all_commands().items()],
            reads=reads,
            others=list(_other_writes()),
            errors=sorted(error_lines()),
        )

    @cached_property
    def _style(self) -> str:
        return TEMPLATES.get_template("pages.css").render()

    @cached_property
    def _openapi(self) -> bytes:
        return orjson.dumps(description())


def error_lines() -> Iterator[ErrorLine]:
    """Every code that the API can answer with."""
    for kind in _below(HuiyinError):
        if "code" in kind.__dict__ and (status_of(kind) != 500 or kind in HTTP_PROBLEMS):
            yield ErrorLine(kind.code, status_of(kind), kind.zh, kind.en)


def _other_writes() -> Iterator[tuple[str, str]]:
    """What changes something and is no command: method and path, and what it does."""
    for path, item in description()["paths"].items():
        for method in item.keys() - {"get"} if path not in all_commands() else ():
            yield f"{method.upper()} {path}", item[method]["summary"]


def _below(kind: type[HuiyinError]) -> Iterator[type[HuiyinError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _command_line(path: str, kind: type[Command]) -> CommandLine:
    schema = description()["components"]["schemas"][kind.__name__]
    known = body_fields(kind)
    lines = [
        FieldLine(name, _kind_of(field), name in schema["required"])
        for name, field in schema["properties"].items()
        if name in known
    ]
    roles = "、".join(f"{label(role).zh} {role}" for role in sorted(kind.ROLES - {Role.PROCESS}))
    example = orjson.dumps(EXAMPLES[kind.__name__]).decode()
    return CommandLine(path, kind.__name__, summary_of(kind), roles, lines, example, "{number}" in path)


def _kind_of(field: dict[str, Any]) -> str:
    """A field's type in a few words: `text ≤ 200`, `array of ...`, `one of a, b`."""
    if "anyOf" in field:
        return _any_of(field["anyOf"])
    if "$ref" in field:
        schemas = description()["components"]["schemas"]
        return _kind_of(schemas[field["$ref"].rpartition("/")[2]])
    if "enum" in field:
        return "one of " + ", ".join(field["enum"])
    if field.get("type") == "array":
        return f"array of {_kind_of(field.get('items', {}))}" + _bound(field, "maxItems")
    if field.get("type") == "object":
        return "{" + ", ".join(field.get("properties", ("…",))) + "}"
    plain = str(field.get("type", ""))
    kind = str(field.get("format") or ("text" if plain == "string" else plain))
    return kind + _bound(field, "maxLength") + _bound(field, "maximum") + _pattern(field)


def _any_of(choices: list[dict[str, Any]]) -> str:
    kinds = [_kind_of(each) for each in choices if each.get("type") != "null"]
    return "amount" if "number" in kinds else " or ".join(kinds)


def _bound(field: dict[str, Any], name: str) -> str:
    return f" ≤ {field[name]}" if name in field else ""


def _pattern(field: dict[str, Any]) -> str:
    return f" {field['pattern']}" if "pattern" in field else ""


def _page(text: str) -> Response:
    return Response(text, 200, {"Content-Security-Policy": PAGE_POLICY}, "text/html")
