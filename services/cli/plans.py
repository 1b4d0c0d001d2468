"""`huiyin plan list | check | schema`: the plans that come along, whether a plan file is sound, what one may hold."""

from pathlib import Path
from typing import Annotated

import typer

from domain.plan import Plan, PlanInvalid, load_plan, parse_plan, plan_keys
from domain.plan_schema import schema_text

app = typer.Typer(help="实施方案 Plans.", no_args_is_help=True)


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


@app.command("check")
def check(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="方案文件 Plan file")]) -> None:
    """检查方案文件 Check a plan file: every error at once, by path."""
    plan = read_plan(file)
    typer.echo(f"{plan.id}: 可用 sound")


@app.command("schema")
def schema() -> None:
    """方案文件格式 Print the JSON Schema of plan files, for editors."""
    typer.echo(schema_text(), nl=False)
