"""`huiyin audit replay NUMBER` and `huiyin audit difference`: an issue event by event, two moments side by side."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer

from projections.dashboard_source import When
from projections.moments import told_by
from services.audit.differences import KIND_WORDS, Eyes, RowDifference
from services.audit.replay import Step
from services.bootstrap import open_unsealing, system_clock
from services.cli.records import AsJson, Moment, Number, Village, local, moment_of, reading
from services.exports.writers import csv_lines
from services.privacy.looks import Door
from services.privacy.unsealing import on_this_machine
from services.settings import Settings

_AT_ONCE = 500


class Format(StrEnum):
    """How a difference comes out."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


From = Annotated[int | None, typer.Option("--from", min=0, help="单件：自此版本 Of one issue: from this version")]
To = Annotated[int | None, typer.Option("--to", min=0, help="单件：至此版本 Of one issue: to this version")]


def replay(
    number: Number,
    as_of: Moment = None,
    known_at: Moment = None,
    first: From = None,
    last: To = None,
    as_json: AsJson = False,
) -> None:
    """回放 Each event: the state after it, by which rule, who, when it happened and when it was recorded."""
    from services.audit.replay import opened, replayed, shown, stream_of

    when = When(moment_of(as_of), moment_of(known_at))
    with reading() as (connection, book):
        late_after = timedelta(days=book.in_force(system_clock()).recording.late_after_days)
        stream = stream_of(connection, _issue_id(connection, number))
        found = replayed(connection, stream, late_after=late_after, when=when)
    with _eyes() as eyes:
        steps = opened(found, eyes.unsealing, eyes.reader)
    wanted = [it for it in steps if (first or 0) <= it.line.version and (last is None or it.line.version <= last)]
    if as_json:
        _say([shown(step) for step in wanted])
        return
    for step in wanted:
        _tell(step)


def difference(
    what: Annotated[str, typer.Argument(help="issues（整本台账），或编号 The whole ledger, or an issue's number")],
    as_of: Moment = None,
    known_at: Moment = None,
    against: Moment = None,
    against_known_at: Moment = None,
    first: From = None,
    last: To = None,
    village: Village = None,
    form: Annotated[Format, typer.Option("--format", help="table, csv, json")] = Format.TABLE,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写入文件 Write to this file")] = None,
) -> None:
    """两时点之差 What changed from --as-of / --known-at to --against / --against-known-at (left out: the present)."""
    one = When(moment_of(as_of), moment_of(known_at))
    other = When(moment_of(against), moment_of(against_known_at))
    if what != "issues":
        _of_issue(what, (one, other), (first, last), form)
        return
    if first is not None or last is not None:
        raise typer.BadParameter("版本只用于单件。 Versions are of a single issue.")
    with _writing(output) as file:
        _put(_of_ledger(one, other, village), form, file)


def _of_issue(number: str, moments: tuple[When, When], versions: tuple[int | None, int | None], form: Format) -> None:
    from services.audit.differences import difference as differing
    from services.audit.replay import stream_of

    with reading() as (connection, _):
        stream = stream_of(connection, _issue_id(connection, number))
    cuts = [list(told_by(stream, when))[:version] for when, version in zip(moments, versions, strict=True)]
    with _eyes() as eyes:
        found = differing(cuts[0], cuts[1], eyes)
    if form is not Format.TABLE:
        _say({"number": number, **asdict(found)})
        return
    typer.echo(f"{number}: v{found.versions[0]} → v{found.versions[1]}")
    for change in found.state:
        typer.echo(f"  {change.zh}  |  {change.en}")


def _of_ledger(one: When, other: When, village: str | None) -> Iterator[RowDifference]:
    from services.audit.differences import ledger_difference, touched

    with reading() as (connection, _), _eyes() as eyes:
        found = touched(connection, one, other, village=village, after="", limit=None)
        for done in range(0, len(found), _AT_ONCE):
            if done and sys.stderr.isatty():
                typer.echo(f"{done}/{len(found)}", err=True)
            some = [issue_id for _, issue_id in found[done : done + _AT_ONCE]]
            yield from ledger_difference(connection, some, one, other, eyes)


def _put(rows: Iterator[RowDifference], form: Format, file: Any) -> None:
    """csv has a line for each field."""
    if form is Format.JSON:
        json.dump([asdict(row) for row in rows], file, ensure_ascii=False, indent=1, default=str)
        file.write("\n")
        return
    if form is Format.CSV:
        line = csv_lines(file)
        line(("number", "kind", "field", "before", "after", "zh", "en"))
        for row in rows:
            for it in row.changes:
                cells = (row.number, row.kind, it.field, it.before, it.after, it.zh, it.en)
                line(["" if cell is None else str(cell) for cell in cells])
        return
    count = 0
    for row in rows:
        count += 1
        file.write(f"{row.number}  {' '.join(KIND_WORDS[row.kind])}\n")
        file.writelines(f"    {it.zh}  |  {it.en}\n" for it in row.changes if it.field not in _BESIDES)
    file.write(f"共 {count} 件不同 {count} issues differ\n")


_BESIDES = frozenset({"version", "position", "recorded_at", "changed_at", "number"})


def _tell(step: Step) -> None:
    line = step.line
    for_whom = f"，代 {step.on_behalf_of} on behalf of {step.on_behalf_of}" if step.on_behalf_of else ""
    late = "（补录 recorded late）" if line.late else ""
    typer.echo(f"v{line.version}  {line.zh}  {line.en}")
    times = f"发生 happened {local(line.occurred_at)}  记录 recorded {local(line.recorded_at)}{late}"
    typer.echo(f"    {line.actor_user}（{line.actor_role}{for_whom}）  {times}")
    for rule in step.rules:
        typer.echo(f"    {rule.id} {rule.zh} {rule.en}（{' / '.join(step.commands)}）")
    for it in step.limits:
        by = f"{it.amount} {it.unit}，{it.basis or it.rule}，{it.plan}"
        typer.echo(f"    {it.zh} {it.en}: {by}，至 until {local(it.due_at)}")
    covered = step.checkpoint
    proof = f"检查点 checkpoint {covered.size}" if covered else "尚无检查点覆盖 no checkpoint covers it yet"
    typer.echo(f"    序号 position {'-' if step.position is None else step.position}，{proof}")
    for change in step.changes:
        if change.field != "version":
            typer.echo(f"      {change.zh}  |  {change.en}")


@contextmanager
def _eyes() -> Iterator[Eyes]:
    with open_unsealing(Settings()) as unsealing:
        yield Eyes(unsealing, on_this_machine(Door.CLI))


@contextmanager
def _writing(output: Path | None) -> Iterator[Any]:
    if output is None:
        yield sys.stdout
        return
    try:
        with output.open("w", encoding="utf-8-sig" if output.suffix == ".csv" else "utf-8", newline="") as file:
            yield file
    except OSError:
        raise typer.BadParameter("不能写入该文件。 That file cannot be written.", param_hint="--output") from None
    typer.echo(f"已写入 written: {output}")


def _issue_id(connection: psycopg.Connection, number: str) -> Any:
    from domain.errors import NotFound

    row = connection.execute("select issue_id from issue_number where number = %s", (number,)).fetchone()
    if row is None:
        raise NotFound
    return row[0]


def _say(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))
