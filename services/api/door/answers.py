"""How does an answer go out? As JSON, with the version that the next If-Match expects.

Called by every handler that shows something or says that it is done. Refusals are problems.py's.
"""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any, Final

import orjson
from starlette.responses import Response

from projections.three_rates import Rate

_OPTIONS: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_NON_STR_KEYS


def answer(content: Any, status: int = 200, *, version: int | None = None, location: str | None = None) -> Response:
    """`content` as JSON; `version` as its ETag; `location`: where it is found from now on."""
    headers = {} if version is None else {"ETag": f'"{version}"'}
    if location is not None:
        headers["Location"] = location
    return Response(orjson.dumps(content, default=_plain, option=_OPTIONS), status, headers, "application/json")


def list_of(**properties: Any) -> dict[str, Any]:
    """A list of objects with these properties, as the API describes itself."""
    return {"type": "array", "items": {"type": "object", "properties": properties}}


def members_of(value: Any) -> dict[str, Any]:
    """A dataclass's fields by name, as they are."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _plain(value: Any) -> Any:
    """What orjson leaves to us: a rate goes out with its value, exact figures as numbers, sets in order."""
    if isinstance(value, Rate):
        return {**members_of(value), "value": value.value}
    if is_dataclass(value):
        return members_of(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)
