"""`huiyin import`: a file of an earlier system into the ledger, by a map.

Mounted by services/cli/commands.py. Exit status 0 done, 1 refused, stopped or bad rows (nothing written), 2 bad usage.
"""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Final

import typer

from services.importing.words import ImportRefused

if TYPE_CHECKING:
    from services.importing.report import Report

_REFUSED: Final = 1
_BAD_USAGE: Final = 2


def import_file(
    file: Annotated[Path, typer.Argument(help="文件 The file: .csv or .xlsx")],
    map_name: Annotated[
        str, typer.Option("--map", help="对照表 The map: zh-messages, boston311, or a path to a map file")
    ],
    plan: Annotated[
        str | None, typer.Option("--plan", help="实施方案 The plan's key (default: the plan in force)")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="试运行 Say what would happen; write nothing")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="跳过有误的行 Import the good rows all the same")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program")] = False,
) -> None:
    """导入 Import a file of an earlier system. It can be repeated: each row counts once."""
    try:
        report = _imported(file, map_name, plan, dry_run=dry_run, skip_bad=skip_bad)
    except ImportRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(_BAD_USAGE if refused.is_usage else _REFUSED) from None
    typer.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else "\n".join(report.lines()))
    raise typer.Exit(_REFUSED if report.failed else 0)


def _imported(file: Path, map_name: str, plan: str | None, *, dry_run: bool, skip_bad: bool) -> "Report":
    from services.bootstrap import open_casework, open_directory, open_office
    from services.importing.checking import WithVillages
    from services.importing.map_file import load_map
    from services.importing.progress import watch
    from services.importing.run import Importer
    from services.settings import Settings

    map_ = load_map(map_name)
    settings = Settings()
    directory = WithVillages(open_directory(settings.database_url), map_.villages)
    office = open_office(settings, plan=plan, directory=directory).with_one_plan()
    with closing(open_casework(settings.database_url, office)) as casework, watch() as seen, _ctrl_c() as stopped:
        return Importer(map_, casework, office, seen, stopped).run(file, dry_run=dry_run, skip_bad=skip_bad)


@contextmanager
def _ctrl_c() -> Iterator[Callable[[], bool]]:
    """Whether somebody asked to stop: then the transaction under way is finished first. A second time ends at once."""
    asked = Event()

    def ask(number: int, _: FrameType | None) -> None:
        asked.set()
        signal.signal(number, before[signal.Signals(number)])

    before = {each: signal.signal(each, ask) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
