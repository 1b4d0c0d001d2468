"""Copies of ledgers that are made in the background: asked for, looked at, taken away, cancelled; one's own alone.

What is asked for is within the scope of whoever asks, as it is then. The worker makes it (services/exports/making.py).
"""

import hashlib
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import HuiyinError
from services.api.accounts.people import People
from services.api.door.answers import answer
from services.api.door.bodies import Body, body_of
from services.api.door.fields import field_problems
from services.api.door.limits import Kind
from services.api.door.problems import FieldProblem, Malformed
from services.api.door.queries import Query, query_of
from services.api.door.requests import idempotency_key
from services.api.door.threads import Threads
from services.api.office.exports import Asking, download, export_query
from services.api.office.numbers import id_of
from services.api.parts import ApiParts
from services.exports.formats import Format
from services.exports.forms import FORMS
from services.exports.jobs import Job
from services.exports.problems import FAILURES
from services.exports.rows import require_reader
from services.exports.wanted import ISSUES
from services.identity.accounts import Account

_SHOWN: Final = ("job_id", "format", "asked_at", "state", "rows_done", "title", "bytes", "ended_at")


class AskExport(Body):
    """导出 A copy of a ledger, made in the background: `query` holds its filters as in the address."""

    ledger: Annotated[str, StringConstraints(max_length=40)]
    format: Format
    query: Annotated[
        dict[str, Annotated[str, StringConstraints(max_length=200)]], Field(max_length=20, default_factory=dict)
    ]


class ExportJobs:
    """The handlers of `/api/v1/exports`."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads
        self._asking = Asking(parts)

    async def ask(self, request: Request) -> Response:
        """`POST /api/v1/exports`; the same request twice is one job."""
        account = await self._people.case_reader(request)
        self._parts.limiter.hit(Kind.WRITE, account.name)
        key = idempotency_key(request)
        asked = await body_of(request, AskExport, self._parts.limits)
        query = _query(asked)
        require_reader(account, asked.ledger)
        return await self._threads.run(partial(self._ask, key, account, asked, query))

    async def listed(self, request: Request) -> Response:
        """`GET /api/v1/exports`: one's own of the last day, the latest first."""
        account = await self._people.case_reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._listed, account))

    async def one(self, request: Request) -> Response:
        """`GET /api/v1/exports/{id}`: how it stands, and how far it is."""
        return await self._on(request, self._one)

    async def file(self, request: Request) -> Response:
        """`GET /api/v1/exports/{id}/file`."""
        return await self._on(request, self._file)

    async def cancel(self, request: Request) -> Response:
        """`DELETE /api/v1/exports/{id}`: it goes no further, and its file is gone; repeating it changes nothing."""
        return await self._on(request, self._cancel)

    async def _on(self, request: Request, do: Any) -> Response:
        account = await self._people.case_reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(do, account, id_of(request.path_params["id"])))

    # -- in a thread ------------------------------------------------------------------------------------------------

    def _ask(self, key: UUID, account: Account, asked: AskExport, query: Query) -> Response:
        wanted, form = self._asking.wanted(account, asked.ledger, query)
        digest = hashlib.sha256(asked.model_dump_json().encode()).digest()
        job, new = self._parts.exports.ask(key, account, wanted, form, digest)
        return answer(_shown(job), 201 if new else 200, location=f"/api/v1/exports/{job.job_id}")

    def _listed(self, account: Account) -> Response:
        return answer({"items": [_shown(job) for job in self._parts.exports.of(account)]})

    def _one(self, account: Account, job_id: UUID) -> Response:
        return answer(_shown(self._parts.exports.one(job_id, account)))

    def _file(self, account: Account, job_id: UUID) -> Response:
        job, content = self._parts.exports.file(job_id, account)
        return download(content, job.title or "", Format(job.format))

    def _cancel(self, account: Account, job_id: UUID) -> Response:
        return answer(_shown(self._parts.exports.cancel(job_id, account)))


def _query(asked: AskExport) -> Query:
    """The filters, read as the address would be. Raises Malformed."""
    if asked.ledger != ISSUES and asked.ledger not in FORMS:
        raise Malformed(FieldProblem("body.ledger", "not-in-list", "没有这个台账。", "There is no such ledger."))
    model = export_query(asked.ledger)
    try:
        return model.model_validate({**asked.query, "format": asked.format})
    except ValidationError as error:
        raise Malformed(*field_problems(error, "body.query", frozenset(model.model_fields))) from None


def _shown(job: Job) -> dict[str, Any]:
    failure: type[HuiyinError] | None = FAILURES.get(job.problem or "")
    problem = {"code": failure.code, "zh": failure.zh, "en": failure.en} if failure else None
    shown = {name: getattr(job, name) for name in _SHOWN}
    return {**shown, "ledger": job.wanted["ledger"], "rows": job.row_count, "problem": problem}
