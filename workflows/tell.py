"""Telling an issue's workflow how the issue stands: starts it where it is missing. Called by the relay and by rebuilds.

Safe to repeat: the workflow goes by the version, so that the same or older news change nothing.
"""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from workflows.issue import IssueWorkflow
from workflows.messages import IssueStart, Situation
from workflows.names import workflow_id

AT_ONCE: Final = 8
"""More at once only queue up in the server."""

_PATIENCE = timedelta(seconds=10)


async def tell(client: Client, task_queue: str, situation: Situation) -> None:
    """One call: signal with start; for an issue that ended, a signal to the workflow if it still runs.

    Raises RPCError when Temporal cannot take it.
    """
    if situation.is_final:
        await _tell_if_running(client, situation)
        return
    await client.start_workflow(
        IssueWorkflow.run,
        IssueStart(situation=situation, steps_in_task=True),
        id=workflow_id(situation.issue_id),
        task_queue=task_queue,
        start_signal="told",
        start_signal_args=[situation],
        rpc_timeout=_PATIENCE,
    )


async def tell_all(client: Client, task_queue: str, situations: Iterable[Situation]) -> int:
    """Tells of each, `AT_ONCE` at a time, drawing the next only when it is its turn; how many were told.

    Raises the first failure, its own or that of `situations`; the rest is given up, and nobody knows which were told.
    """
    remaining = iter(situations)

    async def tell_in_turn() -> int:
        told = 0
        for situation in remaining:
            await tell(client, task_queue, situation)
            told += 1
        return told

    try:
        async with asyncio.TaskGroup() as group:
            turns = [group.create_task(tell_in_turn()) for _ in range(AT_ONCE)]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return sum(turn.result() for turn in turns)


async def _tell_if_running(client: Client, situation: Situation) -> None:
    handle = client.get_workflow_handle_for(IssueWorkflow.run, workflow_id(situation.issue_id))
    try:
        await handle.signal(IssueWorkflow.told, situation, rpc_timeout=_PATIENCE)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
