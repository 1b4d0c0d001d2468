"""`huiyin appraisal`: what officers, stations and departments answered for in a period, and each mark behind a figure.

Whoever works on the machine itself reads its files too. Exit status as app.py.
"""

from pathlib import Path
from typing import Annotated

import typer

from domain.appraisal.policy import Appraisal
from domain.periods import Period, period_named
from projections.appraisal import Account, Asked, By, accounts, told_up_to, traces
from projections.appraisal_marks import Counted
from projections.appraisal_naming import answerable, ranking
from services.cli.copying import AskedFormat, Format, Output, print_or_write
from services.cli.records import Village, reading
from services.exports.appraisal_form import APPRAISAL_COLUMNS, TITLES, appraisal_row, trace_row

_TITLE = "考核表"


def appraisal(
    period: Annotated[str, typer.Option(help="周期 Period: 2026, 2026-H1, 2026-Q1, 2026-03, 2026-W10")],
    by: Annotated[By, typer.Option(help="按干部、驻点、部门 Whose accounts")] = By.OFFICER,
    village: Village = None,
    officer: Annotated[str | None, typer.Option(help="干部账号 Account name")] = None,
    place: Annotated[str | None, typer.Option(help="单位代码 Code of the place where they acted")] = None,
    up_to: Annotated[int | None, typer.Option(help="日志位置 As told at this position of the log", min=0)] = None,
    explain: Annotated[bool, typer.Option("--explain", help="列出每一笔 What stands behind the figures")] = False,
    what: Annotated[Counted | None, typer.Option(help="只列此项 With --explain: only this figure")] = None,
    form: AskedFormat = Format.TABLE,
    output: Output = None,
) -> None:
    """考核 Handled, on time, satisfied, visits and shortfalls, counted from the log for whoever had them then."""
    chosen = _period(period)
    asked = Asked(by, chosen.starts_at, chosen.ends_at, up_to, officer, place, village)
    if explain:
        _explain(asked, what, form, output, period)
        return
    with reading() as (connection, book):
        position = told_up_to(connection)
        found = accounts(connection, asked)
        policy = book.in_force(chosen.starts_at).appraisal
    if form is Format.TABLE and output is None:
        told = position if up_to is None else min(up_to, position)
        typer.echo(f"{_TITLE} {chosen.name}（{chosen.first} 至 {chosen.last}，日志位置 up to position {told}）")
        _print(found, policy)
        return
    rows = [[str(count), *appraisal_row(line)] for count, line in enumerate(found, 1)]
    print_or_write("appraisal", rows, form, output, village=village, period=period)


def _explain(asked: Asked, what: Counted | None, form: Format, output: Path | None, period: str) -> None:
    with reading() as (connection, _):
        rows = [[str(count), *trace_row(it)] for count, it in enumerate(traces(connection, asked, what), 1)]
    print_or_write("appraisal-marks", rows, form, output, village=asked.village, period=period)


def _period(name: str) -> Period:
    try:
        return period_named(name)
    except ValueError:
        raise typer.BadParameter("周期应写作 2026 或 2026-03。 Write a period like 2026 or 2026-03.") from None


def _who(line: Account) -> str:
    return f"{line.officer or ''} {line.place_name or line.place}".strip()


def _print(found: list[Account], policy: Appraisal | None) -> None:
    """The accounts, and who is named where the plan asks for it."""
    for line in found:
        _print_account(line)
    if policy is not None:
        typer.echo(f"排名 ranking（{policy.basis}，有效评价不少于 {policy.least_ratings} 件）")
        for rank, line in ranking(found, policy.least_ratings):
            typer.echo(f"  {rank}. {_who(line)}")
        typer.echo(f"须说明 to answer for: {'、'.join(map(_who, answerable(found))) or '–'}")


def _print_account(line: Account) -> None:
    """A line of who, the shares, and what there is of each count; a terminal has no room for noughts."""
    shares = dict(zip(APPRAISAL_COLUMNS, appraisal_row(line), strict=True))
    typer.echo(f"{_who(line)}：" + "  ".join(f"{name} {shares[name]}" for name in ("满意率", "按期率", "环节按期率")))
    typer.echo("  " + "  ".join(f"{title} {line.of(it)}" for it, title in TITLES.items() if line.of(it)))
