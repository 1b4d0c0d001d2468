"""`huiyin plan list | check`: the plans that ship with Huiyin, and whether a plan file is sound."""

from pathlib import Path
from typing import Annotated

import typer

from domain.plan import PlanInvalid, load_plan, parse_plan, plan_keys

app = typer.Typer(help="实施方案 Plans.", no_args_is_help=True)


@app.command("list")
def list_plans() -> None:
    """列出方案 List the plans that ship with Huiyin."""
    for plan in map(load_plan, plan_keys()):
        typer.echo(f"{plan.id}\t{plan.title.zh}\t{plan.title.en}")


@app.command("check")
def check(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="方案文件 Plan file")]) -> None:
    """检查方案文件 Check a plan file: every error at once, by path."""
    try:
        plan = parse_plan(file.read_text("utf-8"))
    except (PlanInvalid, UnicodeDecodeError) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{plan.id}: 可用 sound")
