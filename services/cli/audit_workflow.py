"""`huiyin audit workflow NUMBER` and `huiyin audit determinism`: what Temporal remembers, held against log and code."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from domain.errors import NotFound
from services.cli.records import AsJson, Number, local, reading
from services.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import WorkflowHistory

    from services.audit.determinism import Determinism
    from services.audit.workflow_beside import Line


def workflow(number: Number, as_json: AsJson = False) -> None:
    """流程与日志对照 The workflow's history beside the log, differences marked; exit 1 if there is one."""
    from services.audit.replay import stream_of
    from services.audit.workflow_beside import DIFFERENCES, laid_beside

    issue_id = _issue_id(number)
    with reading() as (connection, _):
        stream = stream_of(connection, issue_id)
    happened, is_whole, note = asyncio.run(_remembered(issue_id))
    lines = laid_beside(stream, happened, is_whole=is_whole)
    differing = [line for line in lines if line.mark in DIFFERENCES]
    if as_json:
        shown = [asdict(line) for line in lines]
        typer.echo(
            json.dumps({"number": number, "note": note, "lines": shown}, ensure_ascii=False, indent=1, default=str)
        )
    else:
        _tell(lines, note, len(differing))
    if differing:
        raise typer.Exit(1)


_GONE = (
    "Temporal 已无此件的流程历史（已过保留期或从未启动），仅列日志。 Temporal keeps no history of it; the log alone."
)
_AWAY = "Temporal 无法连接，仅列日志。 Temporal cannot be reached; the log alone."
_PART = "较早的流程历史已过保留期。 Earlier runs of the workflow are no longer kept."


async def _remembered(issue_id: UUID) -> tuple[list[Any], bool, str | None]:
    """What the workflow was told and did, whether all of it is there, and what is to be said of that."""
    from temporalio.service import RPCError

    from services.audit.workflow_history import happened_in, histories_of
    from services.temporal_client import connect

    try:
        client = await connect(Settings())
        histories = await histories_of(client, issue_id)
    except (RPCError, RuntimeError):
        return [], False, _AWAY
    if not histories:
        return [], False, _GONE
    began = histories[0].events[0].workflow_execution_started_event_attributes
    is_whole = not began.continued_execution_run_id
    return await happened_in(histories, client.data_converter, issue_id), is_whole, None if is_whole else _PART


def _tell(lines: "list[Line]", note: str | None, differing: int) -> None:
    from services.audit.workflow_beside import MARKS

    if note:
        typer.echo(note)
    for line in lines:
        side = "" if line.of_log else "        "
        typer.echo(f"{local(line.at)}  {side}{line.zh}  {line.en}")
        if line.mark:
            typer.echo(f"      ! {' '.join(MARKS[line.mark])}")
    typer.echo(f"不一致 {differing} 处 differences: {differing}")


def determinism(
    numbers: Annotated[list[str] | None, typer.Argument(help="编号，可多个 Numbers of issues")] = None,
    everything: Annotated[bool, typer.Option("--all", help="所有在运行的流程 All workflows that run")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="--all 至多 At most so many of them")] = 10_000,
    as_json: AsJson = False,
) -> None:
    """重演流程历史 Replay what Temporal keeps against the present code; exit 1 if a workflow would fail."""
    if bool(numbers) == everything:
        raise typer.BadParameter("请给出编号，或用 --all。 Give numbers, or --all.")
    found = asyncio.run(_replayed([_issue_id(number) for number in numbers or ()], limit))
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        for failing in found.failing:
            typer.echo(f"不能重演 fails: {failing.workflow_id} {failing.run_id}  {failing.why}")
        typer.echo(f"重演 replayed {found.replayed}，已不存 gone {found.gone}，不能重演 failing {len(found.failing)}")
    if found.failing:
        raise typer.Exit(1)


class TemporalAway(NotFound):
    code = "temporal-away"
    zh = "Temporal 无法连接，不能重演。请确认其在运行后再试。"
    en = "Temporal cannot be reached, so nothing can be replayed. See that it runs, then try again."


async def _replayed(issue_ids: list[UUID], limit: int) -> "Determinism":
    from temporalio.service import RPCError

    from services.audit.determinism import history_of, replay_all, running
    from services.temporal_client import connect
    from services.worker import WORKFLOWS
    from workflows.names import workflow_id

    async def of_issues() -> "AsyncIterator[WorkflowHistory | None]":
        for issue_id in issue_ids:
            yield await history_of(client, workflow_id(issue_id))

    try:
        client = await connect(Settings())
        histories = of_issues() if issue_ids else running(client, WORKFLOWS, limit)
        return await replay_all(histories, WORKFLOWS, client.data_converter, _progress)
    except (RPCError, RuntimeError):
        raise TemporalAway from None


def _progress(done: int) -> None:
    if done % 100 == 0 and sys.stderr.isatty():
        typer.echo(f"{done} …", err=True)


def _issue_id(number: str) -> UUID:
    with reading() as (connection, _):
        row = connection.execute("select issue_id from issue_number where number = %s", (number,)).fetchone()
    if row is None:
        raise NotFound
    found: UUID = row[0]
    return found
