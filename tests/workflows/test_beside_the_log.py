"""A workflow's history beside the log's events, and histories replayed by the present code, of a case really lived."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

import pytest
from temporalio.client import WorkflowHistory

from domain.issue.events import IssueReopened
from projections.one_stream import Stored
from services.audit.determinism import Determinism, replay_all
from services.audit.workflow_beside import Line, Mark, laid_beside
from services.audit.workflow_history import Happened, What, happened_in, histories_of
from services.worker import WORKFLOWS
from tests.support.postgres import DatabaseServer
from tests.workflows.incompatible import CHANGED
from tests.workflows.process import KEY, ProcessClock, counting_by_its_log, office_at_work
from tests.workflows.record_histories import SCENARIOS, file_of
from workflows.codec import data_converter
from workflows.issue import IssueWorkflow
from workflows.names import step_command_id

CONVERTER = data_converter(KEY)


class Lived(NamedTuple):
    """Both sides."""

    stream: list[Stored]
    happened: list[Happened]


@pytest.fixture(scope="module")
def lived(database_server: DatabaseServer) -> Iterator[Lived]:
    """Left alone: reminded, missed, escalated, supervised by the process alone."""
    database, clock = database_server.migrated_database(), ProcessClock()
    casework = counting_by_its_log(database, clock)

    async def live() -> Lived:
        async with office_at_work(casework, clock) as process:
            found = await SCENARIOS["left_alone_steps_in_task"](process)
            issue_id = UUID(found.removeprefix("issue-"))
            histories = await histories_of(process.environment.client, issue_id)
            events = list(casework.history(issue_id))
            stream = [Stored(nth, it.occurred_at, it, issue_id) for nth, it in enumerate(events)]
            return Lived(stream, await happened_in(histories, CONVERTER, issue_id))

    yield asyncio.run(live())
    casework.close()
    database_server.drop(database)


def marks(lines: Sequence[Line]) -> list[Mark]:
    return [line.mark for line in lines if line.mark]


def test_given_a_case_that_the_process_lived_then_log_and_workflow_say_the_same(lived: Lived) -> None:
    lines = laid_beside(lived.stream, lived.happened, is_whole=True)
    assert marks(lines) == []
    assert {line.of_log for line in lines} == {True, False}
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert {it.what for it in lived.happened} >= {What.STARTED, What.TOLD, What.STEP, What.WAIT}
    issue_id = lived.stream[0].event.originator_id
    steps = [it for it in lived.happened if it.what is What.STEP]
    assert all(it.command_id == step_command_id(issue_id, it.step or "") for it in steps)


def test_given_a_step_that_the_history_does_not_hold_then_the_event_is_marked(lived: Lived) -> None:
    step = next(it for it in lived.happened if it.what is What.STEP)
    fewer = [replace(it, what=What.TOLD) if it is step else it for it in lived.happened]
    found = laid_beside(lived.stream, fewer, is_whole=True)
    assert set(marks(found)) == {Mark.NO_STEP}
    assert marks(laid_beside(lived.stream, fewer, is_whole=False)) == [], "an earlier run may hold it"


def test_given_an_event_that_is_gone_from_the_log_then_its_step_is_marked(lived: Lived) -> None:
    found = laid_beside(lived.stream[:-1], lived.happened, is_whole=True)
    assert Mark.NO_EVENT in marks(found)


def test_given_a_workflow_that_was_never_told_then_what_it_missed_is_marked(lived: Lived) -> None:
    deaf = [it for it in lived.happened if it.situation is None or it.situation.version == 1]
    found = laid_beside(lived.stream, deaf, is_whole=True)
    assert Mark.NEVER_TOLD in marks(found)
    assert next(line for line in found if line.mark is Mark.NEVER_TOLD).of_log


def test_given_other_dates_or_a_version_of_no_event_then_what_was_told_is_marked(lived: Lived) -> None:
    told = next(it for it in lived.happened if it.situation and it.situation.clock)
    assert told.situation is not None
    other = told.situation.model_copy(update={"table_at": told.at, "stage": told.situation.stage})
    found = laid_beside(lived.stream, [replace(told, situation=other)], is_whole=False)
    assert Mark.OTHER_DATES in marks(found)
    invented = told.situation.model_copy(update={"version": 99})
    assert Mark.NOT_IN_LOG in marks(laid_beside(lived.stream, [replace(told, situation=invented)], is_whole=False))


def test_given_no_history_then_the_log_stands_alone_without_marks(lived: Lived) -> None:
    lines = laid_beside(lived.stream, [], is_whole=False)
    assert len(lines) == len(lived.stream)
    assert marks(lines) == []
    assert not any(isinstance(it.event, IssueReopened) for it in lived.stream)


def replayed(workflows: Sequence[type], *histories: WorkflowHistory | None) -> Determinism:
    async def given() -> AsyncIterator[WorkflowHistory | None]:
        for history in histories:
            yield history

    return asyncio.run(replay_all(given(), workflows, CONVERTER, lambda _: None))


def test_given_stored_histories_when_replayed_then_what_would_fail_is_named_and_what_is_gone_counted() -> None:
    text = json.loads(file_of("left_alone_steps_in_task").read_text("utf-8"))
    history = WorkflowHistory.from_json("issue-recorded", text)
    assert replayed(WORKFLOWS, history, None) == Determinism(1, 1, ())
    changed = next(iter(CHANGED[IssueWorkflow.__name__]))
    found = replayed([changed], history)
    assert (found.replayed, [it.workflow_id for it in found.failing]) == (1, ["issue-recorded"])
    assert "ondeterminism" in found.failing[0].why
