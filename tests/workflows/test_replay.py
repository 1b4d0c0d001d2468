"""The gate before a changed workflow ships: every recorded course of events has to replay on the present code."""

import asyncio
import base64
import re
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from tests.support.postgres import DatabaseServer
from tests.workflows.process import KEY
from tests.workflows.record_histories import HISTORIES, SCENARIOS, file_of, record
from workflows.codec import data_converter
from workflows.issue import IssueWorkflow
from workflows.messages import IssueStart, Situation, StepKind, StepRequest

RECORDED = sorted(HISTORIES.glob("*.json"))


def replay(workflow_class: type, history: str, *, sandboxed: bool = True) -> Exception | None:
    """What speaks against running this code on a workflow with this history; None if nothing does."""
    workflow_id = "issue-recorded"

    async def failure() -> Exception | None:
        unsandboxed = {} if sandboxed else {"workflow_runner": UnsandboxedWorkflowRunner()}
        replayer = Replayer(workflows=[workflow_class], data_converter=data_converter(KEY), **unsandboxed)
        recorded = WorkflowHistory.from_json(workflow_id, history)
        return (await replayer.replay_workflow(recorded, raise_on_replay_failure=False)).replay_failure

    return asyncio.run(failure())


@pytest.mark.parametrize("sandboxed", [True, False], ids=["as in tests", "as in production"])
@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_given_a_recorded_history_when_the_present_code_replays_it_then_it_decides_the_same(
    recorded: Path, sandboxed: bool
) -> None:
    assert replay(IssueWorkflow, recorded.read_text("utf-8"), sandboxed=sandboxed) is None


def taken_steps(path: Path) -> str:
    """What names the steps of a history: activities' ids, and the markers of those taken within the workflow task."""
    text = path.read_text("utf-8")
    markers = re.findall(r'"data": "([A-Za-z0-9+/=]+)"', text)
    return text + "".join(base64.b64decode(data).decode("utf-8", "replace") for data in markers)


def test_given_the_recorded_histories_then_every_scenario_and_every_kind_of_step_is_among_them() -> None:
    assert set(RECORDED) >= {file_of(name) for name in SCENARIOS}
    taken = "".join(taken_steps(path) for path in RECORDED)
    assert {kind for kind in StepKind if f'"{kind}/' in taken} == set(StepKind)


@pytest.mark.parametrize("name", ["left_alone", "through_the_committee"])
def test_given_a_scenario_when_lived_through_today_then_its_history_replays_too(
    database_server: DatabaseServer, name: str
) -> None:
    assert replay(IssueWorkflow, record(name, database_server)) is None


@workflow.defn(name="IssueWorkflow", sandboxed=False)
class Hasty(IssueWorkflow):
    """A change as it must not ship: one more wait before each step, without `workflow.patched`."""

    @workflow.init
    def __init__(self, start: IssueStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: IssueStart) -> Situation:
        return await super().run(start)

    async def _take(self, step: StepRequest) -> Situation:
        await workflow.sleep(timedelta(seconds=1))
        return await super()._take(step)


@workflow.defn(name="IssueWorkflow", sandboxed=False)
class Renaming(IssueWorkflow):
    """Another one: steps under other names."""

    @workflow.init
    def __init__(self, start: IssueStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: IssueStart) -> Situation:
        return await super().run(start)

    async def _take(self, step: StepRequest) -> Situation:
        return await super()._take(step.model_copy(update={"key": f"step-{step.key}"}))


@pytest.mark.parametrize("changed", [Hasty, Renaming])
@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_given_an_incompatible_change_when_replayed_then_the_gate_closes(recorded: Path, changed: type) -> None:
    failure = replay(changed, recorded.read_text("utf-8"))

    assert failure is not None
    assert "Nondeterminism" in type(failure).__name__
