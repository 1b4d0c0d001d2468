"""Which samples did auditors draw, and does drawing again give the same? For auditors, of their villages.

Commands are like any other (writing.py). What is drawn again is read off the sealed log (services/audit/sampling.py).
"""

from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.audit.state import AuditSample, fold_sample
from domain.errors import NotFound, RoleNotAllowed
from domain.values import Role
from projections.audit_findings import samples
from projections.pages import WHOLE
from services.api.accounts.people import People
from services.api.door.answers import answer, members_of
from services.api.door.queries import PageQuery, Query, page_and_next, place_of, query_of, read_cursor
from services.api.door.threads import Threads
from services.api.office.numbers import id_of
from services.api.parts import ApiParts
from services.audit.sampling import drawn_again
from services.identity.accounts import Account
from services.persistence.scope import Scope


class SamplesQuery(PageQuery):
    """`GET /api/v1/audit/samples`."""


class SampleReads:
    """The handlers of both."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def samples(self, request: Request) -> Response:
        """`GET /api/v1/audit/samples`."""
        account = await self._auditor(request)
        query = query_of(request, SamplesQuery)
        return await self._threads.run(partial(self._listed, account, query))

    async def sample(self, request: Request) -> Response:
        """`GET /api/v1/audit/samples/{id}`; its ETag is what If-Match expects."""
        account = await self._auditor(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._shown, account, request.path_params["id"]))

    async def _auditor(self, request: Request) -> Account:
        account = await self._people.case_reader(request)
        if account.role is not Role.AUDITOR:
            raise RoleNotAllowed
        return account

    # -- in a thread --------------------------------------------------------------------------------------------

    def _listed(self, account: Account, query: SamplesQuery) -> Response:
        at, key = read_cursor(query) or (None, None)
        with self._parts.reading(Scope.of(account)) as connection:
            found = samples(connection, {**WHOLE, "at": at, "key": key, "limit": query.limit + 1})
        shown, following = page_and_next(query, found, place_of)
        hidden = ("at", "key")
        items = [
            {"asked_at": line.at, **{name: value for name, value in members_of(line).items() if name not in hidden}}
            for line in shown
        ]
        return answer({"items": items, "next": following})

    def _shown(self, account: Account, given: str) -> Response:
        sample = fold_sample(self._parts.casework.history(id_of(given)))
        if sample is None or not _covers(account, sample):
            raise NotFound
        again = drawn_again(sample, self._parts.casework.sample_basis)
        drawn = sample.drawn
        return answer(
            {
                "sample_id": sample.sample_id,
                "version": sample.version,
                "auditor": sample.asked.actor.user,
                "asked_at": sample.asked.occurred_at,
                **sample.asked.model_dump(mode="json", include={"number", "kind", "village", "since", "until"}),
                "drawn": drawn and drawn.model_dump(mode="json", include=_PROOF),
                "again": [{"name": it.name, "same": it.same} for it in again],
            },
            version=sample.version,
        )


def _covers(account: Account, sample: AuditSample) -> bool:
    village = sample.asked.village
    return account.villages is None or (village is not None and account.covers_village(village))


_PROOF: Final = {"head", "head_hash", "seed", "counted", "digest", "items", "occurred_at"}
_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
AUDIT_SAMPLE_SCHEMAS: Final[dict[str, Any]] = {
    "SampleList": {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"type": "object", "description": "a sample in short"}},
            "next": {**_TEXT_OR_NONE, "description": "cursor of the next page"},
        },
    },
    "Sample": {
        "type": "object",
        "properties": {
            "sample_id": {"type": "string", "format": "uuid"},
            "version": {"type": "integer", "description": "for the next If-Match"},
            "auditor": _TEXT, "asked_at": _TEXT, "number": {"type": "integer"}, "kind": _TEXT,
            "village": _TEXT_OR_NONE, "since": _TEXT_OR_NONE, "until": _TEXT_OR_NONE,
            "drawn": {"type": ["object", "null"], "description": "what it takes to draw again, and what was drawn"},
            "again": {"type": "array", "items": {"type": "object"}, "description": "each figure: is it the same again"},
        },
    },
}  # fmt: skip
