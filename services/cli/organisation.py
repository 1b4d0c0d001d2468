"""`huiyin organisation show | register | appoint | end | link | deputy | history | import`: places and people.

Whoever works on the machine itself acts as an administrator, under the name given with --by. Exit status as app.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from pydantic import ValidationError

from domain.casework import Casework
from domain.errors import HuiyinError
from domain.organisation import commands as c
from domain.organisation.commands import ORGANISATION_ID
from domain.organisation.words import PlaceKind, Rank
from domain.values import LOCAL_ZONE, Actor, Role
from projections.labels import label
from services.bootstrap import system_clock

app = typer.Typer(help="组织 Places and people: who serves where, until when.", no_args_is_help=True)

By = Annotated[str, typer.Option("--by", help="办理人账号 Who does this; kept in the history")]
Place = Annotated[str, typer.Argument(help="单位代码 Code of the place: QS, department:water")]
Officer = Annotated[str, typer.Argument(help="人员账号 The officer's account")]
InRole = Annotated[Role, typer.Argument(help="角色 Role")]
Moment = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"])]
OPERATOR = "operator"


class OptionUnfit(HuiyinError):
    code = "option-unfit"
    zh = "代码、账号名、户号或时间不合格式：代码用大写字母和数字（部门写 department:名称），账号名用小写字母和数字。"
    en = "A code, account, register number or time has the wrong form: codes are capitals, accounts lower-case letters."


@app.command("show")
def show(
    place: Annotated[str | None, typer.Argument(help="只看此单位及下级 Only this place and below")] = None,
) -> None:
    """现状 Places, and who serves where."""
    from services.organisation.showing import shown

    with _casework() as casework:
        found = shown(casework, system_clock(), lambda _: True, place)
    for it in found.places:
        closed = " [已撤销 closed]" if it.closed else ""
        typer.echo(f"{label(it.kind).zh} {it.code} {it.name} ← {it.parent or '-'}{closed}")
    for post in found.posts:
        charge = " [负责人 in charge]" if post.in_charge else ""
        period = f" {post.since.astimezone(LOCAL_ZONE):%Y-%m-%d}–" + (
            f"{post.until.astimezone(LOCAL_ZONE):%Y-%m-%d}" if post.until else ""
        )
        rank = f" [{label(Rank(post.rank)).zh} {post.rank}]" if post.rank else ""
        deputy = f" [代理 deputy: {post.deputy}]" if post.deputy else ""
        typer.echo(f"{post.officer} {label(Role(post.role)).zh} {post.role}@{post.place}{period}{charge}{rank}{deputy}")
    for link in found.links:
        typer.echo(f"{link.officer} 联系 linked to {link.village} {link.household or ''}".rstrip())
    for village in found.cards_to_renew:
        typer.echo(f"{village} 便民联系卡待更新：负责人已变动 contact card to be renewed: who is in charge has changed")


@app.command("register")
def register(
    place: Place,
    kind: Annotated[PlaceKind, typer.Argument(help="类别 Kind")],
    name: Annotated[str, typer.Argument(help="名称 Name")],
    parent: Annotated[str | None, typer.Option("--in", help="上级代码 What it belongs to")] = None,
    by: By = OPERATOR,
) -> None:
    """登记单位 Register a place."""
    _send(c.RegisterPlace, by, place=place, kind=kind, name=name, parent=parent)


@app.command("appoint")
def appoint(
    officer: Officer,
    role: InRole,
    place: Place,
    in_charge: Annotated[bool, typer.Option("--in-charge", help="负责人 In charge")] = False,
    rank: Annotated[Rank | None, typer.Option("--rank", help="职级 Rank, where a plan sets duties by rank")] = None,
    since: Moment = None,
    until: Moment = None,
    by: By = OPERATOR,
) -> None:
    """任职 Appoint an officer to a role at a place."""
    period = {"since": _local(since), "until": _local(until)}
    _send(c.AppointOfficer, by, officer=officer, role=role, place=place, in_charge=in_charge, rank=rank, **period)


@app.command("end")
def end(officer: Officer, role: InRole, place: Place, until: Moment = None, by: By = OPERATOR) -> None:
    """免职 End an appointment, now or at --until."""
    _send(c.EndAppointment, by, officer=officer, role=role, place=place, until=_local(until))


@app.command("link")
def link(
    officer: Officer,
    village: Annotated[str, typer.Argument(help="村代码 Village code")],
    household: Annotated[str | None, typer.Option("--household", help="户号 Register number")] = None,
    ends: Annotated[bool, typer.Option("--end", help="解除 End the link")] = False,
    by: By = OPERATOR,
) -> None:
    """联村、联户 Link an officer to a village or a household, or end the link."""
    kind = c.UnlinkOfficer if ends else c.LinkOfficer
    _send(kind, by, officer=officer, village=village, household=household)


@app.command("deputy")
def deputy(
    officer: Officer,
    role: InRole,
    place: Place,
    acting: Annotated[str, typer.Argument(help="代理人账号 Who deputises")],
    since: Moment = None,
    until: Moment = None,
    ends: Annotated[bool, typer.Option("--end", help="结束代理 Withdraw the deputy")] = False,
    by: By = OPERATOR,
) -> None:
    """代理 Name somebody who acts in an officer's post until --until, or withdraw them."""
    post = {"officer": officer, "role": role, "place": place, "deputy": acting}
    if ends:
        _send(c.WithdrawDeputy, by, **post)
    else:
        _send(c.NameDeputy, by, **post, since=_local(since), until=_local(until))


@app.command("history")
def history() -> None:
    """变动 Every change, who made it and when."""
    from services.organisation.telling import change_lines

    with _casework() as casework:
        for line in change_lines(casework.history(ORGANISATION_ID)):
            moment = f"{line.occurred_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"
            typer.echo(f"{line.version:>4}  {moment}  {line.actor_user:<12} {line.zh} {line.en}")


@app.command("import")
def read_in(
    file: Annotated[Path, typer.Argument(help="CSV，列：类别 代码 名称 上级 人员 角色 单位 负责人 户号 代理人 起 止")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="试运行 Say what would happen; write nothing")] = False,
    by: By = OPERATOR,
) -> None:
    """从表格导入 Read a spreadsheet. 类别: 县 镇 驻点 村 部门 任职 联村 联户 代理. It can be repeated."""
    from services.organisation.reading_in import look_through, write_in

    with _casework() as casework:
        found = look_through(casework, file, _administrator(by), system_clock(), _progress)
        for fault in found.faults:
            where = f"第 {fault.line} 行 line {fault.line}" + (f" [{fault.column}]" if fault.column else "")
            typer.echo(f"{where}: {fault.zh} {fault.en}", err=True)
        if found.faults:
            typer.echo("未写入任何内容 Nothing was written.", err=True)
            raise typer.Exit(1)
        if not dry_run:
            write_in(casework, found)
    done = "试运行，未写入 dry run, nothing written" if dry_run else "已写入 recorded"
    typer.echo(f"新增 new {len(found.new)}, 已有 already so {found.already} ({done})")


def _progress(done: int, of: int) -> None:
    typer.echo(f"已核对 checked {done}/{of}", err=True)


def _send(wish: type[c.OrganisationCommand], by: str, /, **fields: Any) -> None:
    try:
        who = {"command_id": uuid4(), "actor": _administrator(by), "occurred_at": system_clock()}
        command = wish(**who, **fields)
    except ValidationError:
        raise OptionUnfit from None
    with _casework() as casework:
        outcome = casework.handle(command)
    typer.echo(f"已记录 recorded: {outcome.version}")


def _administrator(by: str) -> Actor:
    try:
        return Actor(user=by, role=Role.ADMINISTRATOR)
    except ValidationError:
        raise OptionUnfit from None


def _local(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=LOCAL_ZONE) if moment else None


@contextmanager
def _casework() -> Iterator[Casework]:
    from services.bootstrap import casework_of
    from services.settings import Settings

    with casework_of(Settings()) as casework:
        yield casework
