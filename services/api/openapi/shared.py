"""What every part of the API's description is made of: references to schemas and refusals. Called by each of them."""

from collections.abc import Iterable
from typing import Any, Final

from domain.commands import Command
from domain.values import Role

Schema = dict[str, Any]

REF: Final = "#/components/schemas/"
REF_TEMPLATE: Final = REF + "{model}"
WRITE_REFUSALS: Final = (401, 403, 404, 408, 409, 412, 413, 415, 422, 428, 429, 431, 503)
READ_REFUSALS: Final = (401, 403, 404, 422, 429, 431, 503)


def json_of(schema: str) -> Schema:
    """The content of an answer that is this schema's."""
    return {"application/json": {"schema": {"$ref": REF + schema}}}


def body_of(schema: str, example: Any = None) -> Schema:
    """A request's body of this schema."""
    content = {"schema": {"$ref": REF + schema}, **({} if example is None else {"example": example})}
    return {"required": True, "content": {"application/json": content}}


def refusals(statuses: Iterable[int]) -> Schema:
    """The answers of these statuses."""
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(statuses)}


def summary_of(kind: type[Command]) -> str:
    """The first line of a command's docstring: what it is called in both languages."""
    return (kind.__doc__ or "").strip().splitlines()[0]


def roles_of(kind: type[Command]) -> str:
    """Who may ask for it."""
    return "Roles: " + ", ".join(sorted(kind.ROLES - {Role.PROCESS}))
