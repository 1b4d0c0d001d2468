"""Writes tests/workflows/histories/*.json: real histories of the present workflows, for test_replay.py to replay.

Run `python -m tests.workflows.record_histories` after a change that alters what workflows do, with a new scenario for
each new course of events; never record an old file again: it stands for workflows that are still running somewhere.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.embedded import EmbeddedPostgres
from tests.support.postgres import DatabaseServer
from tests.workflows.process import ProcessClock, counting_by_its_log, office_at_work
from tests.workflows.scenarios_by_calendar import BY_CALENDAR
from tests.workflows.scenarios_of_issues import OF_AN_ISSUE, UNDER, Scenario

HISTORIES: Final = Path(__file__).parent / "histories"
SCENARIOS: Final[Mapping[str, Scenario]] = {**OF_AN_ISSUE, **BY_CALENDAR}


def record(name: str, server: DatabaseServer) -> str:
    """Live through a scenario; its history as JSON, without the names of the machine it was recorded on."""
    database, clock = server.migrated_database(), ProcessClock()
    casework = counting_by_its_log(database, clock, UNDER.get(name, "cx"))

    async def live() -> str:
        async with office_at_work(casework, clock) as process:
            recorded = await SCENARIOS[name](process)
            history = await process.environment.client.get_workflow_handle(recorded).fetch_history()
            return history.to_json()

    try:
        return re.sub(r'"[^"\s]+@[^"\s]+"', '"recorder"', asyncio.run(live()))
    finally:
        casework.close()
        server.drop(database)


def file_of(name: str) -> Path:
    """Where a scenario's history is kept."""
    return HISTORIES / f"{name}.json"


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
