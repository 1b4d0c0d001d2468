"""`huiyin notices target add | list | remove`: where officers want notices. An address is never an argument."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import NotFound
from services.settings import Settings

if TYPE_CHECKING:
    from services.notify.target_book import TargetBook

app = typer.Typer(help="通知 Notices to officers.", no_args_is_help=True)
target_app = typer.Typer(help="通知地址 Where an officer wants them.", no_args_is_help=True)
app.add_typer(target_app, name="target")

User = Annotated[str, typer.Option("--user", help="账号 Account")]


@target_app.command("add")
def add(user: User) -> None:
    """添加 One more address, asked for or read from standard input: it holds secrets. wecom://KEY, mailtos://…"""
    _book().add(user, _address())


@target_app.command("list")
def show(user: User) -> None:
    """列出 An officer's addresses, without their secrets."""
    for it in _book().of(user):
        state = "已停发 given up" if it.gave_up_at else f"失败 failures: {it.failures}"
        typer.echo(f"{it.id:>6}  {it.channel:<9} {it.host:<30} {state}")


@target_app.command("remove")
def remove(user: User, target: Annotated[int, typer.Argument(help="编号 Its id, from the list")]) -> None:
    """删除 Nothing is sent there any more."""
    if not _book().remove(user, target):
        raise NotFound


def _book() -> "TargetBook":
    from services.bootstrap import open_target_book

    return open_target_book(Settings())


def _address() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("地址 Address", hide_input=True))
    return sys.stdin.readline().rstrip("\r\n")
