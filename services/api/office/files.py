"""Photos and papers over HTTP: taken in before a command names them, and shown again with the case that names them.

Taken in for one matter: an issue, or a village (and household) of which an issue is about to be logged. Shown to the
case's people only, each look at a household's written down; nothing that a browser would run, and kept by no cache.
"""

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Final, Self
from uuid import UUID

from pydantic import model_validator
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Command
from domain.errors import NotFound, RoleNotAllowed
from domain.events import DomainEvent
from domain.files import files_by_field, files_named_in, names_files
from domain.issue.commands import LogIssue
from domain.issue.state import Issue
from domain.ledger_views import View
from domain.privacy import subject_of
from domain.values import HouseholdId, Role, ValueRefused, VillageCode
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer
from services.api.door.file_bodies import file_body
from services.api.door.problems import Overloaded
from services.api.door.queries import Flag, IssueNumber, Query, query_of
from services.api.door.requests import idempotency_key
from services.api.door.threads import Threads
from services.api.office.commands import ISSUE_COMMANDS
from services.api.office.numbers import issue_id_in_scope
from services.api.parts import ApiParts
from services.files.claiming import Matter, claimed
from services.files.kept import CONTENT, PREVIEW, Upload
from services.files.problems import FileLost
from services.identity.accounts import Account, OutsideScope
from services.persistence.file_book import FileRow

_NAMING: Final[tuple[type[Command], ...]] = (LogIssue, *ISSUE_COMMANDS.values())
UPLOADERS: Final = frozenset(role for kind in _NAMING if names_files(kind) for role in kind.ROLES) - {
    Role.PROCESS, Role.HOUSEHOLD,
}  # fmt: skip
"""Whoever may ask for something that names files."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
_STRICT: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "private, no-store",
}
"""Whatever a browser makes of it: nothing runs, nothing is kept."""


class UploadQuery(Query):
    """`POST /api/v1/files`: for which issue, or for which village, and household, of an issue not yet logged."""

    issue: IssueNumber | None = None
    village: VillageCode | None = None
    household: HouseholdId | None = None
    keep_position: Flag = False

    @model_validator(mode="after")
    def _for_one_matter(self) -> Self:
        if (self.issue is None) == (self.village is None) or (self.household and not self.village):
            raise ValueRefused(
                "for-one-matter",
                zh="须写明为哪一件：issue=编号；尚未登记的，village=村代码（及 household=户号）。",
                en="Say for what: issue=NUMBER, or, before it is logged, village=CODE (and household=NUMBER).",
            )
        return self


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

    async def _show(self, request: Request, part: str) -> Response:
        account = await self._people.case_reader(request)
        query_of(request, Query)
        number, digest = request.path_params["number"], request.path_params["digest"]
        return await self._readers.run(partial(self._shown, account, number, digest, part))

    # -- in a thread --------------------------------------------------------------------------------------------

    def _take_in(self, account: Account, query: UploadQuery, key: UUID, raw: bytes) -> Response:
        place, household = self._whom_it_shows(account, query)
        upload = Upload(key, account.name, place, household, raw, query.keep_position)
        row, repeated = self._parts.files.take_in(upload)
        return answer({**_described(row), "repeated": repeated}, 200 if repeated else 201)

    def _whom_it_shows(self, account: Account, query: UploadQuery) -> tuple[str, str | None]:
        if query.issue is not None:
            issue = seen_issue(self._parts, account, query.issue)
            return issue.village, issue.household
        village = query.village or ""
        if not account.covers_village(village) or self._parts.directory.village(village) is None:
            raise OutsideScope
        return village, query.household

    def _shown(self, account: Account, number: str, digest: str, part: str) -> Response:
        issue = seen_issue(self._parts, account, number)
        named = (files_named_in(event) for event in self._parts.casework.history(issue.issue_id))
        if not _DIGEST.fullmatch(digest) or not any(digest in some for some in named):
            raise NotFound
        return shown_file(self._parts, account, issue, digest, part)


def seen_issue(parts: ApiParts, account: Account, number: str) -> Issue:
    """The issue of this number, if this account may see it now. Raises NotFound: one answer for every reason."""
    issue = parts.casework.issue(issue_id_in_scope(parts.casework, account, number))
    if issue is None or not account.covers(issue.village, issue.department) or issue.concerns in account.barred:
        raise NotFound
    return issue


def shown_file(parts: ApiParts, account: Account, issue: Issue, digest: str, part: str) -> Response:
    """A file that the issue names, once the look is written down. Raises NotFound, RoleNotAllowed and as Files does."""
    row = parts.files.book.these([digest]).get(digest)
    if row is None:
        raise FileLost
    if part == PREVIEW and row.preview_digest is None:
        raise NotFound
    reader = as_reader(account)
    if row.household is not None:
        if reader.view is not View.WORDS:  # a picture cannot be masked
            raise RoleNotAllowed
        parts.unsealing.may_show(reader, subject_of(row.place, row.household), issue.issue_id)
    content = parts.files.content(row, part)
    media_type = "image/jpeg" if part == PREVIEW else row.media_type
    name = f"{issue.number}-{digest[:8]}.{_ENDINGS[media_type]}"
    return Response(content, 200, {**_STRICT, "Content-Disposition": f'attachment; filename="{name}"'}, media_type)


def files_of(parts: ApiParts, events: Iterable[DomainEvent]) -> list[dict[str, Any]]:
    """What these events name, in their order: under which field, by which event, and what there is of it."""
    fields = [(event, name, some) for event in events for name, some in files_by_field(event).items()]
    named = [(event, name, digest) for event, name, some in fields for digest in some]
    rows = parts.files.book.these(list({digest for _, _, digest in named})) if named else {}
    return [
        {
            **(_described(rows[digest]) if digest in rows else {"digest": digest, "standing": "unknown"}),
            "field": name,
            "topic": event.TOPIC,
            "version": event.originator_version,
            "occurred_at": event.occurred_at,
        }
        for event, name, digest in named
    ]


def naming(parts: ApiParts, command: Command, issue: Issue | None = None) -> AbstractContextManager[None]:
    """The files that the command names are its matter's, if what is done within succeeds. Raises FileNotForThis."""
    digests = files_named_in(command)
    if digests and command.actor.role not in type(command).ROLES:
        raise RoleNotAllowed  # before anything is said of files
    return claimed(parts.files.book, command.actor.user, _matter(command, issue), digests)


def _matter(command: Command, issue: Issue | None) -> Matter:
    about: Any = issue or command
    return Matter(command.stream_id, getattr(about, "village", ""), getattr(about, "household", None))


def _described(row: FileRow) -> dict[str, Any]:
    described = {name: getattr(row, name) for name in ("digest", "media_type", "bytes", "width", "height")}
    standing = "erased" if row.erased_at else row.fault or "kept"
    return {**described, "preview": row.preview_digest is not None, "standing": standing}
