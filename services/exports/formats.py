"""In which formats does a copy of a ledger come? How people ask for each, what browsers call it, how it is written.

Called by the API, the command line and the jobs; the writers are writers.py, printing.py and pdf.py.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import IO, Final
from urllib.parse import quote

from services.exports import writers
from services.exports.paper import Paper

Rows = Iterable[Sequence[str]]


class Format(StrEnum):
    """How a copy is written."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    HTML = "html"
    PDF = "pdf"


MEDIA_TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.HTML: "text/html; charset=utf-8",
    Format.PDF: "application/pdf",
}


def write(form: Format, paper: Paper, rows: Rows, file: IO[bytes], *, stylesheet: str | None = None) -> None:
    """The copy into the file. `stylesheet`: where a page finds its own; None: it carries it, as a file by itself must.

    Raises PdfNotAvailable, PdfFailed.
    """
    match form:
        case Format.CSV:
            writers.write_csv(paper, rows, file)
        case Format.JSON:
            writers.write_json(paper, rows, file)
        case Format.XLSX:
            writers.write_xlsx(paper, rows, file)
        case Format.HTML:
            from services.exports.printing import write_page  # templates are loaded for those who print only

            write_page(paper, rows, file, stylesheet=stylesheet)
        case Format.PDF:
            from services.exports.pdf import press
            from services.exports.printing import form_page

            file.write(press().pdf(form_page(paper, rows)))


def disposition(title: str, form: Format) -> str:
    """The header Content-Disposition: a file to keep, or a page to look at, under its Chinese title (RFC 6266)."""
    kind = "inline" if form is Format.HTML else "attachment"
    return f"{kind}; filename=\"huiyin.{form}\"; filename*=UTF-8''{quote(f'{title}.{form}', safe='')}"
