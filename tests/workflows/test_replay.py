"""The gate before a changed workflow ships: every recorded course of events has to replay on the present code."""

import asyncio
import base64
import json
import re
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from services.worker import WORKFLOWS
from tests.support.postgres import DatabaseServer
from tests.workflows.incompatible import CHANGED
from tests.workflows.process import KEY
from tests.workflows.record_histories import HISTORIES, SCENARIOS, file_of, record
from tests.workflows.scenarios_by_calendar import BY_CALENDAR
from workflows.codec import data_converter
from workflows.messages import StepKind

RECORDED = sorted(HISTORIES.glob("*.json"))
PRESENT = {present.__name__: present for present in WORKFLOWS}


def workflow_name(recorded: Path) -> str:
    """Whose history a file holds."""
    began = json.loads(recorded.read_text("utf-8"))["events"][0]["workflowExecutionStartedEventAttributes"]
    return str(began["workflowType"]["name"])


def replay(workflow_class: type, history: str, *, sandboxed: bool = True) -> Exception | None:
    """What speaks against running this code on a workflow with this history; None if nothing does."""
    workflow_id = "recorded"

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
    present = PRESENT[workflow_name(recorded)]
    assert replay(present, recorded.read_text("utf-8"), sandboxed=sandboxed) is None


def test_given_the_workers_workflows_then_each_has_a_recorded_history_and_a_change_that_it_catches() -> None:
    assert {workflow_name(recorded) for recorded in RECORDED} == PRESENT.keys()
    assert CHANGED.keys() == PRESENT.keys()


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_given_a_recorded_history_then_nothing_in_it_tells_where_it_was_recorded(recorded: Path) -> None:
    text = recorded.read_text("utf-8")
    assert set(re.findall(r'"identity": "([^"]*)"', text)) == {"recorder"}
    assert not re.findall(r'"[^"]*(?:@|/home/|/root/|/tmp/|\.py)[^"]*"', re.sub(r'"data": "[^"]*"', "", text))


def taken_steps(path: Path) -> str:
    """What names the steps of a history: activities' ids, and the markers of those taken within the workflow task."""
    text = path.read_text("utf-8")
    markers = re.findall(r'"data": "([A-Za-z0-9+/=]+)"', text)
    return text + "".join(base64.b64decode(data).decode("utf-8", "replace") for data in markers)


def test_given_the_recorded_histories_then_every_scenario_and_every_kind_of_step_is_among_them() -> None:
    assert set(RECORDED) >= {file_of(name) for name in SCENARIOS}
    taken = "".join(taken_steps(path) for path in RECORDED)
    assert {kind for kind in StepKind if f'"{kind}/' in taken} == set(StepKind)


@pytest.mark.parametrize("name", ["left_alone_steps_in_task", "through_the_committee_steps_in_task", *BY_CALENDAR])
def test_given_a_scenario_when_lived_through_today_then_its_history_replays_too(
    database_server: DatabaseServer, name: str
) -> None:
    assert replay(PRESENT[workflow_name(file_of(name))], record(name, database_server)) is None


def changes() -> list[tuple[Path, type]]:
    """Every recorded history with every incompatible change of its workflow."""
    return [(recorded, changed) for recorded in RECORDED for changed in CHANGED[workflow_name(recorded)]]


@pytest.mark.parametrize(
    ("recorded", "changed"), changes(), ids=[f"{path.stem}-{changed.__name__}" for path, changed in changes()]
)
def test_given_an_incompatible_change_when_replayed_then_the_gate_closes(recorded: Path, changed: type) -> None:
    failure = replay(changed, recorded.read_text("utf-8"))

    assert failure is not None
    assert "Nondeterminism" in type(failure).__name__
