"""`huiyin issue show | history`, `ledger`, `dashboard`: what the read models hold, for people and programs."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer

from domain.adoption.book import PlanBook
from domain.errors import NotFound
from domain.values import LOCAL_ZONE
from projections import dashboard as dashboard_model
from projections import issue_history, issue_ledger
from projections.dashboard_source import When
from projections.labels import label
from projections.meeting_register import meetings
from projections.pages import WHOLE
from projections.past import rows_at
from projections.past_tables import tables_at
from services.bootstrap import open_directory, open_plans, open_unsealing, system_clock
from services.cli.copying import AskedFormat, Format, Output, paper_for, print_or_write, write
from services.exports.called import called
from services.exports.form import opened
from services.exports.forms import FORMS
from services.exports.issue_form import COLUMNS, form_row
from services.exports.layouts import LAYOUTS
from services.exports.minutes_form import meeting_row
from services.persistence.scope import Scope, scoped
from services.privacy.looks import Door, Seen
from services.privacy.unsealing import Unsealing, on_this_machine
from services.settings import Settings

LEDGERS = ("issues", "meetings", *FORMS)
_HALF_OR_YEAR = re.compile(r"[12][0-9]{3}(-H[12])?", re.ASCII)
issue_app = typer.Typer(help="一件问题 One issue.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="编号 Number, e.g. QS-2026-0001")]
AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 For a program")]
Village = Annotated[str | None, typer.Option("--village", help="村(社区)代码 Village code")]
Moment = Annotated[str | None, typer.Option(help="时间，须带时区 A time with its zone: 2026-03-01T00:00+08:00")]


@contextmanager
def reading() -> Iterator[tuple[psycopg.Connection, PlanBook]]:
    """Everything: whoever works on the machine itself reads its files too."""
    settings = Settings()
    with (
        psycopg.connect(settings.database_url, autocommit=True, connect_timeout=5) as connection,
        scoped(connection, Scope.whole()),
    ):
        yield connection, open_plans(settings)()


@contextmanager
def _opening() -> Iterator[Unsealing]:
    with open_unsealing(Settings()) as unsealing:
        yield unsealing


@issue_app.command("show")
def show(number: Number, as_json: AsJson = False) -> None:
    """现状 Where an issue stands, who owns it, until when and why."""
    with reading() as (connection, book):
        line = issue_ledger.entry(connection, number)
        if line is None:
            raise NotFound
        names = called(connection)
    with _opening() as unsealing:
        (line,) = unsealing.lines(on_this_machine(Door.CLI), [line], Seen.ISSUE)
    if as_json:
        typer.echo(_json(asdict(line)))
        return
    for name, value in zip(COLUMNS, form_row(names.issue(line), book), strict=True):
        typer.echo(f"{name}：{value}")


@issue_app.command("history")
def history(number: Number, as_of: Moment = None, known_at: Moment = None, as_json: AsJson = False) -> None:
    """办理经过 Everything that happened to an issue: what had happened by --as-of, what was known by --known-at."""
    with reading() as (connection, book):
        lines = issue_history.history(
            connection,
            number,
            late_after=timedelta(days=book.in_force(system_clock()).recording.late_after_days),
            as_of=moment_of(as_of),
            known_at=moment_of(known_at),
        )
        names = called(connection)
    if not lines:
        raise NotFound
    with _opening() as unsealing:
        lines = names.history(unsealing.history(on_this_machine(Door.CLI), lines))
    if as_json:
        typer.echo(_json([asdict(line) for line in lines]))
        return
    for line in lines:
        late = "（补录 recorded late）" if line.late else ""
        who = names.officer(line.actor_user).zh
        typer.echo(f"{line.version:>3}  {local(line.occurred_at)}  {who:<12} {line.zh} {line.en}{late}")


def ledger(
    name: Annotated[str, typer.Argument(help=f"台账名称 Ledger: {', '.join(LEDGERS)}")],
    village: Village = None,
    as_of: Moment = None,
    known_at: Moment = None,
    field: Annotated[str | None, typer.Option(help="领域，只用于 petitions A field; of petitions alone")] = None,
    number: Annotated[str | None, typer.Option(help="编号，只用于 replies An issue's number; of replies alone")] = None,
    period: Annotated[str | None, typer.Option(help="年、月或日 A year, month or day: 2026-03")] = None,
    form: AskedFormat = Format.TABLE,
    output: Output = None,
) -> None:
    """台账 Print or export a ledger: as it stands, as things were at --as-of, or as they were known at --known-at."""
    asked = {"village": village, "period": period, "field": field, "number": number}
    _fits(name, asked)
    when = When(moment_of(as_of), moment_of(known_at))
    door = Door.CLI if form is Format.TABLE and output is None else Door.EXPORT
    if name == "meetings":
        _meetings(when, form, output)
        return
    if name != "issues":
        _form(name, asked, when, door, form, output)
        return
    with reading() as (connection, book), _opening() as unsealing:
        sealed = _lines(connection, village, when.as_of, when.known_at)
        lines = unsealing.lines(on_this_machine(door), sealed)
        names = called(connection)
        rows = ([str(count), *form_row(names.issue(line), book)] for count, line in enumerate(lines, 1))
        if form is Format.TABLE and output is None:
            _print_table(list(LAYOUTS[name].columns), rows)
            return
        write(paper_for(name, village, None), rows, form, output)


def _fits(name: str, asked: Mapping[str, str | None]) -> None:
    """There is such a ledger, and it can be asked for like this. Raises BadParameter."""
    if name not in LEDGERS:
        names = ", ".join(LEDGERS)
        raise typer.BadParameter(f"没有这个台账。现有：{names}。 There is no such ledger. There are: {names}.")
    if asked["field"] and name != "petitions":
        raise typer.BadParameter("只有 petitions 按领域查。 Only petitions are asked for by field.")
    if asked["number"] and name != "replies":
        raise typer.BadParameter("只有 replies 按编号查。 Only replies are asked for by number.")
    if asked["period"] and name == "summaries" and not _HALF_OR_YEAR.fullmatch(asked["period"]):
        raise typer.BadParameter("总结按年或半年查。 Summaries are of a year or half of one: 2026, 2026-H1.")
    if asked["period"] and name in ("issues", "meetings"):
        raise typer.BadParameter(f"{name} 不按期间查。 {name} is not asked for by period.")


def _form(name: str, asked: Mapping[str, Any], when: When, door: Door, form: Format, output: Path | None) -> None:
    """Any ledger but that of issues and of meetings."""
    ledger = FORMS[name]
    with _at(when) as then:
        found = ledger.ask(then, {**WHOLE, **asked})
    with reading() as (connection, book), _opening() as unsealing:
        lines = opened(ledger, unsealing, on_this_machine(door), found, book, called(connection))
    rows = [[str(count), *ledger.row(line)] for count, line in enumerate(lines, 1)]
    print_or_write(name, rows, form, output, village=asked["village"], period=asked["period"])


@contextmanager
def _at(when: When) -> Iterator[psycopg.Connection]:
    """The ledgers' tables as they stand, or as they were; those are made anew, for this question alone."""
    if not when.is_past:
        with reading() as (connection, _):
            yield connection
        return
    with (
        psycopg.connect(Settings().follower_database_url, autocommit=True, connect_timeout=5) as connection,
        tables_at(connection, when, progress=_progress) as then,
    ):
        yield then


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done}/{total}", err=True, nl=done == total)


def _meetings(when: When, form: Format, output: Path | None) -> None:
    """Every meeting of every township, also those that failed."""
    with _at(when) as then:
        rows = [[str(count), *meeting_row(row)] for count, row in enumerate(meetings(then), 1)]
    print_or_write("meetings", rows, form, output)


def _lines(
    connection: psycopg.Connection, village: str | None, as_of: datetime | None, known_at: datetime | None
) -> Iterable[issue_ledger.LedgerLine]:
    """From the table as it stands; of another time, from the log."""
    if as_of is None and known_at is None:
        return issue_ledger.entries(connection, issue_ledger.LedgerFilter(village=village))
    rows = rows_at(connection, issue_ledger.ISSUE_LEDGER, as_of=as_of, known_at=known_at)
    wanted = (row for row in rows if village is None or row.village == village)
    ordered = sorted(wanted, key=lambda row: (row.logged_at, row.number))
    return [issue_ledger.LedgerLine(**asdict(row)) for row in ordered]


def _print_table(columns: list[str], rows: Any) -> None:
    """What a terminal has room for, in columns; the whole form is in the exports. The content comes last, cut short."""
    from rich.cells import cell_len

    names = ("编号", "村(社区)", "办理进度", "责任人", "办理时限(含依据)", "问题内容")
    shown = [columns.index(name) for name in names]
    lines = [names, *([row[index] for index in shown] for row in rows)]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(len(names) - 1)]
    for *cells, content in lines:
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True))
        typer.echo("  ".join((*padded, content.replace("\n", " ")[:24])))


_MET = {True: "达到 met", False: "未达到 not met", None: "无定义 undefined"}


def dashboard(village: Village = None, as_of: Moment = None, known_at: Moment = None, as_json: AsJson = False) -> None:
    """总览 Issues by stage, overdue, reply times, and the three rates: now, as of a time, or as it was known then."""
    when = When(moment_of(as_of), moment_of(known_at))
    now = min(system_clock(), when.moment)
    with reading() as (connection, book):
        found = open_directory(Settings().database_url).village(village) if village else None
        plan = book.in_force(now, found.township if found else None)
        counted = dashboard_model.dashboard(connection, now, village, plan=plan, when=when)
    if as_json:
        typer.echo(_json(asdict(counted)))
    else:
        _print_dashboard(counted)


def _print_dashboard(counted: dashboard_model.Dashboard) -> None:
    typer.echo(f"共 total {counted.total}   未销号 open {counted.open}   超期 overdue {counted.overdue}")
    for stage, count in counted.by_stage.items():
        if count:
            typer.echo(f"  {label(stage).zh} {label(stage).en}: {count}")
    times = counted.reply_times
    typer.echo(f"已答复 answered {times.answered}   中位天数 median days {_figure(times.median_days)}")
    shown = {
        "超 15 天 over 15 days": times.over_15_days,
        "超 60 天 over 60 days": times.over_60_days,
        "按期率 on time": counted.on_time,
        "响应率 response": counted.rates.response,
        "解决率 resolution": counted.rates.resolution,
        "满意率 satisfaction": counted.rates.satisfaction,
        "积案化解率 backlog": counted.backlog,
    }
    for name, rate in shown.items():
        share = "无定义 undefined" if rate.value is None else f"{rate.value:.2%}"
        typer.echo(f"  {name}: {share}（{rate.numerator}/{rate.denominator}）")
    if goal := counted.backlog_goal:
        typer.echo(f"  积案化解目标 goal of backlog: {goal.percent}% {_MET[goal.met]}")
    excluded = ", ".join(f"{reason} {count}" for reason, count in counted.rates.excluded.items())
    typer.echo(f"  不计入 excluded: {excluded}   办法 policy: {counted.rates.policy}")


def _figure(value: float | None) -> str:
    return "无定义 undefined" if value is None else f"{value:.1f}"


def moment_of(text: str | None) -> datetime | None:
    """A time that somebody gave as an option. Raises BadParameter."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise typer.BadParameter("时间应写作 2026-03-01T00:00+08:00。 Write the time like 2026-03-01T00:00+08:00.")
    return moment


def local(moment: datetime) -> str:
    """As the office writes it."""
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)
