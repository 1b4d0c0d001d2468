"""`huiyin audit what-if`: the log under another plan, another calendar, or both. Reads, and cannot write."""

import json
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer

from domain.issue.evolve import BrokenHistory
from domain.plan import Plan, PlanInvalid, load_plan, plan_keys
from domain.what_if.totals import Totals
from domain.what_if.words import IssueChanges
from projections.projection import UnreadableEvent
from services.audit import what_if_words as words
from services.audit.conformance import LogUnreadable
from services.audit.what_if_words import By
from services.cli.holidays import TableUnfit
from services.cli.plans import read_plan

_TELL_EVERY = 10_000


class Format(StrEnum):
    """How the table comes out."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


_PlanGiven = Annotated[
    str | None,
    typer.Option("--plan", help="方案文件或随附方案代码 A plan file, or the key of one that comes along: cx"),
]
_Holidays = Annotated[
    list[Path] | None,
    typer.Option(
        "--holidays", exists=True, dir_okay=False, help="一年的放假安排，可多个 A year's table; several if need be"
    ),
]
_Entries = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="改方案一项，可多次 Another value of one entry: clocks.on_site.amount=9; repeat as needed"
    ),
]
_Day = ["%Y-%m-%d"]


def what_if(
    plan: _PlanGiven = None,
    entries: _Entries = None,
    holidays: _Holidays = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=_Day, help="登记日起 Logged from this day")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=_Day, help="登记日止 Up to and with this day")
    ] = None,
    village: Annotated[str | None, typer.Option("--village", help="村(社区)代码 Village code")] = None,
    by: Annotated[By, typer.Option("--by", help="按件、村、责任人 Put together by")] = By.ISSUE,
    form: Annotated[Format, typer.Option("--format", help="table, csv, json")] = Format.TABLE,
) -> None:
    """假如 Which verdicts would be others under another plan, had everybody acted as they did? Writes nothing.

    Without --plan: by the plans in force then and there, so that --holidays can be asked for alone.
    """
    other = _plan(plan, entries or [])
    try:
        with _replaying(other, holidays or [], village, since, until) as found:
            _put_out(found, by, form)
    except (UnreadableEvent, BrokenHistory):
        raise LogUnreadable from None


def _plan(given: str | None, entries: list[str]) -> Plan | None:
    """None: those in force. Entries alone change the plan that the settings name."""
    from services.audit.other_plan import with_entries
    from services.settings import Settings

    if given is None and not entries:
        return None
    plan = _named(given or Settings().plan)
    pairs = [each.partition("=") for each in entries]
    if not all(path and value for path, _, value in pairs):
        raise typer.BadParameter("须写作 路径=值。 Write path=value.", param_hint="--set")
    try:
        return with_entries(plan, {path: value for path, _, value in pairs})
    except PlanInvalid as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from None


def _named(given: str) -> Plan:
    """A key goes before a file of that name; the file is read as `huiyin plan check` reads it."""
    if given in plan_keys():
        return load_plan(given)
    file = Path(given)
    if not file.is_file():
        raise typer.BadParameter(
            "没有此文件，也没有此代码的方案。 No such file, and no plan of that key.", param_hint="--plan"
        )
    return read_plan(file)


@contextmanager
def _replaying(
    plan: Plan | None, holidays: list[Path], village: str | None, since: datetime | None, until: datetime | None
) -> Iterator[Iterator[IssueChanges]]:
    from services.audit.what_if import Scope, replayed, unwriting, with_years, world_of
    from services.bootstrap import asking_casework, open_directory, system_clock
    from services.settings import Settings

    settings = Settings()
    scope = Scope(village, since.date() if since else None, until.date() if until else None)
    years = [_year(file) for file in holidays]
    with (
        closing(asking_casework(settings)) as casework,
        psycopg.connect(settings.database_url, autocommit=True, connect_timeout=5) as connection,
    ):
        table = with_years(casework.holidays(), years) if years else None
        world = world_of(casework, open_directory(settings.database_url), plan, table)
        with unwriting(connection) as up_to:
            typer.echo(f"核至日志位置 {up_to} Up to position {up_to} of the log", err=True)
            yield replayed(connection, up_to, world, system_clock(), scope, _Progress())


def _year(file: Path) -> Any:
    from domain.holidays.words import YearTable

    try:
        return YearTable(**tomllib.loads(file.read_text("utf-8")))
    except (ValueError, TypeError):  # pydantic's and TOML's own are ValueErrors
        raise TableUnfit from None


class _Progress:
    """Tells on standard error how far it got."""

    def __init__(self) -> None:
        self._read = self._told = 0

    def __call__(self, events: int) -> None:
        self._read += events
        if self._read - self._told >= _TELL_EVERY:
            self._told = self._read
            typer.echo(f"已读 {self._read} 条 events read", err=True)


def _put_out(found: Iterator[IssueChanges], by: By, form: Format) -> None:
    """Line by line as they are found; the sums at the end."""
    if form is Format.JSON:
        _put_out_json(found, by)
        return
    totals, line = Totals(), _line_writer(form)
    if by is By.ISSUE:
        line(words.COLUMNS)
    for each in found:
        totals.add(each)
        if by is By.ISSUE:
            for row in words.rows(each):
                line(row)
    if by is not By.ISSUE:
        line(words.TOTAL_COLUMNS)
        for row in words.total_rows(totals, by):
            line(row)
    _sum_up(totals)


def _line_writer(form: Format) -> Any:
    from services.exports.writers import csv_lines

    if form is Format.TABLE:
        return lambda row: typer.echo("  ".join(row))
    sys.stdout.write("\ufeff")  # spreadsheets need it to read Chinese
    return csv_lines(sys.stdout)


def _put_out_json(found: Iterator[IssueChanges], by: By) -> None:
    totals = Totals()
    if by is By.ISSUE:
        typer.echo('{"issues": [', nl=False)
    first = True
    for each in found:
        totals.add(each)
        if by is By.ISSUE and each.changes:
            typer.echo(("\n" if first else ",\n") + _json(words.as_members(each)), nl=False)
            first = False
    if by is By.ISSUE:
        typer.echo(f'],\n"totals": {_json(words.totals_members(totals))}}}')
    else:
        typer.echo(_json({"totals": words.totals_members(totals)}))


def _json(members: dict[str, Any]) -> str:
    return json.dumps(members, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _sum_up(totals: Totals) -> None:
    it = totals.all
    typer.echo(
        f"共 {totals.replayed} 件 {totals.events} 条，结论改变 {it.issues} 件 {it.changes} 项："
        f"超期→按期 {it.missed_to_kept}，按期→超期 {it.kept_to_missed}，无从判断 {it.untold}\n"
        f"{totals.replayed} issues, {totals.events} events; {it.changes} verdicts of {it.issues} issues differ: "
        f"{it.missed_to_kept} missed to kept, {it.kept_to_missed} kept to missed, {it.untold} cannot be told",
        err=True,
    )
