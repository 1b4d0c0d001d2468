"""What do the lists of a form offer? Villages, categories, departments, people: by the field that takes them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request

from services.web.forms import Choice
from services.web.inside import Inside
from services.web.language import Pair

_PEOPLE: Final = ("person", "leader", "officer", "companions", "concerns")


async def choices_of(inside: Inside, request: Request) -> Mapping[str, Sequence[Choice]]:
    """The lists for whoever looks: `village`, `category`, `department`, and the fields that name an officer."""
    told = await inside.get(request, "/api/v1/me/choices")
    names = await inside.names.known_to(request)
    people = [Choice(name, names.get(name, Pair(name, name))) for name in told["officers"]]
    return {
        "village": [Choice(it["code"], Pair(it["name"], it["name"])) for it in told["villages"]],
        "category": _named(told["categories"]),
        "department": _named(told["departments"]),
        **dict.fromkeys(_PEOPLE, people),
    }


def called(choices: Sequence[Choice], value: str | None) -> Pair:
    """How a value of a list is called; itself if the list does not have it any more."""
    found = (choice.said for choice in choices if choice.value == value)
    return next(found, Pair(value or "", value or ""))


def _named(given: Sequence[Mapping[str, Any]]) -> list[Choice]:
    return [Choice(it["key"], Pair(it["zh"], it["en"])) for it in given]
