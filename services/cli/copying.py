"""A ledger on the terminal, or as a file of any kind: how every command that lists something puts it out."""

import io
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from services.bootstrap import open_directory, system_clock
from services.exports import formats
from services.exports.layouts import LAYOUTS, paper_of
from services.exports.paper import Occasion, Paper, unit_of
from services.settings import Settings

Rows = Iterable[Sequence[str]]


class Format(StrEnum):
    """How a ledger comes out."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    HTML = "html"
    PDF = "pdf"


AskedFormat = Annotated[Format, typer.Option("--format", help="table, csv, json, xlsx, html, pdf")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 Write to this file")]


def print_or_write(
    name: str, rows: Rows, form: Format, output: Path | None, *, village: str | None = None, period: str | None = None
) -> None:
    """The rows, each with its 序号, of a ledger's copy of a village and period (None: all)."""
    if form is Format.TABLE and output is None:
        for row in (LAYOUTS[name].columns, *rows):
            typer.echo("  ".join(cell.replace("\n", " ") for cell in row))
        return
    write(paper_for(name, village, period), rows, form, output)


def paper_for(name: str, village: str | None, period: str | None) -> Paper:
    """The form of this copy, with the office that the village belongs to."""
    organisation = open_directory(Settings().database_url).organisation()
    return paper_of(name, Occasion(unit_of(organisation, village), system_clock(), period))


def write(paper: Paper, rows: Rows, form: Format, output: Path | None) -> None:
    """A file of this kind: to the file named, or to standard output. A table is written as csv."""
    kind = formats.Format.CSV if form is Format.TABLE else formats.Format(form.value)
    file = io.BytesIO()
    formats.write(kind, paper, rows, file)
    put_out(file.getvalue(), output)


def put_out(content: bytes, output: Path | None) -> None:
    """To the file named, or to standard output. Raises BadParameter."""
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError:
        raise typer.BadParameter("不能写入该文件。 That file cannot be written.", param_hint="--output") from None
    typer.echo(f"已写入 written: {output}")
