"""The whole of Huiyin as it really runs: `huiyin up` on a data folder of its own, with real PostgreSQL and Temporal.

tests/e2e and tests/faults drive it over HTTP, kill its parts by pid, and look into its log and its workflows.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import psycopg
from temporalio.client import Client as TemporalClient
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain.events import decode
from domain.issue.evolve import fold
from domain.issue.state import Issue
from services.embedded.process import free_port, is_running
from services.running import Running
from services.settings import Settings
from services.temporal_client import connect
from tests.support.http import Client
from tests.support.people import let_in, settle
from tests.support.waiting import eventually
from workflows.issue import IssueWorkflow
from workflows.messages import Situation, StepKind, situation_of
from workflows.names import workflow_id
from workflows.steps import next_step

HUIYIN = Path(sys.executable).with_name("huiyin")
PARTS = ("PostgreSQL", "Temporal", "api", "seal", "ledgers", "relay", "worker")
T = TypeVar("T")


class System:
    """One installation: start it, use it, kill its parts, stop it."""

    def __init__(self, home: Path, *, wake_spread_seconds: int = 0) -> None:
        self.home = home
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.tokens: dict[str, str] = {}
        self._spread = wake_spread_seconds
        self._process: subprocess.Popen[bytes] | None = None

    # -- its life -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start everything and wait until it serves; the first time also let the office's people in."""
        self._keep_off_the_usual_ports()
        with self.output.open("ab") as output:
            self._process = subprocess.Popen([str(HUIYIN), "up"], env=self.environment, stdout=output, stderr=output)
        eventually(lambda: self.said_ready() or self._process is None or self._process.poll() is not None, within=120)
        assert self._process.poll() is None, self.output.read_text()
        if not self.tokens:
            self._let_people_in()

    def said_ready(self) -> bool:
        """Whether the newest start has told that everything serves."""
        return "Ctrl-C" in self.output.read_text().rpartition("Starting")[2]

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(40)

    @property
    def output(self) -> Path:
        """What it said on the terminal."""
        return self.home.with_suffix(".txt")

    @property
    def environment(self) -> dict[str, str]:
        """What every command of this installation finds in its environment."""
        env = {
            name: value
            for name, value in os.environ.items()
            if name != "HUIYIN_TEMPORAL_ADDRESS" and not name.endswith("DATABASE_URL")
        }
        return env | {
            "HUIYIN_HOME": str(self.home),
            "HUIYIN_PORT": str(self.port),
            "HUIYIN_DEMONSTRATION": "false",
            "HUIYIN_WRITES_PER_MINUTE": "1000000",
            "HUIYIN_READS_PER_MINUTE": "1000000",
            "HUIYIN_WAKE_SPREAD_SECONDS": str(self._spread),
        }

    @property
    def settings(self) -> Settings:
        """Settings as its own processes read them."""
        return Settings(home=self.home, port=self.port, wake_spread_seconds=self._spread, demonstration=False)

    # -- its parts ----------------------------------------------------------------------------------------------

    @property
    def running(self) -> Running:
        """What it wrote down about itself."""
        found = Running.find(self.home)
        assert found is not None, self.output.read_text()
        return found

    def pid(self, part: str) -> int | None:
        """The process id of a part; None while it is being restarted."""
        return self.running.processes[part]

    def kill(self, part: str) -> int | None:
        """SIGKILL; returns whom it hit."""
        pid = self.pid(part)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return pid

    @contextmanager
    def kept_dead(self, part: str) -> Iterator[None]:
        """Inside, the part is dead: the supervisor is held still, so that it does not bring it back."""
        supervisor = self.running.pid
        os.kill(supervisor, signal.SIGSTOP)
        try:
            pid = self.kill(part)
            eventually(lambda: pid is None or not is_running(pid), within=10)
            yield
        finally:
            os.kill(supervisor, signal.SIGCONT)
            eventually(lambda: self.pid(part) not in (None, pid), within=30)

    def whole(self) -> bool:
        """Whether every part runs and the API answers for its database."""
        with suppress(httpx.TransportError), self.client(None) as client:
            return None not in self.running.processes.values() and client.get("/readyz").status == 200
        return False

    # -- its doors ----------------------------------------------------------------------------------------------

    def client(self, user: str | None, timeout: float = 30.0) -> Client:
        """An HTTP client of this account (None: nobody's)."""
        return Client(self.address, self.tokens[user] if user else None, timeout)

    def cli(self, *arguments: str, within: float = 120) -> subprocess.CompletedProcess[str]:
        """One `huiyin` command."""
        return subprocess.run(
            [str(HUIYIN), *arguments], env=self.environment, capture_output=True, text=True, timeout=within
        )

    def rows(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """What a query finds in its database, asked as the tables' owner."""
        url = self.running.owner_database_url
        assert url is not None
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            return connection.execute(query, parameters).fetchall()

    def issues(self, *issue_ids: UUID) -> dict[UUID, Issue]:
        """How these issues (none given: all) stand by the log."""
        query = """
            select topic, originator_id, originator_version, state from ledger_events
            where topic like 'issue.%%' and (%(wanted)s::uuid[] is null or originator_id = any(%(wanted)s))
            order by originator_id, originator_version
        """
        rows = self.rows(query, {"wanted": list(issue_ids) or None})
        streams = groupby((decode(*row) for row in rows), lambda event: event.originator_id)
        folded = ((issue_id, fold(history)) for issue_id, history in streams)
        return {issue_id: issue for issue_id, issue in folded if issue is not None}

    def unsettled(self, *issue_ids: UUID) -> list[UUID]:
        """Those of these issues (none given: all) that their workflow does not know, owes a step, or should leave.

        Of what no workflow waits for it is not told, so versions may differ.
        """
        issues = self.issues(*issue_ids)
        seen = self.situations(list(issues))
        return [issue_id for issue_id, issue in issues.items() if not self._is_settled(issue, seen[issue_id])]

    def _is_settled(self, issue: Issue, seen: Situation | None) -> bool:
        if issue.is_final:
            return seen is None
        known = situation_of(issue, self._spread)
        step = next_step(known, StepKind)
        owes = step is not None and step.at <= datetime.now(UTC)
        return not owes and seen is not None and seen.model_copy(update={"version": known.version}) == known

    def temporal(self, work: Callable[[TemporalClient], Any]) -> Any:
        """Runs `await work(client)` against its Temporal."""

        async def run() -> Any:
            return await work(await connect(self.settings))

        return asyncio.run(run())

    def workflow_status(self, issue_id: UUID) -> WorkflowExecutionStatus | None:
        """Whether the issue's workflow runs; None if there is none."""

        async def describe(client: TemporalClient) -> WorkflowExecutionStatus | None:
            try:
                return (await client.get_workflow_handle(workflow_id(issue_id)).describe()).status
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    return None
                raise

        status: WorkflowExecutionStatus | None = self.temporal(describe)
        return status

    def situations(self, issue_ids: Sequence[UUID]) -> dict[UUID, Situation | None]:
        """How the workflows of these issues see them; None where none runs. AssertionError if one does not answer."""
        gate = asyncio.Semaphore(8)

        async def ask(client: TemporalClient, issue_id: UUID) -> Situation | None:
            handle = client.get_workflow_handle_for(IssueWorkflow.run, workflow_id(issue_id))
            async with gate:
                try:
                    status = (await handle.describe(rpc_timeout=_PATIENCE)).status
                    if status is not WorkflowExecutionStatus.RUNNING:
                        return None
                    return await handle.query(IssueWorkflow.situation, rpc_timeout=_PATIENCE)
                except RPCError as error:
                    if error.status is RPCStatusCode.NOT_FOUND:
                        return None
                    raise AssertionError(f"no answer from the workflow of {issue_id}") from error

        async def ask_all(client: TemporalClient) -> list[Situation | None]:
            return await asyncio.gather(*(ask(client, issue_id) for issue_id in issue_ids))

        return dict(zip(issue_ids, self.temporal(ask_all), strict=True))

    def _keep_off_the_usual_ports(self) -> None:
        """While our Temporal is dead, nobody else's may come to answer in its place."""
        folder = self.home / "temporal"
        folder.mkdir(parents=True, exist_ok=True)
        for file in (folder / "port", folder / "ui-port"):
            if not file.exists():
                file.write_text(f"{free_port()}\n")

    def _let_people_in(self) -> None:
        """The organisation of tests/support/office.py, and an account with a token for everybody in it."""
        settle(self.running.database_url)
        self.tokens |= let_in(self.running.database_url)


_PATIENCE = timedelta(seconds=10)


@contextmanager
def running_system(home: Path, *, wake_spread_seconds: int = 0) -> Iterator[System]:
    """A system that runs inside the `with`."""
    system = System(home, wake_spread_seconds=wake_spread_seconds)
    try:
        system.start()
        yield system
    finally:
        system.stop()
