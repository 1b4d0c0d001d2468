"""The embedded Temporal keeps its workflows, whatever is killed, and takes nobody else's place."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

from services.embedded import EmbeddedTemporal, MachineProblem
from services.embedded.process import is_running
from tests.support.temporal import time_skipping
from tests.support.waiting import eventually

# A new program in the same process: the lock is gone as after a kill, while nobody tells the server of a
# parent's death.
STARTS_AND_FORGETS = """
import os, sys
from pathlib import Path
from services.embedded import EmbeddedTemporal
server = EmbeddedTemporal(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
os.execv('/bin/sleep', ['sleep', '120'])
"""


@workflow.defn(sandboxed=False)
class LookBack:
    """Waits for the look-back, three weeks after the close."""

    @workflow.run
    async def run(self) -> str:
        await workflow.sleep(timedelta(days=21))
        return "回访"


async def open_a_look_back(address: str) -> None:
    client = await Client.connect(address)
    await client.start_workflow(LookBack.run, id="look-back", task_queue="nobody-yet")


async def look_backs(address: str) -> list[str]:
    client = await Client.connect(address)
    described = await client.get_workflow_handle("look-back").describe()
    return [described.id, described.workflow_type]


def assert_the_look_back_is_there(server: EmbeddedTemporal) -> None:
    assert asyncio.run(look_backs(server.address)) == ["look-back", "LookBack"]


def test_given_a_workflow_when_the_server_is_killed_and_launched_again_then_it_is_there(tmp_path: Path) -> None:
    with EmbeddedTemporal(tmp_path) as server:
        asyncio.run(open_a_look_back(server.address))
        address = server.address
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        eventually(lambda: not server.alive())
        server.start()
        assert server.address == address
        assert_the_look_back_is_there(server)


def test_given_an_orphan_still_serves_when_started_then_it_is_ended_and_its_workflow_is_there(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", STARTS_AND_FORGETS, str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        orphan = int(parent.stdout.readline())
        asyncio.run(open_a_look_back(f"127.0.0.1:{(tmp_path / 'port').read_text().strip()}"))
        with EmbeddedTemporal(tmp_path) as server:
            assert not is_running(orphan)
            assert_the_look_back_is_there(server)
        parent.kill()


def test_given_a_running_server_when_another_starts_on_its_folder_then_it_is_refused(tmp_path: Path) -> None:
    with EmbeddedTemporal(tmp_path) as server:
        with pytest.raises(MachineProblem) as refused:
            EmbeddedTemporal(tmp_path).start()
        assert refused.value.code == "data-in-use"
        assert server.ready()


def test_given_a_fixed_port_is_taken_when_started_then_it_is_refused_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(MachineProblem, match=f"端口 {port} 已被占用") as refused:
            EmbeddedTemporal(tmp_path, port=port).start()
    assert refused.value.code == "port-in-use"


def test_given_the_preferred_port_is_taken_when_started_then_another_is_used_and_kept(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with EmbeddedTemporal(tmp_path, prefer=(taken, None)) as server:
            used = server.port
            assert used != taken
    with EmbeddedTemporal(tmp_path, prefer=(taken, None)) as again:
        assert again.port == used


def test_given_three_weeks_to_wait_when_time_is_skipped_then_the_workflow_ends_at_once() -> None:
    async def close_and_look_back() -> str:
        async with (
            time_skipping() as environment,
            Worker(environment.client, task_queue="q", workflows=[LookBack]),
        ):
            return await environment.client.execute_workflow(LookBack.run, id="l", task_queue="q")

    assert asyncio.run(close_and_look_back()) == "回访"
