"""`huiyin files check`: are all photos and papers still there, as they were taken in?"""

from typing import TYPE_CHECKING, Final

import typer

from domain.values import LOCAL_ZONE
from services.settings import Settings

if TYPE_CHECKING:
    from services.persistence.file_checks import Fault

app = typer.Typer(help="照片与文件 Photos and papers.", no_args_is_help=True)

_WORDS: Final = {
    "missing": ("缺失", "is missing"),
    "altered": ("被改动", "was altered"),
    "unknown": ("日志中有记录，文件表中没有", "is named by the log and in no table"),
}


@app.callback()
def _group() -> None:
    """照片与文件 Photos and papers."""


@app.command("check")
def check() -> None:
    """核对 Read every file and compare it with its digest; the next run goes on where one ended. Status 1: a fault."""
    from services.files.opening import open_checking

    found = open_checking(Settings()).run(_progress)
    for fault in found:
        typer.echo(_line(fault))
    if found:
        raise typer.Exit(1)
    typer.echo("✓ 照片与文件齐全、未被改动。 All photos and papers are there, unaltered.")


def _line(fault: "Fault") -> str:
    zh, en = _WORDS[fault.fault]
    day = fault.uploaded_at.astimezone(LOCAL_ZONE).date()
    number = fault.number or "（未登记 of no issue）"
    return f"✗ {number}  {fault.digest[:12]}  {zh}：{fault.uploaded_by} {day}；the file of {fault.uploaded_by} {en}."


def _progress(done: int, total: int) -> None:
    typer.echo(f"已核对 checked {done}/{total}", err=True)
