"""Workflows against the log, on a real Temporal: each stands where the log says, and nothing else runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain.issue.words import Stage
from services.audit import verify_workflows
from services.audit.verify_workflows import Stands, compare
from services.embedded import EmbeddedTemporal
from workflows.issue import IssueWorkflow
from workflows.messages import Situation
from workflows.tell import tell

QUEUE = "audit"
IDS = {name: uuid5(UUID(int=0), name) for name in ("one", "other", "third")}
HANDLING = Stands(3, "handling")


@asynccontextmanager
async def running(address: str, *names: str) -> AsyncIterator[Client]:
    """Workflows of these issues, at version 3 of their handling, with nothing to wait for; and a worker to answer."""
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    worker = Worker(client, task_queue=QUEUE, workflows=[IssueWorkflow], workflow_runner=UnsandboxedWorkflowRunner())
    async with worker:
        for name in names:
            situation = Situation(issue_id=IDS[name], version=3, stage=Stage.HANDLING, clock_version=3)
            await tell(client, QUEUE, situation)
        yield client


@pytest.mark.slow
def test_given_workflows_elsewhere_missing_or_left_then_each_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_workflows, "_AGAIN", (0.0,))

    async def found(client: Client, **by_log: Stands) -> set[tuple[str, UUID | None, str]]:
        expected = {IDS[name]: at for name, at in by_log.items()}
        faults = await compare(client, expected, expected.get)
        return {(it.kind, it.where.stream, it.detail) for it in faults.found("workflows", 0).faults}

    async def all_of_it(address: str) -> None:
        async with running(address, "one", "other") as client:
            assert await found(client, one=HANDLING, other=HANDLING) == set()
            assert await found(client, one=HANDLING, other=Stands(4, "reply"), third=HANDLING) == {
                ("workflow-differs", IDS["other"], "reply v4 / handling v3"),
                ("workflow-missing", IDS["third"], "handling v3 / -"),
            }
            assert await found(client, one=HANDLING) == {("workflow-left", IDS["other"], "- / handling v3")}
            moved = await compare(client, {IDS["one"]: Stands(2, "logged")}, {IDS["one"]: HANDLING}.get)
            assert {it.where.stream for it in moved.found("workflows", 0).faults} == {IDS["other"]}

    with EmbeddedTemporal(tmp_path / "temporal") as server:
        asyncio.run(all_of_it(server.address))
