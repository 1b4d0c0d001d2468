"""The least that Temporal can be asked for: a workflow that takes a message and does nothing, for `huiyin bench relay`.

Its rate is the yardstick for the relay: same server, same run, same call with the same message, as many at once.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from services.bench.harness import Slice
from services.settings import Settings
from services.temporal_client import connect
from workflows.messages import IssueStart, Situation
from workflows.tell import AT_ONCE

_QUEUE: Final = "trivial"
_PATIENCE: Final = 120.0  # seconds
_heard = 0  # signals taken by all workflows of this process


@workflow.defn
class TrivialWorkflow:
    """Waits for ever."""

    @workflow.run
    async def run(self, start: IssueStart) -> None:
        """Nothing ends it but the server's end."""
        self.situation = start.situation
        await workflow.wait_condition(lambda: False)

    @workflow.signal
    def told(self, situation: Situation) -> None:
        """Keeps what it was told, and counts."""
        self.situation = situation
        global _heard  # one process, one event loop: the cheapest count there is
        _heard += 1


async def signalled(
    settings: Settings, situations: Sequence[Situation], measured: Callable[[], AbstractContextManager[Slice]]
) -> tuple[Slice, Slice]:
    """Tells as many workflows twice, and waits until each has taken it: the clocks of starting them, and of the news.

    The worker runs in this process.
    """
    client = await connect(settings)
    worker = Worker(client, task_queue=_QUEUE, workflows=[TrivialWorkflow], workflow_runner=UnsandboxedWorkflowRunner())
    async with worker:
        with measured() as new:
            await _round(client, situations)
        with measured() as running:
            await _round(client, situations)
    return new, running


async def _round(client: Client, situations: Sequence[Situation]) -> None:
    goal, remaining = _heard + len(situations), iter(situations)

    async def tell_in_turn() -> None:
        for situation in remaining:
            await client.start_workflow(
                TrivialWorkflow.run,
                IssueStart(situation=situation),
                id=f"trivial-{situation.issue_id}",
                task_queue=_QUEUE,
                start_signal="told",
                start_signal_args=[situation],
            )

    async with asyncio.timeout(_PATIENCE):
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(tell_in_turn())
        while _heard < goal:
            await asyncio.sleep(0.005)
