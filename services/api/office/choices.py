"""What can be chosen from in a form, and what are people called? Villages, categories, departments, officers.

Nothing of a case is told. What a form asks beyond that is typed.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import RoleNotAllowed
from domain.organisation.words import PlaceKind
from domain.plan import Plan
from domain.values import Role
from services.api.accounts.people import People
from services.api.door.answers import answer, list_of
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.parts import ApiParts
from services.identity.accounts import Account

_NAMES: Final = "select name, display_zh, display_en from account order by name"


class ChoiceReads:
    """The handlers of both."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def choices(self, request: Request) -> Response:
        """`GET /api/v1/me/choices`."""
        account = await self._people.reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._choices, account))

    async def people(self, request: Request) -> Response:
        """`GET /api/v1/people`: how those are called whom cases name by their accounts, those who left too."""
        account = await self._people.reader(request)
        query_of(request, Query)
        if account.role is Role.HOUSEHOLD:
            raise RoleNotAllowed
        return await self._threads.run(self._called)

    def _called(self) -> Response:
        with self._parts.connect() as connection:
            found = connection.execute(_NAMES).fetchall()
        return answer({"items": [{"name": name, "zh": zh, "en": en} for name, zh, en in found]})

    def _choices(self, account: Account) -> Response:
        villages = sorted(self._villages(account), key=lambda village: str(village["code"]))
        townships = sorted({str(village["township"]) for village in villages})
        plan = self._parts.plans().in_force(self._parts.clock(), townships[0] if len(townships) == 1 else None)
        return answer({"villages": villages, "officers": sorted(self._officers(account)), **_of_plan(plan)})

    def _villages(self, account: Account) -> Iterator[dict[str, str]]:
        organisation, now = self._parts.directory.organisation(), self._parts.clock()
        for code, place in organisation.places.items():
            if place.kind is not PlaceKind.VILLAGE or place.closed or not account.covers_village(code):
                continue
            village = organisation.village(code, now)
            yield {"code": code, "name": place.name, "township": village.township if village else ""}

    def _officers(self, account: Account) -> set[str]:
        """Who serves where the account may look, or above."""
        organisation, now = self._parts.directory.organisation(), self._parts.clock()
        mine = {place.code for place in organisation.upwards(account.place)}
        for code in organisation.places:
            if account.place in {place.code for place in organisation.upwards(code)} or _in_office(code, mine):
                mine.add(code)
        appointed = (it for place in mine for it in organisation.appointments.get(place, ()))
        return {it.officer for it in appointed if it.period.holds(now)}


def _in_office(code: str, places: set[str]) -> bool:
    """Whether a department is one of an office among these: `department:roads@YL`."""
    return code.startswith("department:") and (code.partition("@")[2] in places or "@" not in code)


def _of_plan(plan: Plan) -> dict[str, Any]:
    return {
        "categories": [{"key": key, "zh": it.zh, "en": it.en} for key, it in plan.categories.items()],
        "departments": [{"key": key, "zh": it.zh, "en": it.en} for key, it in plan.departments.items()],
    }


_TEXT: Final = {"type": "string"}
CHOICE_SCHEMAS: Final[dict[str, Any]] = {
    "PeopleCalled": {"type": "object", "properties": {"items": list_of(name=_TEXT, zh=_TEXT, en=_TEXT)}},
    "Choices": {
        "type": "object",
        "properties": {
            "villages": list_of(code=_TEXT, name=_TEXT, township=_TEXT),
            "officers": {"type": "array", "items": _TEXT, "description": "account names"},
            "categories": list_of(key=_TEXT, zh=_TEXT, en=_TEXT),
            "departments": list_of(key=_TEXT, zh=_TEXT, en=_TEXT),
        },
    },
}
