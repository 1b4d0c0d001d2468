"""Photos and papers over HTTP: taken in before a command names them, and shown again with the case that names them.

Taken in for one matter: an issue, or a village (and household) of which an issue is about to be logged. Shown to the
case's people only, each look at a household's written down; nothing that a browser would run, and kept by no cache.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound, RoleNotAllowed
from domain.events import DomainEvent
from domain.files import files_named_in
from domain.ledger_views import View
from domain.privacy import subject_of
from domain.spot_check.state import fold as fold_check
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer
from services.api.door.file_answers import file_answer
from services.api.door.file_bodies import file_body
from services.api.door.problems import Overloaded
from services.api.door.queries import Query, query_of
from services.api.door.requests import idempotency_key
from services.api.door.threads import Threads
from services.api.office.file_lists import described
from services.api.office.file_matters import UPLOADERS, UploadQuery, seen_issue, whom_it_shows
from services.api.office.numbers import id_of
from services.api.office.spot_checks import may_know
from services.api.parts import ApiParts
from services.files.kept import CONTENT, PREVIEW, Upload
from services.files.problems import FileLost
from services.identity.accounts import Account

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class FilesDoor:
    """The handlers of everything about files."""

    def __init__(self, parts: ApiParts, people: People, uploads: Threads, readers: Threads) -> None:
        self._parts = parts
        self._people = people
        self._uploads = uploads
        self._readers = readers
        self._receiving = 0

    async def upload(self, request: Request) -> Response:
        """`POST /api/v1/files`."""
        account = await self._people.writer(request)
        if account.role not in UPLOADERS:
            raise RoleNotAllowed
        query = query_of(request, UploadQuery)
        key = idempotency_key(request)
        if self._receiving >= self._parts.limits.receiving:
            raise Overloaded
        self._receiving += 1
        try:
            raw = await file_body(request, self._parts.limits)
            return await self._uploads.run(partial(self._take_in, account, query, key, raw))
        finally:
            self._receiving -= 1

    async def content(self, request: Request) -> Response:
        """`GET /api/v1/issues/{number}/files/{digest}`."""
        return await self._show(request, CONTENT)

    async def preview(self, request: Request) -> Response:
        """`GET /api/v1/issues/{number}/files/{digest}/preview`."""
        return await self._show(request, PREVIEW)

    async def of_check(self, part: str, request: Request) -> Response:
        """`GET /api/v1/spot-checks/{id}/files/{digest}`, and its preview."""
        account = await self._people.case_reader(request)
        query_of(request, Query)
        given, digest = request.path_params["id"], request.path_params["digest"]
        return await self._readers.run(partial(self._shown_of_check, account, given, digest, part))

    async def _show(self, request: Request, part: str) -> Response:
        account = await self._people.case_reader(request)
        query_of(request, Query)
        number, digest = request.path_params["number"], request.path_params["digest"]
        return await self._readers.run(partial(self._shown, account, number, digest, part))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _take_in(self, account: Account, query: UploadQuery, key: UUID, raw: bytes) -> Response:
        place, household = whom_it_shows(self._parts, account, query)
        upload = Upload(key, account.name, place, household, raw, query.keep_position)
        row, repeated = self._parts.files.take_in(upload)
        return answer({**described(row), "repeated": repeated}, 200 if repeated else 201)

    def _shown(self, account: Account, number: str, digest: str, part: str) -> Response:
        issue = seen_issue(self._parts, account, number)
        _named(digest, self._parts.casework.history(issue.issue_id))
        return _answer(self._parts, account, Named(digest, issue.number, issue.issue_id), part)

    def _shown_of_check(self, account: Account, given: str, digest: str, part: str) -> Response:
        events = tuple(self._parts.casework.history(id_of(given)))
        check = fold_check(events)
        if check is None:
            raise NotFound
        finding = getattr(_named(digest, events), "finding", 0)
        if not may_know(account, check.findings[finding]):
            raise NotFound
        return _answer(self._parts, account, Named(digest, f"{check.period}-{finding}", None), part)


@dataclass(frozen=True, slots=True)
class Named:
    """A file as something names it: for the name under which it is saved, and for the look."""

    digest: str
    by: str
    issue_id: UUID | None


def _named(digest: str, events: Iterable[DomainEvent]) -> DomainEvent:
    """The event that names this file. Raises NotFound."""
    if not _DIGEST.fullmatch(digest):
        raise NotFound
    found = next((event for event in events if digest in files_named_in(event)), None)
    if found is None:
        raise NotFound
    return found


def _answer(parts: ApiParts, account: Account, named: Named, part: str) -> Response:
    """The file, once the look is written down. Raises NotFound, RoleNotAllowed and as Files does."""
    row = parts.files.book.these([named.digest]).get(named.digest)
    if row is None:
        raise FileLost
    if part == PREVIEW and row.preview_digest is None:
        raise NotFound
    reader = as_reader(account)
    if row.household is not None:
        if reader.view is not View.WORDS:  # a picture cannot be masked
            raise RoleNotAllowed
        parts.unsealing.may_show(reader, subject_of(row.place, row.household), named.issue_id)
    return file_answer(parts.files.content(row, part), row, named.by, part)
