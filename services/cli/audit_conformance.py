"""`huiyin audit conformance`: every real history against the declared process, and what looks like gaming.

By the log alone, whatever the tables say. Exit 1 where something is graver than a missed limit that was said.
"""

import json
import sys
from contextlib import closing
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

import typer

from domain.conformance.deviations import KINDS, Deviation, Severity
from domain.conformance.survey import Survey
from domain.errors import NotFound
from domain.values import LOCAL_ZONE
from projections.histories import Wanted
from services.audit.conformance import Asking, ConformanceDesk
from services.audit.conformance_told import of_one_history, told
from services.bootstrap import open_directory, open_unsealing, system_clock
from services.cli.records import Village, reading
from services.exports.writers import csv_lines
from services.privacy.looks import Door
from services.privacy.unsealing import on_this_machine
from services.settings import Settings

COLUMNS: Final = ("kind", "severity", "rule", "issues", "events", "zh", "en")
_DAYS: Final = ["%Y-%m-%d"]
_PROGRESS_EVERY: Final = 20_000


class ConformanceFormat(StrEnum):
    """How the findings come out."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def conformance(
    village: Village = None,
    since: Annotated[datetime | None, typer.Option("--from", formats=_DAYS, help="自此日登记 Logged from")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=_DAYS, help="至此日登记 Logged up to")] = None,
    issue: Annotated[str | None, typer.Option("--issue", help="编号 One issue's number")] = None,
    form: Annotated[ConformanceFormat, typer.Option("--format", help="table, csv, json")] = ConformanceFormat.TABLE,
) -> None:
    """程序核对 Hold every history against the declared process; name what is missing, out of order, late or gamed."""
    wanted = Wanted(village, _midnight(since), _midnight(until and until + timedelta(days=1)), issue)
    settings = Settings()
    with reading() as (connection, book), open_unsealing(settings) as unsealing:
        organisation = open_directory(settings.database_url).organisation()
        asking = Asking(on_this_machine(Door.CLI), system_clock(), book, organisation)
        with closing(_Progress()) as progress:
            survey = ConformanceDesk(unsealing).of_log(connection, asking, wanted, progress.told)
    if issue is not None and not survey.checked:
        raise NotFound
    _put_out(survey, form)
    raise typer.Exit(any(it.severity is not Severity.NOTE for it in survey.findings))


class _Progress:
    """A line on standard error, if somebody watches and it takes long."""

    def __init__(self) -> None:
        self._next = _PROGRESS_EVERY
        self._shown = False

    def told(self, issues: int) -> None:
        if issues >= self._next and sys.stderr.isatty():
            typer.echo(f"\r{issues} …", err=True, nl=False)
            self._next, self._shown = issues + _PROGRESS_EVERY, True

    def close(self) -> None:
        if self._shown:
            typer.echo(err=True)


def _put_out(survey: Survey, form: ConformanceFormat) -> None:
    match form:
        case ConformanceFormat.JSON:
            typer.echo(json.dumps(told(survey), ensure_ascii=False, indent=1, default=str))
        case ConformanceFormat.CSV:
            line = csv_lines(sys.stdout)
            line(COLUMNS)
            for found in survey.findings:
                line(_cells(found))
        case ConformanceFormat.TABLE:
            _print(survey)


def _cells(it: Deviation) -> tuple[str, ...]:
    events = "; ".join(f"{where.number} v{where.version} {where.topic}" for where in it.events)
    return (it.kind.value, it.severity.value, it.rule, " ".join(it.issues), events, it.zh, it.en)


def _print(survey: Survey) -> None:
    fitness = "–" if survey.fitness is None else f"{survey.fitness:.2%}"
    typer.echo(
        f"核对 checked {survey.checked}   相符 conformant {survey.conformant}   "
        f"环节 steps {survey.steps}   符合度 fitness {fitness}"
    )
    for kind, count in survey.by_kind.items():
        if count:
            typer.echo(f"  {KINDS[kind].zh} {KINDS[kind].en}: {count}")
    shares = {checked.number: checked.fitness for checked in survey.unfit}
    for it in survey.findings:
        typer.echo(_line(it, shares))


def _line(it: Deviation, shares: dict[str, float]) -> str:
    named = " ".join(it.issues[:5]) + (" …" if len(it.issues) > 5 else "")
    fits = f" {shares[it.issues[0]]:.0%}" if of_one_history(it.kind) and it.issues[0] in shares else ""
    first = it.events[0]
    when = first.occurred_at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
    what = f"{KINDS[it.kind].zh} {it.kind.value}"
    return f"{named}{fits}  {what}  v{first.version} {when} {first.by}\n    {it.zh}\n    {it.en}"


def _midnight(day: datetime | None) -> datetime | None:
    """The first moment of a day, as the office counts it."""
    return day and day.replace(tzinfo=LOCAL_ZONE)
