"""`huiyin bench exports`: what does a copy of ten thousand issues cost, words opened and looks written down?

Every issue has a household of its own, so that each row needs a key of its own: the dearest there is. Beside it one
printed page as PDF, by the process that prints.
"""

import io
import os
import time
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from typing import Any, Final

import psutil

from domain.issue.sealing import sealed
from domain.values import Role
from projections.rebuild import rebuild
from services.api.parts import ReadConnections
from services.bench.harness import BenchOffice, Result, measured, median, table
from services.bench.histories import histories
from services.bench.rebuild import write_log
from services.bootstrap import open_plans, open_unsealing, open_vault, system_clock
from services.exports.formats import Format, write
from services.exports.layouts import paper_of
from services.exports.paper import Occasion
from services.exports.pdf import PdfNotAvailable, PdfPress
from services.exports.printing import form_page
from services.exports.rows import LedgerCopies
from services.exports.wanted import ISSUES, Wanted
from services.identity.accounts import Account

_READER: Final = Account("handler", "某人", "somebody", Role.CASE_HANDLER, "T1")
_OF_A_PAGE: Final = 6
_REPEATS: Final = 3
_PAGES: Final = 10
_NOTES: Final = (
    "CPU s: user and system time of the whole copy: reading page by page, opening, writing; of PostgreSQL beside it.",
    "One page as PDF: six issues on A4, by a process that has started; beside it its start. n/a: no Pango here.",
)


def run(rows: int = 10_000) -> Result:
    """Fills a ledger with so many issues; copies it whole in each format, three times; prints one page ten times."""
    with BenchOffice(()) as office:
        with closing(open_vault(office.settings)) as vault:
            write_log(office.postgres.owner_dsn, sealed(histories(rows), (), vault))
        rebuild(office.postgres.owner_dsn, ["issue_ledger"])
        connect = ReadConnections(office.settings.database_url)
        with closing(connect), open_unsealing(office.settings) as unsealing:
            copies = LedgerCopies(connect, unsealing, open_plans(office.settings))
            measurements = [
                _copied(office, copies, form)
                for form in (Format.CSV, Format.XLSX, Format.JSON, Format.HTML)
                for _ in range(_REPEATS)
            ]
            page = _printed(list(islice(copies.rows(_READER, Wanted(ISSUES)), _OF_A_PAGE)))
    shown = table("bench exports", measurements, _NOTES)
    return {"bench": "exports", "rows": measurements, **page, "table": f"{shown}\n\n{page}"}


def _copied(office: BenchOffice, copies: LedgerCopies, form: Format) -> dict[str, Any]:
    file, counted, began = io.BytesIO(), 0, time.process_time()
    with measured(office) as piece:
        rows = list(copies.rows(_READER, Wanted(ISSUES)))
        counted = len(rows)
        write(form, paper_of(ISSUES, Occasion("测速镇", system_clock())), rows, file)
    return {
        "format": form.value,
        "rows": counted,
        "s": piece.seconds,
        "CPU s": time.process_time() - began,
        "PostgreSQL": piece.cpu["PostgreSQL"],
        "MB": len(file.getvalue()) / 1e6,
        "others' cores": piece.others,
    }


def _printed(rows: list[list[str]]) -> dict[str, float | str]:
    """CPU seconds of starting, and of one page; the pages' middle one."""
    page = form_page(paper_of(ISSUES, Occasion("测速镇", system_clock())), rows)
    with closing(PdfPress()) as press:
        try:
            start = _spent(lambda: press.pdf(page))
            pages = [_spent(lambda: press.pdf(page)) for _ in range(_PAGES)]
        except PdfNotAvailable:
            return {"pdf: CPU s a page": "n/a"}
    return {"pdf: CPU s to start, with a page": start, "pdf: CPU s a page": median(pages)}


def _spent(work: Callable[[], object]) -> float:
    """CPU seconds of this process's children that work on it."""
    before = _of_children()
    work()
    return _of_children() - before


def _of_children() -> float:
    return sum(sum(child.cpu_times()[:2]) for child in psutil.Process(os.getpid()).children() if _prints(child))


def _prints(child: psutil.Process) -> bool:
    return "services.exports.pdf_process" in child.cmdline()
