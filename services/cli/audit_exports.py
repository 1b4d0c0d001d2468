"""`huiyin audit export | feed`: the log for process-mining tools, and for other systems.

Nobody's words leave, and households under no name of theirs: docs/decisions/0046-exports-for-others.md.
"""

import sqlite3
import sys
from pathlib import Path
from typing import Annotated, Final

import orjson
import psycopg
import typer

from domain.errors import Refusal
from projections.log_reader import head
from services.audit import feed as feeding
from services.audit.exporting.extent import Extent
from services.audit.exporting.making import ExportFormat, LogExport
from services.audit.exporting.naming import Naming, household_key
from services.bootstrap import open_directory
from services.cli.records import Village, moment_of
from services.keys import load_or_create
from services.settings import Settings

Place = Annotated[Path, typer.Option("-o", "--output", help="写入文件 Write to this file")]
Form = Annotated[ExportFormat, typer.Option("--format", help="ocel-json, ocel-sqlite, xes")]
People = Annotated[bool, typer.Option("--with-people", help="含人员账号 Officers by account, not by post alone")]
_AT_ONCE: Final = 1000
_TELL_EACH: Final = 20_000


class CannotWrite(Refusal):
    code = "output-not-writable"
    zh = "不能写入该文件或其所在文件夹，或磁盘已满。请换一个位置。"
    en = "That file or its folder cannot be written, or the disk is full. Choose another place."


def export(
    output: Place,
    form: Form = ExportFormat.OCEL_JSON,
    since: Annotated[str | None, typer.Option("--from", help="自何时发生 Happened from then on")] = None,
    until: Annotated[str | None, typer.Option("--to", help="至何时发生 Happened before then")] = None,
    village: Village = None,
    with_people: People = False,
) -> None:
    """导出 The log for process-mining tools, without anybody's words: OCEL 2.0 (JSON, SQLite) or XES."""
    settings = Settings()
    organisation = open_directory(settings.database_url).organisation()
    with psycopg.connect(settings.database_url, autocommit=True, connect_timeout=5) as connection:
        extent = Extent(head(connection), moment_of(since), moment_of(until), village)
        key = household_key(load_or_create(settings.home, "pseudonyms"), extent)
        naming = Naming.of(key, organisation, people=with_people)
        try:
            LogExport(connection, extent, naming, _Told()).write(form, output)
        except (OSError, sqlite3.OperationalError):
            raise CannotWrite from None
    typer.echo(f"已写入 written: {output}，至位置 up to position {extent.up_to}")


def feed(
    after: Annotated[int, typer.Option("--after", min=-1, help="此位置之后 After this position; -1: all")] = -1,
    limit: Annotated[int | None, typer.Option(min=1, help="最多几件 At most so many")] = None,
) -> None:
    """事件流 What happened after a position, one CloudEvent a line; the last one's position is the next --after."""
    with psycopg.connect(Settings().database_url, autocommit=True, connect_timeout=5) as connection:
        left = limit
        while left is None or left > 0:
            found = feeding.page(connection, after, _AT_ONCE if left is None else min(left, _AT_ONCE))
            for event in found.events:
                sys.stdout.buffer.write(orjson.dumps(event) + b"\n")
            sys.stdout.buffer.flush()
            if found.cursor == after:
                return
            after, left = found.cursor, None if left is None else left - len(found.events)


class _Told:
    """Says how far it has come, now and then."""

    def __init__(self) -> None:
        self._next = _TELL_EACH

    def __call__(self, read: int, total: int) -> None:
        if read >= self._next:
            typer.echo(f"{read}/{total}", err=True)
            self._next = read + _TELL_EACH
