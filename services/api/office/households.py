"""The household register over HTTP: commands about a household, its entry, who looked at it, its copy, exact search.

For field staff within their own villages, and auditors without telephone numbers; every answer with words is a look.
Another village's household answers exactly as one that does not exist.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound, RoleNotAllowed
from domain.household.commands import HOUSEHOLD_COMMANDS, HouseholdCommand, RegisterHousehold
from domain.household.words import Phone
from domain.values import HouseholdId, Role, VillageCode
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer
from services.api.door.bodies import Body, body_of
from services.api.door.queries import Query, query_of
from services.api.door.requests import expected_version, idempotency_key, json_body
from services.api.door.threads import Threads
from services.api.office.commands import command_of, for_people, path_name
from services.api.parts import ApiParts
from services.identity.accounts import Account, OutsideScope
from services.persistence.scope import Scope

FIELD_STAFF: Final = frozenset({Role.CASE_HANDLER, Role.STATION_LEAD})
READERS: Final = FIELD_STAFF | {Role.AUDITOR}
COMMANDS: Final[Mapping[str, type[HouseholdCommand]]] = {
    path_name(kind): kind for kind in HOUSEHOLD_COMMANDS if for_people(kind) and kind is not RegisterHousehold
}
"""`POST /api/v1/households/{village}/{household}/<key>`."""
_VILLAGE: Final = TypeAdapter(VillageCode)
_HOUSEHOLD: Final = TypeAdapter(HouseholdId)


class SearchHousehold(Body):
    """按电话查户 The household with exactly this telephone number."""

    phone: Phone


class HouseholdDoor:
    """The handlers of everything below /api/v1/households."""

    def __init__(self, parts: ApiParts, people: People, writers: Threads, readers: Threads) -> None:
        self._parts = parts
        self._people = people
        self._writers = writers
        self._readers = readers

    async def act(self, kind: type[HouseholdCommand], request: Request) -> Response:
        """A command: to register, all in the body; to a registered household, which one in the path."""
        account = await self._people.writer(request)
        path = None if kind is RegisterHousehold else _in_scope(account, request)
        key = idempotency_key(request)
        version = expected_version(request, required=path is not None)
        raw = await json_body(request, self._parts.limits)
        return await self._writers.run(partial(self._act, kind, account, path, key, version, raw))

    async def show(self, request: Request) -> Response:
        """`GET /api/v1/households/{village}/{household}`."""
        return await self._ask(request, READERS, "show")

    async def looks(self, request: Request) -> Response:
        """`GET .../looks`."""
        return await self._ask(request, READERS, "looks")

    async def copy(self, request: Request) -> Response:
        """`GET .../copy`."""
        return await self._ask(request, FIELD_STAFF, "copy")

    async def search(self, request: Request) -> Response:
        """`POST /api/v1/households/search`: in a body, lest a number stands in an address."""
        account = await self._reader(request, FIELD_STAFF)
        asked = await body_of(request, SearchHousehold, self._parts.limits)
        return await self._readers.run(partial(self._search, account, asked.phone))

    async def _reader(self, request: Request, roles: frozenset[Role]) -> Account:
        account = await self._people.reader(request)
        if account.role not in roles:
            raise RoleNotAllowed
        return account

    async def _ask(self, request: Request, roles: frozenset[Role], question: str) -> Response:
        account = await self._reader(request, roles)
        path = _in_scope(account, request)
        query_of(request, Query)
        return await self._readers.run(partial(self._answer, account, path, question))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _act(
        self,
        kind: type[HouseholdCommand],
        account: Account,
        path: Mapping[str, str] | None,
        key: UUID,
        version: int | None,
        raw: bytes,
    ) -> Response:
        now = self._parts.clock()
        command = command_of(kind, raw, command_id=key, actor=account.actor, now=now, in_path=path or {})
        if not account.covers_village(command.village):
            raise OutsideScope
        outcome = self._parts.households.register.handle(command, expected_version=version)
        document = {"household_id": outcome.stream_id, "version": outcome.version, "repeated": outcome.repeated}
        is_new = kind is RegisterHousehold and not outcome.repeated
        return answer(document, 201 if is_new else 200, version=outcome.version)

    def _answer(self, account: Account, path: Mapping[str, str], question: str) -> Response:
        households = self._parts.households
        with self._parts.reading(Scope.of(account)) as connection:
            if question == "looks":
                return answer({"items": households.looks(connection, **path)})
            if question == "copy":
                return answer(households.copy(connection, as_reader(account), **path))
            shown = households.show(connection, as_reader(account), **path)
        return answer(shown, version=shown["version"])

    def _search(self, account: Account, phone: str) -> Response:
        with self._parts.reading(Scope.of(account)) as connection:
            found = self._parts.households.search(connection, as_reader(account), phone)
        return answer({"items": found})


def _in_scope(account: Account, request: Request) -> dict[str, str]:
    """Which household the path means, if its village is the account's business. Raises NotFound, for every reason."""
    village, household = request.path_params["village"], request.path_params["household"]
    try:
        _VILLAGE.validate_python(village)
        _HOUSEHOLD.validate_python(household)
    except ValidationError:
        raise NotFound from None
    if account.role is Role.HOUSEHOLD or not account.covers_village(village):
        raise NotFound
    return {"village": village, "household": household}
