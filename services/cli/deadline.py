"""`huiyin deadline`: the deadline engine by itself, for anybody who wants to check a date.

Mounted by services/cli. Exit status 0 with the due time, 2 for an input that cannot be counted.
"""

import json
from datetime import datetime
from typing import Annotated, Any, Final, NoReturn

import typer

from domain.deadlines import Count, count
from domain.explanation import explain
from domain.plan_parts import MAX_AMOUNT
from domain.workdays import Unit
from services.holidays import official_table

_BAD_USAGE: Final = 2


def deadline(
    started: Annotated[str, typer.Option("--from", help="起算时间 Start, with its zone: 2026-02-12T10:00+08:00")],
    amount: Annotated[int, typer.Option("--days", help="数量 How many days (or hours), 1 to 3660")],
    unit: Annotated[
        Unit, typer.Option("--unit", help="单位: natural 自然日, working 工作日, hours 小时")
    ] = Unit.NATURAL,
    roll: Annotated[
        bool, typer.Option("--roll", help="遇休息日顺延 A last day of rest moves on (natural days)")
    ] = False,
    explained: Annotated[bool, typer.Option("--explain", help="逐日说明 Tell it day by day")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program")] = False,
) -> None:
    """期限计算 When a period ends: holidays, make-up workdays and all."""
    counted = _counted(_start(started), amount, unit, roll)
    typer.echo(_as_json(counted, explained) if as_json else _as_text(counted, explained))


def _start(text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        _refuse("起算时间应写作 2026-02-12T10:00+08:00。", "Write --from like 2026-02-12T10:00+08:00.")
    if start.tzinfo is None:
        _refuse(
            "起算时间缺少时区：北京时间请加 +08:00。",
            "The time in --from has no zone, so it could mean two different days. Add +08:00 for Beijing time.",
        )
    return start


def _counted(start: datetime, amount: int, unit: Unit, roll: bool) -> Count:
    if not 1 <= amount <= MAX_AMOUNT:
        _refuse(f"--days 须为 1 至 {MAX_AMOUNT}。", f"--days is 1 to {MAX_AMOUNT}.")
    if roll and unit is not Unit.NATURAL:
        _refuse("只有自然日可以顺延：请去掉 --roll。", "Only natural days roll past a rest day: leave --roll out.")
    try:
        return count(start, amount, unit, official_table(), roll=roll)
    except OverflowError:
        _refuse("日期超出可计算范围（1 至 9999 年）。", "The dates leave the years 1 to 9999, which can be counted.")


def _refuse(zh: str, en: str) -> NoReturn:
    typer.echo(f"{en}\n{zh}", err=True)
    raise typer.Exit(_BAD_USAGE)


def _as_text(counted: Count, explained: bool) -> str:
    zh, en = explain(counted, "zh"), explain(counted, "en")
    return "\n".join([*zh, "", *en] if explained else [zh[-1], en[-1]])


def _as_json(counted: Count, explained: bool) -> str:
    answer: dict[str, Any] = {
        "started_at": counted.started_at.isoformat(),
        "amount": counted.amount,
        "unit": counted.unit,
        "roll": counted.roll,
        "due_at": counted.due_at.isoformat(),
        "provisional": counted.provisional,
    }
    if explained:
        answer["days"] = [
            {"date": day.date.isoformat(), "counted": day.counted, "why": day.why, "official": day.official}
            for day in counted.days
        ]
        answer["explanation"] = {"zh": explain(counted, "zh"), "en": explain(counted, "en")}
    return json.dumps(answer, ensure_ascii=False)
