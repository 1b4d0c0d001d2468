"""`huiyin holidays show | adopt | confirm | affected | redate | history`: which days are worked, and who said so.

Whoever works on the machine itself acts as an administrator, under the name given with --by. Exit status as app.py.
"""

import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import psycopg
import typer
from pydantic import ValidationError

from domain.casework import Casework
from domain.errors import HuiyinError
from domain.events import DomainEvent
from domain.holidays import commands as c
from domain.holidays import events as e
from domain.holidays.errors import NoSuchProposal
from domain.values import LOCAL_ZONE, Actor, Role
from services.bootstrap import system_clock

app = typer.Typer(help="放假安排 Holiday tables: days off and make-up workdays.", no_args_is_help=True)

By = Annotated[str, typer.Option("--by", help="办理人账号 Who does this; kept in the history")]
Year = Annotated[int, typer.Argument(help="年度 Year", min=2000, max=2199)]
AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 For a program")]


class TableUnfit(HuiyinError):
    code = "holiday-table-unfit"
    zh = "文件不是一年的放假安排：须有 year、days_off（含元旦等法定节日）、make_up_days（周六日）和 notice。"
    en = "The file is no year's table: it has year, days_off (with 1 January, 1 May, 1 October), make_up_days, notice."


@app.command("show")
def show(year: Year, as_json: AsJson = False) -> None:
    """现状 A year's table in force, and what is proposed for it."""
    from services.holidays import shown_year

    with casework_here() as casework:
        shown = shown_year(casework.holidays(), year)
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    if not shown["official"]:
        typer.echo(f"{year} 年放假通知尚未采用，相关期限为暂定 No notice adopted: deadlines there are provisional.")
    for key, title in (("in_force", "现行 in force"), ("proposed", "待确认 proposed")):
        if shown[key]:
            typer.echo(_told(title, shown[key]))


def _told(title: str, table: dict[str, Any]) -> str:
    lines = [
        f"{title}: {table['notice']}" + (f"  {table['source']}" if table["source"] else ""),
        f"  放假 days off: {' '.join(table['days_off'])}",
        f"  调休上班 make-up workdays: {' '.join(table['make_up_days']) or '-'}",
    ]
    return "\n".join(lines)


@app.command("adopt")
def adopt(
    file: Annotated[
        Path, typer.Argument(help="TOML: year, days_off, make_up_days, notice", exists=True, dir_okay=False)
    ],
    by: By,
) -> None:
    """提出 Propose a year's table; it counts once another person confirms it."""
    try:
        fields = tomllib.loads(file.read_text("utf-8"))
        command = c.AdoptHolidays(**_envelope(by), **fields)
    except (ValueError, TypeError):  # pydantic's and TOML's own are ValueErrors
        raise TableUnfit from None
    with casework_here() as casework:
        outcome = casework.handle(command)
    typer.echo(
        f"已提出，须由另一人确认 proposed, another person has to confirm: huiyin holidays confirm {command.year} "
        f"--by ...   ({outcome.version})"
    )


@app.command("confirm")
def confirm(year: Year, by: By) -> None:
    """确认 Confirm the table proposed for a year; open deadlines are then counted again by it."""
    with casework_here() as casework:
        waiting = casework.holidays().proposals.get(year)
        if waiting is None:
            raise NoSuchProposal
        outcome = casework.handle(c.ConfirmHolidays(**_envelope(by), year=year, proposal=waiting.version))
    typer.echo(f"已采用 in force: {year} {waiting.table.notice} ({outcome.version})")


@app.command("affected")
def affected(year: Year, as_json: AsJson = False) -> None:
    """影响 Whose limits a year's table moves: as it would while it is proposed, as it did once it is in force."""
    from services.holiday_effects import affected as affected_by

    with casework_here() as casework, _whole() as connection:
        now = system_clock()
        page = partial(affected_by, casework, connection, year, casework.plan_book().in_force(now), now)
        found = page()
        while found["next"]:
            following = page(after=UUID(found["next"]))
            found = {**following, "items": [*found["items"], *following["items"]]}
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    state = "已采用 in force" if found["in_force"] else "待确认 proposed"
    typer.echo(f"{year} {found['notice']}（{state}）：{len(found['items'])} 件 issues")
    for it in found["items"]:
        typer.echo(f"{it['number']:<16} {it['person']:<14} {it['rule']:<12} {it['was'][:16]} → {it['due_at'][:16]}")


@app.command("redate")
def redate() -> None:
    """重新计算 Move the running limits by the table in force, now and from here; it can be stopped and repeated."""
    from rich.progress import track

    from services.redating import Clocks, by_hand
    from services.settings import Settings

    with casework_here() as casework:
        steps = by_hand(casework, Clocks(Settings().database_url, casework), system_clock)
        for so_far in track(steps, "重新计算 re-dating", total=None):
            moved, looked_at = so_far.moved, so_far.looked_at
    typer.echo(f"已核对 looked at {looked_at}，已调整 moved {moved}")


@app.command("history")
def history() -> None:
    """变动 Every table that was proposed, adopted or came with the program: by whom and when."""
    with casework_here() as casework:
        for event in casework.history(c.HOLIDAYS_ID):
            moment = f"{event.occurred_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"
            typer.echo(f"{event.originator_version:>3}  {moment}  {event.actor.user:<12} {_words(event)}")


def _words(event: DomainEvent) -> str:
    match event:
        case e.HolidaysProposed():
            return f"提出 {event.table.year} 年放假安排 {event.table.notice} proposed"
        case e.HolidaysAdopted():
            how = "修订并采用 revised" if event.revised else "采用 adopted"
            return f"{event.table.year} 年放假安排 {event.table.notice} {how}"
        case e.HolidaysSeeded():
            years = [table.year for table in event.tables]
            return f"载入 {years[0]}–{years[-1]} 年放假安排 came with {event.package}"
    return event.TOPIC


def _envelope(by: str) -> dict[str, Any]:
    try:
        actor = Actor(user=by, role=Role.ADMINISTRATOR)
    except ValidationError:
        from services.cli.organisation import OptionUnfit

        raise OptionUnfit from None
    return {"command_id": uuid4(), "actor": actor, "occurred_at": system_clock()}


@contextmanager
def casework_here() -> Iterator[Casework]:
    """The door for writes on this machine."""
    from services.bootstrap import casework_of
    from services.settings import Settings

    with casework_of(Settings()) as casework:
        yield casework


@contextmanager
def _whole() -> Iterator[psycopg.Connection]:
    """Everything: whoever works on the machine itself reads its files too."""
    from services.persistence.scope import Scope, scoped
    from services.settings import Settings

    with (
        psycopg.connect(Settings().database_url, autocommit=True, connect_timeout=5) as connection,
        scoped(connection, Scope.whole()),
    ):
        yield connection
