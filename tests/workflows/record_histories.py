"""Writes tests/workflows/histories/*.json: real histories of the present workflow, for test_replay.py to replay.

Run `python -m tests.workflows.record_histories` after a change that alters what workflows do, with a new file name for
each new course of events; never record an old file again: it stands for workflows that are still running somewhere.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from domain.errors import Unavailable
from domain.issue import commands as c
from domain.issue.state import Issue
from domain.values import Role
from services.bootstrap import open_casework
from services.embedded import EmbeddedPostgres
from tests.support.casework import Case, case, office
from tests.support.postgres import DatabaseServer
from tests.workflows.process import MONDAY, Process, ProcessClock, office_at_work

HISTORIES: Final = Path(__file__).parent / "histories"
GENERATION: Final = "_steps_in_task"
"""Part of the names of files recorded now. Those without it have an activity for each step."""

Scenario = Callable[[Process], Awaitable[UUID]]


async def left_alone(process: Process) -> UUID:
    """Nobody touches it: reminded, missed, escalated by itself, supervised until the notices are used up."""
    life = case("logged", at=MONDAY)
    await process.live(life)
    await process.until(MONDAY + timedelta(days=120))
    return life.issue_id


async def silent_household(process: Process) -> UUID:
    """Replied at once; the household keeps silent, and then nobody looks back."""
    life = case("feedback", at=MONDAY)
    await process.live(life)
    await process.until(MONDAY + timedelta(days=160))
    return life.issue_id


async def through_the_committee(process: Process) -> UUID:
    """Everybody acts in time, through committee, funds and works, until it is settled."""
    life = case("feedback_after_works", at=MONDAY).do(c.RateAnswer).do(c.CloseIssue)
    life = life.do(c.RecordLookBack, at=life.now + timedelta(days=20))
    await act_in_time(process, life)
    return life.issue_id


async def works_without_reports(process: Process) -> UUID:
    """Two monthly reports are missed, then the issue is told of news that change nothing, and then of an extension."""
    life = case("works", at=MONDAY)
    await act_in_time(process, life)
    await process.until(life.now + timedelta(days=65))
    await process.tell(life.issue_id)
    asked = life.command(c.RequestExtension, at=life.now + timedelta(days=66))
    granted = life.command(c.GrantExtension, at=life.now + timedelta(days=67))
    await process.do(asked, granted)
    await process.until(life.now + timedelta(days=95))
    return life.issue_id


async def the_log_away_once(process: Process) -> UUID:
    """The log is away when the reminder is due, and back at the next attempt."""
    life, casework = case("logged", at=MONDAY), process.casework
    advance = casework.advance

    def away(issue: Issue, command: c.IssueCommand) -> Issue:
        casework.advance = advance  # type: ignore[method-assign]
        raise Unavailable

    casework.advance = away  # type: ignore[method-assign]
    await process.live(life)
    await process.until(MONDAY + timedelta(days=7))
    return life.issue_id


async def paused_and_handed_over(process: Process) -> UUID:
    """A pause that ends by itself; then somebody else has it, so late that the household's date and theirs pass."""
    life = case("paused", at=MONDAY)
    await act_in_time(process, life)
    await process.until(MONDAY + timedelta(days=40))
    clock = life.issue.deadline
    await process.do(life.command(c.AssignIssue, at=(clock.due_at if clock else MONDAY) - timedelta(hours=9)))
    await process.until(MONDAY + timedelta(days=75))
    return life.issue_id


async def act_in_time(process: Process, life: Case) -> None:
    """People do what they did in this case when they did it; what the process does is left to the process."""
    for sent in life.commands:
        await process.until(sent.occurred_at)
        if sent.actor.role is not Role.PROCESS:
            await process.do(sent)


SCENARIOS: Final[Mapping[str, Scenario]] = {
    "left_alone": left_alone,
    "silent_household": silent_household,
    "through_the_committee": through_the_committee,
    "works_without_reports": works_without_reports,
    "the_log_away_once": the_log_away_once,
    "paused_and_handed_over": paused_and_handed_over,
}


def record(name: str, server: DatabaseServer) -> str:
    """Live through a scenario; its history as JSON, without the names of the machine it was recorded on."""
    database, clock = server.migrated_database(), ProcessClock()
    casework = open_casework(database.app_dsn, office(clock))

    async def live() -> str:
        async with office_at_work(casework, clock) as process:
            issue_id = await SCENARIOS[name](process)
            history = await process.handle(issue_id).fetch_history()
            return history.to_json()

    try:
        return re.sub(r'"[^"\s]+@[^"\s]+"', '"recorder"', asyncio.run(live()))
    finally:
        casework.close()
        server.drop(database)


def file_of(name: str) -> Path:
    """Where today's course of a scenario is kept."""
    return HISTORIES / f"{name}{GENERATION}.json"


def main() -> None:
    """Record what is missing."""
    files = {name: file_of(name) for name in SCENARIOS}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # under root PostgreSQL runs as somebody else, who has to pass through
        with EmbeddedPostgres(Path(folder) / "postgres", durable=False) as postgres:
            server = DatabaseServer.of(postgres)
            for name in [name for name, file in files.items() if not file.exists()]:
                files[name].write_text(record(name, server) + "\n", "utf-8")
                sys.stdout.write(f"{files[name].name}\n")


if __name__ == "__main__":
    main()
