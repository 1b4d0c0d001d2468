"""Does every open issue have its workflow, where the log says that it stands, and nothing else one?

Workflows hear of events a moment later, so whatever differs is looked at again before it is called a fault.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from domain.issue.state import Issue
from services.audit.verify_faults import Faults, Where
from workflows.issue import IssueWorkflow
from workflows.names import workflow_id

_AT_ONCE: Final = 16
_AGAIN: Final = (2.0, 5.0)  # seconds to wait before a second and a third look
_RUNNING: Final = "WorkflowType = 'IssueWorkflow' AND ExecutionStatus = 'Running'"


class Stands(NamedTuple):
    """Where an issue stands, by the log or by its workflow."""

    version: int
    stage: str


_SILENT: Final = Stands(0, "?")
"""It runs, and cannot say where it stands."""
Look = Callable[[UUID], Stands | None]
"""Where an issue stands by the log now."""


def stands(issue: Issue | None) -> Stands | None:
    """None where nothing waits: ended, or never logged."""
    return None if issue is None or issue.is_final else Stands(issue.version, issue.stage.value)


async def compare(client: Client, expected: Mapping[UUID, Stands], look: Look) -> Faults:
    """Every open issue and every workflow that runs. Raises RPCError where Temporal does not answer."""
    running = {it.id async for it in client.list_workflows(_RUNNING)}
    left = {UUID(it.removeprefix("issue-")) for it in running} - expected.keys()
    suspects = await _differing(client, {**dict.fromkeys(left), **expected})
    for pause in _AGAIN:
        if not suspects:
            break
        await asyncio.sleep(pause)
        suspects = await _differing(client, {issue_id: look(issue_id) for issue_id in suspects})
    faults = Faults()
    for issue_id, (by_log, by_workflow) in suspects.items():
        kind = "workflow-left" if by_log is None else "workflow-missing" if by_workflow is None else "workflow-differs"
        detail = f"{_shown(by_log)} / {_shown(by_workflow)}"
        faults.add(kind, Where(stream=issue_id, version=by_log.version if by_log else None), detail)
    return faults


Both = tuple[Stands | None, Stands | None]


async def _differing(client: Client, expected: Mapping[UUID, Stands | None]) -> dict[UUID, Both]:
    """Those that stand elsewhere than expected, with both."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def ask(issue_id: UUID) -> tuple[UUID, Stands | None]:
        async with gate:
            return issue_id, await _of_workflow(client, issue_id)

    found = await asyncio.gather(*map(ask, expected))
    return {it: (expected[it], by_workflow) for it, by_workflow in found if by_workflow != expected[it]}


async def _of_workflow(client: Client, issue_id: UUID) -> Stands | None:
    """Where the workflow stands; None if none runs."""
    handle = client.get_workflow_handle_for(IssueWorkflow.run, workflow_id(issue_id))
    try:
        if (await handle.describe()).close_time is not None:
            return None
        situation = await handle.query(IssueWorkflow.situation)
    except WorkflowQueryFailedError:
        return _SILENT
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    return Stands(situation.version, situation.stage.value)


def _shown(stands: Stands | None) -> str:
    return f"{stands.stage} v{stands.version}" if stands else "-"


def open_ones(issues: Iterable[Issue]) -> dict[UUID, Stands]:
    """Those for which something waits."""
    return {issue.issue_id: found for issue in issues if (found := stands(issue)) is not None}
