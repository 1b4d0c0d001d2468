"""`huiyin doctor` and `huiyin bench`: is it well, and how quick is it?"""

import json
from importlib import import_module
from typing import Annotated, Any

import typer

from services.embedded.problems import MachineProblem
from services.running import Running
from services.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 For a program")]


def doctor(as_json: AsJson = False) -> None:
    """体检 What runs, what lags, what is misconfigured, and what to do."""
    from services.health.diagnosis import examine

    settings = Settings()
    found = examine(settings)
    if as_json:
        problems = [{"code": it.code, "zh": it.zh, "en": it.en} for it in found.problems]
        told = {**_addresses(settings), "lags": found.lags, "unsealed": found.unsealed}
        counts = {"open_issues": found.open_issues, "running_workflows": found.running_workflows}
        typer.echo(json.dumps({**told, **counts, "problems": problems}, ensure_ascii=False, indent=1))
    else:
        for name, behind in found.lags.items():
            typer.echo(f"{name:<14} 滞后 behind: {behind['events']} events, {behind['seconds']} s")
        typer.echo(f"未结问题 open issues: {found.open_issues}   工作流 workflows: {found.running_workflows}")
        for problem in found.problems:
            typer.echo(f"✗ {problem.code}\n  {problem.zh}\n  {problem.en}")
        if not found.problems:
            typer.echo("✓ 一切正常 All is well.")
    raise typer.Exit(1 if found.problems else 0)


def _addresses(settings: Settings) -> dict[str, Any]:
    """Where things are; the owner's DSN only where `huiyin up` keeps the database itself."""
    running = Running.find(settings.home)
    one_machine = running is not None and settings.given_database_url is None
    return {
        "database_url": _known(lambda: settings.database_url),
        "temporal_address": _known(lambda: settings.temporal_address),
        "owner_dsn": running.owner_database_url if running and one_machine else None,
    }


def _known(address: Any) -> str | None:
    try:
        found: str = address()
    except MachineProblem:
        return None
    return found


def bench(
    name: Annotated[str, typer.Argument(help="actions, audit, categories, relay, import, rebuild, rls")],
    issues: Annotated[int | None, typer.Option("--issues", min=1, help="件数 How many issues, where it can")] = None,
    as_json: AsJson = False,
) -> None:
    """测速 Measure on this machine. Figures are ratios and CPU costs; see docs/benchmarks.md."""
    known = import_module("services.bench")
    if name not in known.BENCHES:
        raise typer.BadParameter(f"现有 There are: {', '.join(sorted(known.BENCHES))}")
    if issues is not None and name not in known.OF_A_SIZE:
        raise typer.BadParameter(f"--issues: {', '.join(sorted(known.OF_A_SIZE))}")
    result = known.BENCHES[name](**({} if issues is None else {"issues": issues}))
    typer.echo(json.dumps(result, ensure_ascii=False, indent=1) if as_json else result.pop("table"))
