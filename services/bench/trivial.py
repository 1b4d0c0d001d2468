"""The least that Temporal can be asked for: a workflow that takes signals and does nothing, for `huiyin bench relay`.

Its rate is the yardstick for the relay: same server, same run, same number of calls at once.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from workflows.tell import AT_ONCE

_QUEUE: Final = "trivial"
_PATIENCE: Final = 120.0  # seconds
_heard = 0  # signals taken by all workflows of this process


@workflow.defn
class TrivialWorkflow:
    """Waits for ever."""

    @workflow.run
    async def run(self) -> None:
        """Nothing ends it but the server's end."""
        await workflow.wait_condition(lambda: False)

    @workflow.signal
    def told(self) -> None:
        """Counts."""
        global _heard  # one process, one event loop: the cheapest count there is
        _heard += 1


async def signalled_per_second(address: str, ids: Sequence[str], rounds: int) -> list[float]:
    """Signal-with-starts a second, sent and taken, in each of so many rounds over workflows that run already."""
    client = await Client.connect(address)
    worker = Worker(client, task_queue=_QUEUE, workflows=[TrivialWorkflow], workflow_runner=UnsandboxedWorkflowRunner())
    async with worker:
        await _round(client, ids)
        return [len(ids) / await _round(client, ids) for _ in range(rounds)]


async def _round(client: Client, ids: Sequence[str]) -> float:
    """Seconds until each workflow was signalled and has taken it."""
    began, goal, remaining = time.perf_counter(), _heard + len(ids), iter(ids)

    async def signal_in_turn() -> None:
        for workflow_id in remaining:
            await client.start_workflow(TrivialWorkflow.run, id=workflow_id, task_queue=_QUEUE, start_signal="told")

    async with asyncio.timeout(_PATIENCE), asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(signal_in_turn())
    async with asyncio.timeout(_PATIENCE):
        while _heard < goal:
            await asyncio.sleep(0.005)
    return time.perf_counter() - began
