"""`huiyin issue deadlines NUMBER` and `huiyin what-next NUMBER`: why a limit ends when it does, who owes what."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from domain.casework import Casework
from domain.errors import NotFound
from domain.explaining import moment
from domain.issue.state import Issue
from domain.plan import Plan
from services.bootstrap import system_clock

Number = Annotated[str, typer.Argument(help="编号 Number, e.g. QS-2026-0001")]
AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 For a program")]


def deadlines(
    number: Number,
    explained: Annotated[bool, typer.Option("--explain", help="逐日说明 Tell each day by day")] = False,
    as_json: AsJson = False,
) -> None:
    """期限 Every clock that ran: rule, plan, from when, until when, what moved it, what became of it."""
    from services.clocks import deadlines_of

    with _issue(number) as (casework, issue, plan):
        clocks = deadlines_of(casework, issue.issue_id, plan)
    if as_json:
        typer.echo(_json({"number": number, "clocks": clocks}))
        return
    for clock in clocks:
        for language in ("zh", "en"):
            lines = clock["explanation"][language]
            typer.echo("\n".join(lines if explained else [lines[0], lines[-1]]))
            if explained:
                typer.echo("\n".join(clock["follows"][language]), nl=bool(clock["follows"][language]))
        typer.echo("")


def what_next(number: Number, as_json: AsJson = False) -> None:
    """下一步 Who owes what, by when, under which rule, and what happens by itself if nothing is done."""
    from services.clocks import next_of

    with _issue(number) as (_, issue, plan):
        owed = next_of(issue, plan)
    if as_json:
        typer.echo(_json({"number": number, "stage": issue.stage, "next": owed}))
        return
    if not owed:
        typer.echo("已办结，无待办事项 Nothing is owed any more.")
    for it in owed:
        who = it["person"] or it["unit"]
        by = f"（{it['basis']}）" if it["basis"] else ""
        due = f"{moment(it['due_at'])} 前 by then" if it["due_at"] else "无期限 no date"
        typer.echo(f"{who}: {it['zh']} {it['en']} — {due}{by}{' 暂定 provisional' if it['provisional'] else ''}")
        if it["not_by"]:
            typer.echo(f"  不得由 not by: {', '.join(it['not_by'])}")
        for then in it["then"]:
            typer.echo(f"  {moment(then['at'])}  {then['zh']} {then['en']}")


@contextmanager
def _issue(number: str) -> Iterator[tuple[Casework, Issue, Plan]]:
    """The issue by the log itself, and the plan in force."""
    from services.bootstrap import casework_of
    from services.settings import Settings

    with casework_of(Settings()) as casework:
        issue = casework.issue(casework.issue_id(number))
        if issue is None:
            raise NotFound
        village = casework.organisation().village(issue.village, system_clock())
        plan = casework.plan_book().in_force(system_clock(), village.township if village else None)
        yield casework, issue, plan


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)
