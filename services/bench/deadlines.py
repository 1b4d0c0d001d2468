"""`huiyin bench deadlines`: what does it cost to explain a deadline, and to move an open one when the holidays change?

Explaining is pure and measured in this process; moving goes through the log: read, decided, written, one by one.
"""

import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from domain.casework import Casework
from domain.deadlines import count_of, reckon
from domain.explaining import told
from domain.holidays.commands import AdoptHolidays, ConfirmHolidays
from domain.holidays.words import YearTable
from domain.issue.clock_lives import ClockLife, Whose
from domain.issue.commands import LogIssue
from domain.issue.words import Channel
from domain.plan import load_plan
from domain.values import LOCAL_ZONE, Actor, Responsible, Role
from services.bench.harness import VILLAGE, BenchOffice, Result, measured, table
from services.bootstrap import casework_of, system_clock
from services.holidays import official_table, official_years
from workflows.redating import RedateActivities, Redating

_NAMESPACE: Final = UUID("9b1c0f6e-2d74-4a8e-b0a5-63d1f7c2e948")
_HOLDER: Final = Responsible(unit="station:CS", person="handler")
_HANDLER: Final = Actor(user="handler", role=Role.CASE_HANDLER)
_TOGETHER: Final = 200


def run(deadlines: int = 100_000, issues: int = 100_000) -> Result:
    """Both figures, per deadline."""
    explained = _explained(deadlines)
    with BenchOffice(()) as office, casework_of(office.settings) as casework:
        logged = _log(casework, issues)
        calendar = _revise(casework)
        with measured(office) as piece:
            moved = _redate(casework, logged, calendar)
    cpu = f"{_micro(piece.cpu['bench'], moved)}, {_micro(piece.cpu['PostgreSQL'], moved)}"
    rows: list[dict[str, Any]] = [
        {"what": "explained in both languages, day by day", "number": deadlines, **explained},
        {
            "what": "open, moved by another holiday table",
            "number": moved,
            "per second": moved / piece.seconds,
            "us CPU each (program, PostgreSQL)": cpu,
            "others": piece.others,
        },
    ]
    return {"rows": rows, "moved": moved, "table": table("deadlines", rows)}


def _micro(seconds: float, number: int) -> str:
    return f"{1e6 * seconds / max(number, 1):.0f}"


def _explained(number: int) -> dict[str, Any]:
    plan, holidays = load_plan("cx"), official_table()
    first = datetime(2024, 1, 1, 10, tzinfo=LOCAL_ZONE)
    begins = [first + timedelta(days=n % 900, minutes=n) for n in range(number)]
    rules = list(plan.clocks)
    wall, cpu = time.perf_counter(), time.process_time()
    lines = 0
    for n, at in enumerate(begins):
        life = ClockLife(Whose.STAGE, reckon(rules[n % len(rules)], at, plan, holidays), _HOLDER)
        lines += len(told(life, plan, holidays, "zh")) + len(told(life, plan, holidays, "en"))
        lines += len(count_of(life.deadline, plan, holidays).days)
    seconds, used = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "per second": number / seconds,
        "us CPU each (program, PostgreSQL)": f"{_micro(used, number)}, 0",
        "others": "-",
    }


def _log(casework: Casework, number: int) -> list[UUID]:
    """So many issues, logged this morning; their ids in order."""
    now = system_clock() - timedelta(minutes=1)
    asked = (
        LogIssue(
            command_id=uuid5(_NAMESPACE, f"issue {n}"),
            actor=_HANDLER,
            occurred_at=now,
            channel=Channel.VISIT,
            village=VILLAGE,
            category="other",
            description="路灯不亮。",
        )
        for n in range(number)
    )
    return sorted(outcome.stream_id for batch in _batches(asked) for outcome in casework.handle_together(batch))


def _batches(asked: Iterator[LogIssue]) -> Iterator[Sequence[LogIssue]]:
    batch: list[LogIssue] = []
    for command in asked:
        batch.append(command)
        if len(batch) == _TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


def _revise(casework: Casework) -> int:
    """The next working day becomes a day off: every limit of this morning moves. The table's version."""
    now = system_clock()
    day = now.astimezone(LOCAL_ZONE).date() + timedelta(days=1)
    while not official_table().is_working_day(day):
        day += timedelta(days=1)
    known = official_years().get(day.year) or _bare(day.year)
    who = [Actor(user=name, role=Role.ADMINISTRATOR) for name in ("admin", "admin2")]
    fields = {**dict(known), "days_off": (*known.days_off, day), "notice": "测速"}
    made = {"occurred_at": now, "actor": who[0], "command_id": uuid4()}
    proposed = casework.handle(AdoptHolidays(**made, **fields))
    made = {"occurred_at": now, "actor": who[1], "command_id": uuid4()}
    version = casework.handle(ConfirmHolidays(**made, year=day.year, proposal=proposed.version)).version
    time.sleep(1.1)  # until this process counts by it: it looks for news once a second
    return version


def _bare(year: int) -> YearTable:
    off = tuple(date(year, month, 1) for month in (1, 5, 10))
    return YearTable(year=year, days_off=off, make_up_days=(), notice="测速")


def _redate(casework: Casework, logged: Sequence[UUID], calendar: int) -> int:
    def clocks(_: int, after: UUID | None, limit: int) -> Sequence[UUID]:
        start = 0 if after is None else bisect_right(logged, after)
        return logged[start : start + limit]

    activities, so_far = RedateActivities(casework, clocks, system_clock), Redating(calendar=calendar)
    while not so_far.done:
        so_far = activities.next_batch(so_far)
    return so_far.moved
