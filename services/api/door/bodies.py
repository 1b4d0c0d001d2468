"""What does a body hold? A model that takes nothing else, read strictly; commands are read by commands.py.

Called by the doors whose bodies are no commands: log-in, receipts, search.
"""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request

from services.api.door.fields import field_problems
from services.api.door.problems import Malformed
from services.api.door.requests import json_body
from services.api.door.strict_json import read_object
from services.api.parts import Limits


class Body(BaseModel):
    """What a body holds; nothing else is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


B = TypeVar("B", bound=Body)


async def body_of(request: Request, kind: type[B], limits: Limits) -> B:
    """The body as `kind`. Raises Malformed, and as `json_body` does."""
    raw, _ = read_object(await json_body(request, limits))
    try:
        return kind.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise Malformed(*field_problems(error, "body", frozenset(kind.model_fields))) from None
