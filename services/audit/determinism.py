"""Would the present code decide as it did? Replays the histories that Temporal keeps; nothing is done by it.

`huiyin audit determinism`. What fails here would stop its workflow at the next upgrade of a worker.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from temporalio.client import Client, WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

_SAID: Final = 300  # characters of what the replayer says: ids and names of steps, nothing personal


@dataclass(frozen=True, slots=True)
class Failing:
    """A workflow whose history the present code does not reproduce."""

    workflow_id: str
    run_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Determinism:
    """How many histories were replayed, how many of those asked for are gone, and which fail."""

    replayed: int
    gone: int
    failing: tuple[Failing, ...]


async def replay_all(
    histories: AsyncIterator[WorkflowHistory | None],
    workflows: Sequence[type],
    converter: DataConverter,
    progress: Callable[[int], None],
) -> Determinism:
    """One history after the other: memory holds one. None stands for one that is gone."""
    replayer = Replayer(workflows=workflows, data_converter=converter, workflow_runner=UnsandboxedWorkflowRunner())
    replayed, gone, failing = 0, 0, []
    async for history in histories:
        if history is None:
            gone += 1
            continue
        found = await replayer.replay_workflow(history, raise_on_replay_failure=False)
        if found.replay_failure is not None:
            why = f"{type(found.replay_failure).__name__}: {found.replay_failure}"[:_SAID]
            failing.append(Failing(history.workflow_id, history.run_id, why))
        replayed += 1
        progress(replayed)
    return Determinism(replayed, gone, tuple(failing))


async def running(client: Client, workflows: Sequence[type], limit: int) -> AsyncIterator[WorkflowHistory | None]:
    """Of the workflows that run, at most so many. Raises RPCError when Temporal is away."""
    names = ", ".join(f"'{kind.__name__}'" for kind in workflows)
    query = f"ExecutionStatus = 'Running' AND WorkflowType IN ({names})"
    async for found in client.list_workflows(query, limit=limit):
        yield await history_of(client, found.id, found.run_id)


async def history_of(client: Client, workflow: str, run_id: str | None = None) -> WorkflowHistory | None:
    """The history of a workflow's run, by default its last; None if it is gone. Raises RPCError."""
    try:
        return await client.get_workflow_handle(workflow, run_id=run_id).fetch_history()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
