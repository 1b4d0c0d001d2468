"""`huiyin fund show | rank | rounds`: what a township's fund of a year promised and paid.

Whoever works on the machine itself reads its files too. Exit status as app.py.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Final

import typer

from domain.errors import NotFound
from domain.events import DomainEvent
from domain.fund import events as e
from domain.fund.commands import fund_id_of
from domain.fund.ranking import ranking
from domain.fund.state import Fund, fold
from domain.values import LOCAL_ZONE
from projections.labels import label

app = typer.Typer(help="专项经费 A township's fund of a fiscal year.", no_args_is_help=True)

Township = Annotated[str, typer.Argument(help="乡镇名称 Name of the township")]
Year = Annotated[int, typer.Argument(help="年度 Fiscal year", min=1949, max=2200)]
AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 For a program")]
_AMOUNTS: Final = {
    "budget": "预算 budget", "carried_in": "其中结转 carried over", "allocated": "已安排 allocated",
    "paid": "已拨付 paid", "returned": "结余退回 returned", "left": "可安排 left",
}  # fmt: skip


@app.command("show")
def show(township: Township, year: Year, as_json: AsJson = False) -> None:
    """现状 Budget, what is promised, what is paid, what is left."""
    fund = _fund(township, year)
    if as_json:
        from services.api.office.funds import shown_fund

        typer.echo(json.dumps(shown_fund(fund), ensure_ascii=False, indent=1, default=str))
        return
    typer.echo(f"{fund.township} {fund.year}" + ("（已结账 closed）" if fund.is_closed else ""))
    for name, title in _AMOUNTS.items():
        typer.echo(f"  {title}: {getattr(fund, name):.2f}")
    typer.echo(f"  项目库待安排 waiting in the pool: {len(fund.pool)}   已安排项目 granted: {len(fund.grants)}")


@app.command("rank")
def rank(township: Township, year: Year) -> None:
    """排序 The pool as a round would rank it now, with the plan in force; nothing is recorded."""
    from services.bootstrap import casework_of, open_plans, system_clock
    from services.settings import Settings

    settings = Settings()
    policy = open_plans(settings)().in_force(system_clock()).funding
    with casework_of(settings) as casework:
        fund = fold(casework.history(fund_id_of(township, year)))
        if fund is None or policy is None:
            raise NotFound
        had = {it.village: fund.grants_of(it.village) for it in fund.pool.values()}
        for place, line in enumerate(ranking(fund.pool.values(), fund.left, policy, had), 1):
            issue = casework.issue(line.issue_id)
            number = issue.number if issue else str(line.issue_id)
            _echo_line(place, number, line)


def _echo_line(place: int, number: str, line: e.Line) -> None:
    urgency, standing = label(line.urgency), label(line.standing)
    typer.echo(
        f"{place:>3}  {number}  {urgency.zh} {urgency.en}  {line.submitted_at.astimezone(LOCAL_ZONE):%Y-%m-%d}  "
        f"申请 {line.asked:.2f}  批准 {line.approved:.2f}  安排 {line.amount:.2f}  {standing.zh} {standing.en}"
    )


@app.command("rounds")
def rounds(township: Township, year: Year) -> None:
    """安排批次 Every round of the year: proposed, confirmed, withdrawn, overdue."""
    with _history(township, year) as events:
        for event in events:
            if isinstance(event, e.RoundProposed | e.RoundConfirmed | e.RoundWithdrawn | e.RoundOverdue):
                typer.echo(f"{_local(event.occurred_at)}  {event.actor.user:<12} {_told(event)}")


def _told(event: e.RoundProposed | e.RoundConfirmed | e.RoundWithdrawn | e.RoundOverdue) -> str:
    match event:
        case e.RoundProposed():
            total = sum(line.amount for line in event.lines)
            return (
                f"第 {event.round} 批拟定 proposed: {total:.2f}，{_local(event.confirm_by)} 前确认 to be confirmed by"
            )
        case e.RoundConfirmed():
            reasons = f"（{event.reasons}）" if event.reasons else ""
            return f"第 {event.round} 批确认 confirmed: {sum(it.amount for it in event.granted):.2f}{reasons}"
        case e.RoundWithdrawn():
            return f"第 {event.round} 批撤回 withdrawn: {event.reasons}"
        case e.RoundOverdue():
            return f"第 {event.round} 批逾期未定 overdue since {_local(event.confirm_by)}"


@contextmanager
def _history(township: str, year: int) -> Iterator[Iterator[DomainEvent]]:
    from services.bootstrap import casework_of
    from services.settings import Settings

    with casework_of(Settings()) as casework:
        yield casework.history(fund_id_of(township, year))


def _fund(township: str, year: int) -> Fund:
    with _history(township, year) as events:
        fund = fold(events)
    if fund is None:
        raise NotFound
    return fund


def _local(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
