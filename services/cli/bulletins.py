"""`huiyin bulletin show | verify TOWNSHIP MONTH`: a bulletin as its form, and its figures drawn up again from the log.

Whoever works on the machine itself reads its files too, drafts among them. Exit status as app.py; `verify`: 1 if a
figure differs. `huiyin ledger bulletins` lists those that were issued.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from domain.bulletin.commands import bulletin_id_of
from domain.bulletin.state import fold
from domain.errors import HuiyinError, NotFound
from domain.visit.words import Month as MonthName

if TYPE_CHECKING:
    from projections.bulletins import BulletinLine

app = typer.Typer(help="月通报 The monthly bulletin of a township.", no_args_is_help=True)

Township = Annotated[str, typer.Argument(help="乡镇代码 Code of the township")]
Month = Annotated[str, typer.Argument(help="月份 Month, e.g. 2026-03")]
AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 For a program")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 Write to this file")]


class BulletinDiffers(HuiyinError):
    code = "bulletin-differs"
    zh = "重新编制的数字与通报不一致：日志或通报可能被改动。请封存数据并查明原因。"
    en = "The figures drawn up again are not those of the bulletin: log or record may have been changed. Find out why."


@app.command("show")
def show(township: Township, month: Month, as_json: AsJson = False, output: Output = None) -> None:
    """查看 The bulletin as its form, in Markdown; also one that waits to be issued."""
    from services.exports.bulletin_form import bulletin_text

    lines = lines_of(township, month)
    told = bulletin_text(lines)
    if as_json:
        told = json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1, default=str)
    if output is None:
        typer.echo(told)
    else:
        output.write_text(told, "utf-8")
        typer.echo(f"已写入 written: {output}")


@app.command("verify")
def verify(township: Township, month: Month) -> None:
    """复核 Draws the figures up again from the sealed log, and compares line by line; 1 if one differs."""
    from services.bootstrap import casework_of
    from services.bulletins import drawn_up_again
    from services.persistence.bulletin_basis import BulletinBasis
    from services.settings import Settings

    _known(month)
    settings = Settings()
    with casework_of(settings) as casework:
        known = fold(casework.history(bulletin_id_of(township, month)))
    if known is None or known.drawn is None:
        raise NotFound
    lines = drawn_up_again(known, BulletinBasis(settings.database_url).again)
    for line in lines:
        typer.echo(f"  {line.name}: {'一致 same' if line.same else f'不一致 differs, again: {line.again}'}")
    if not all(line.same for line in lines):
        raise BulletinDiffers


def lines_of(township: str, month: str) -> "list[BulletinLine]":
    """A bulletin line by line, also one that waits to be issued. Raises NotFound."""
    import psycopg

    from projections.bulletins import bulletin
    from services.persistence.scope import Scope, scoped
    from services.settings import Settings

    _known(month)
    with (
        psycopg.connect(Settings().database_url, autocommit=True, connect_timeout=5) as connection,
        scoped(connection, Scope.whole()),
    ):
        lines = bulletin(connection, bulletin_id_of(township, month))
    if not lines:
        raise NotFound
    return lines


def _known(month: str) -> None:
    try:
        TypeAdapter(MonthName).validate_python(month)
    except ValidationError:
        raise NotFound from None
