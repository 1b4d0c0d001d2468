"""`huiyin plan list|show|check|tables|schema|adopt|confirm|withdraw|history`: plan files, plans in force.

Whoever works on the machine itself acts as an administrator, under the name given with --by. Exit status as app.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer
from pydantic import ValidationError

from domain.adoption import commands as c
from domain.adoption.errors import NoSuchProposal
from domain.adoption.state import Adoptions, Standing, fold
from domain.casework import Casework
from domain.plan import Plan, PlanInvalid, load_plan, parse_plan, plan_keys, plan_text
from domain.plan_schema import schema_text
from domain.values import LOCAL_ZONE, Actor, Role
from services.bootstrap import system_clock
from services.cli.organisation import OptionUnfit

app = typer.Typer(help="实施方案 Plans.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="方案文件 Plan file")]
By = Annotated[str, typer.Option("--by", help="办理人账号 Who does this; kept in the history")]
Which = Annotated[str, typer.Argument(help="提案编号或方案代号 Id of the proposal, or its plan: ll@2")]
_STANDINGS = {
    Standing.PROPOSED: "待另一人确认 waits for another person",
    Standing.ADOPTED: "已采用 adopted",
    Standing.WITHDRAWN: "已撤回 withdrawn",
}


def read_plan(file: Path) -> Plan:
    """The plan in a file; ends the command with every fault if it holds none."""
    try:
        return parse_plan(file.read_bytes().decode("utf-8", "surrogateescape"))
    except PlanInvalid as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from None


@app.command("list")
def list_plans() -> None:
    """列出方案 List the plans that ship with Huiyin."""
    for plan in map(load_plan, plan_keys()):
        typer.echo(f"{plan.id}\t{plan.title.zh}\t{plan.title.en}")


@app.command("show")
def show(key: Annotated[str, typer.Argument(help="方案代码 Key of the plan: cx")]) -> None:
    """显示方案 Print the file of a plan that ships with Huiyin, to be changed and adopted."""
    typer.echo(plan_text(key), nl=False)


@app.command("check")
def check(file: File) -> None:
    """检查方案文件 Check a plan file: every error at once, by path."""
    typer.echo(f"{read_plan(file).id}: 可用 sound")


@app.command("tables")
def tables(file: File) -> None:
    """方案一览 Print a plan's time limits and its calendar of the year, as tables for officials."""
    from services.adoption.tables import plan_tables

    typer.echo(plan_tables(read_plan(file)), nl=False)


@app.command("schema")
def schema() -> None:
    """方案文件格式 Print the JSON Schema of plan files, for editors."""
    typer.echo(schema_text(), nl=False)


@app.command("adopt")
def adopt(
    file: File,
    starts_on: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="起始日 From this day on: today or later")
    ],
    by: By,
    township: Annotated[str | None, typer.Option("--township", help="只用于此乡镇 For this township only")] = None,
) -> None:
    """提出采用 Propose a plan; it is in force once another administrator confirms it."""
    plan = read_plan(file)
    document = plan.model_dump(mode="json", exclude_none=True)
    with _casework() as casework:
        wish = _asked(c.ProposePlan, by, document=document, starts_on=starts_on.date(), township=township)
        casework.handle(wish)
    typer.echo(f"已提出 proposed: {plan.id}  {wish.command_id}")
    typer.echo(f"请另一人确认 Another administrator confirms: huiyin plan confirm {plan.id} --by …")


@app.command("confirm")
def confirm(which: Which, by: By) -> None:
    """确认采用 Confirm what somebody else proposed."""
    with _casework() as casework:
        wish = _asked(c.AdoptPlan, by, proposal=_proposal(casework, which))
        casework.handle(wish)
        (done,) = (it for it in _adoptions(casework).proposals.values() if it.id == wish.proposal)
    typer.echo(f"已采用 adopted: {done.plan.id}, {_where(done.township)}, {_moment(done.since)} 起 from then on")


@app.command("withdraw")
def withdraw(
    which: Which, by: By, reasons: Annotated[str, typer.Option("--reasons", help="理由 Why; kept in the history")]
) -> None:
    """撤回提案 Withdraw a proposal that was not confirmed yet."""
    with _casework() as casework:
        casework.handle(_asked(c.WithdrawProposal, by, proposal=_proposal(casework, which), reasons=reasons))
    typer.echo("已撤回 withdrawn")


@app.command("history")
def history() -> None:
    """方案沿革 Which plan is in force where; every proposal, by whom, and what became of it."""
    from services.adoption.showing import in_force_lines, proposal_lines

    with _casework() as casework:
        adoptions = _adoptions(casework)
        for line in in_force_lines(adoptions, casework.plan_book(), system_clock()):
            since = f"自 from {_moment(line.since)}" if line.since else "安装时设定 as set up"
            typer.echo(f"现行 in force  {_where(line.township)}: {line.plan} {line.zh} {line.en} ({since})")
    for it in proposal_lines(adoptions, documents=False):
        people = f"{it.proposed_by} → {it.settled_by}" if it.settled_by else it.proposed_by
        typer.echo(
            f"{it.proposal}  {it.plan}  {_where(it.township)}  {it.starts_on} 起 from  "
            f"{_STANDINGS[Standing(it.standing)]}  {people}  sha256:{it.sha256}"
        )


def _asked(wish: type[Any], by: str, /, **fields: Any) -> Any:
    try:
        who = {"command_id": uuid4(), "actor": Actor(user=by, role=Role.ADMINISTRATOR), "occurred_at": system_clock()}
        return wish(**who, **fields)
    except ValidationError:
        raise OptionUnfit from None


def _adoptions(casework: Casework) -> Adoptions:
    return fold(casework.history(c.ADOPTION_ID))


def _proposal(casework: Casework, which: str) -> UUID:
    """The proposal with this id, or the one of this plan that waits. Raises NoSuchProposal."""
    proposals = _adoptions(casework).proposals.values()
    of_plan = [it.id for it in proposals if it.plan.id == which and it.standing is Standing.PROPOSED]
    found = of_plan or [it.id for it in proposals if str(it.id) == which]
    if len(found) != 1:
        raise NoSuchProposal
    return found[0]


def _where(township: str | None) -> str:
    return township or "全县 whole county"


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}" if moment else ""


@contextmanager
def _casework() -> Iterator[Casework]:
    from services.bootstrap import casework_of
    from services.settings import Settings

    with casework_of(Settings()) as casework:
        yield casework
