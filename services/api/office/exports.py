"""A ledger to take away or to print: csv, json, xlsx, a page for paper, PDF. What is small is given at once.

Within the scope of whoever asks, and each look at a household's words is written down as one by export.
"""

import io
from collections.abc import Mapping
from functools import cache, partial
from typing import Any, Final

from pydantic import create_model
from starlette.requests import Request
from starlette.responses import Response

from services.api.accounts.people import People
from services.api.door.problems import NoSuchPath
from services.api.door.queries import AnyLedgerQuery, IssuesQuery, PageQuery, Query, query_of
from services.api.door.threads import Threads
from services.api.office.issue_pages import IssuePages, require_seen
from services.api.office.reading import query_model
from services.api.pages.templating import PAGE_POLICY
from services.api.parts import ApiParts, Limits
from services.exports.formats import MEDIA_TYPES, Format, disposition, write
from services.exports.forms import FORMS
from services.exports.layouts import paper_of
from services.exports.paper import Occasion, unit_of
from services.exports.printing import STYLESHEET, style
from services.exports.problems import ExportTooLarge
from services.exports.rows import LedgerCopies, require_reader
from services.exports.wanted import ISSUES, Wanted
from services.identity.accounts import Account

AT_ONCE: Final[Mapping[Format, int]] = {
    Format.CSV: 2_000,
    Format.JSON: 2_000,
    Format.XLSX: 2_000,
    Format.HTML: 1_000,
    Format.PDF: 60,
}
"""So many rows somebody waits for: one or two seconds of one processor."""
_OF_PAGES: Final = ("limit", "cursor", "as_of", "known_at")


def copy_threads(limits: Limits) -> Threads:
    """Where copies are made: few, so that they never take the readers' turn."""
    return Threads("api-copy", limits.copiers, limits)


class ExportDoor:
    """The handlers of what is given at once. `threads`: copy_threads."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads
        self._asking = Asking(parts)
        self._copies = LedgerCopies(parts.connect, parts.unsealing, parts.plans)

    async def ledger(self, request: Request) -> Response:
        """`GET /api/v1/ledgers/{name}/export`."""
        account = await self._people.case_reader(request)
        name = request.path_params["name"]
        if name != ISSUES and name not in FORMS:
            raise NoSuchPath
        query = query_of(request, export_query(name))
        require_reader(account, name)
        wanted, form = await self._threads.run(partial(self._asking.wanted, account, name, query))
        return await self._threads.run(partial(self._ledger, account, wanted, form))

    async def style(self, _: Request) -> Response:
        """`GET /print.css`: the stylesheet of all pages for paper."""
        return Response(style(), 200, {"Cache-Control": "max-age=3600"}, "text/css")

    # -- in a thread ------------------------------------------------------------------------------------------------

    def _ledger(self, account: Account, wanted: Wanted, form: Format) -> Response:
        """Raises ExportTooLarge, PdfNotAvailable, PdfFailed."""
        most = AT_ONCE[form]
        rows = list(self._copies.rows(account, wanted, most + 1))
        if len(rows) > most:
            raise ExportTooLarge
        unit = unit_of(self._parts.directory.organisation(), wanted.village or account.place)
        paper = paper_of(wanted.ledger, Occasion(unit, self._parts.clock(), wanted.period))
        file = io.BytesIO()
        write(form, paper, rows, file, stylesheet=STYLESHEET)
        return download(file.getvalue(), paper.title, form)


class Asking:
    """What a query means, for somebody. Raises RoleNotAllowed for a filter by what is hidden from them."""

    def __init__(self, parts: ApiParts) -> None:
        self._pages = IssuePages(parts)

    def wanted(self, account: Account, name: str, query: Query) -> tuple[Wanted, Format]:
        """The copy, and its format."""
        asked = query.model_dump()
        form = asked.pop("format")
        if name != ISSUES:
            return Wanted(name, asked["village"], asked["period"], form=asked), form
        issues = IssuesQuery.model_construct(**asked)
        require_seen(issues, account.role)
        narrowed, _ = self._pages.wanted(account, issues)
        return Wanted(name, issues.village, issues.logged, narrowed, issues.sort), form


def download(content: bytes, title: str, form: Format) -> Response:
    """A copy as it goes out, under its Chinese name."""
    headers = {"Content-Disposition": disposition(title, form)}
    if form is Format.HTML:
        headers["Content-Security-Policy"] = PAGE_POLICY
    return Response(content, 200, headers, MEDIA_TYPES[form])


@cache
def export_query(name: str) -> type[Query]:
    """What a ledger is asked for by, without its paging, and the format."""
    return _to_take_away(IssuesQuery if name == ISSUES else query_model(name))


@cache
def any_export_query() -> type[Query]:
    """Whatever some ledger takes: for the description."""
    return _to_take_away(IssuesQuery, AnyLedgerQuery)


def _to_take_away(*kinds: type[PageQuery]) -> type[Query]:
    known = {name: field for kind in kinds for name, field in kind.model_fields.items() if name not in _OF_PAGES}
    fields: dict[str, Any] = {name: (field.annotation, field) for name, field in known.items()}
    return create_model(f"{kinds[0].__name__}ToTakeAway", __base__=Query, format=(Format, Format.CSV), **fields)
