"""What does Temporal remember of an issue's workflow? Its histories, read into what was told, waited for and done.

Payloads are opened by our own codec; they hold ids, stages and times only (workflows/messages.py). Called by
`huiyin audit workflow`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode

from workflows.messages import IssueStart, Situation
from workflows.names import step_command_id, workflow_id

_MOST_RUNS: Final = 200
_LOCAL: Final = "core_local_activity"


class What(StrEnum):
    """What a line of a history says."""

    STARTED = "started"
    TOLD = "told"
    STEP = "step"
    STEP_FAILED = "step-failed"
    WAIT = "wait"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that the workflow was told or did. `situation`: what it was told, or a step answered."""

    at: datetime
    what: What
    situation: Situation | None = None
    step: str | None = None
    command_id: UUID | None = None
    until: datetime | None = None


async def histories_of(client: Client, issue_id: UUID) -> list[WorkflowHistory]:
    """The workflow's runs that are still kept, the earliest first; empty if none is. Raises RPCError when away."""
    found: list[WorkflowHistory] = []
    run_id: str | None = None
    while len(found) < _MOST_RUNS:
        try:
            history = await client.get_workflow_handle(workflow_id(issue_id), run_id=run_id).fetch_history()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                break
            raise
        found.insert(0, history)
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id or None
        if run_id is None:
            break
    return found


async def happened_in(histories: Sequence[WorkflowHistory], converter: DataConverter, issue_id: UUID) -> list[Happened]:
    """Everything in order. Raises workflows.codec.WrongCodecKey."""
    found: list[Happened] = []
    for history in histories:
        steps: dict[int, str] = {}
        for event in history.events:
            found += await _read(event, converter, issue_id, steps)
    return found


async def _read(event: HistoryEvent, converter: DataConverter, issue_id: UUID, steps: dict[int, str]) -> list[Happened]:
    at = event.event_time.ToDatetime(tzinfo=UTC)
    match event.event_type:
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
            given = event.workflow_execution_started_event_attributes.input.payloads
            (start,) = await converter.decode(given, [IssueStart])
            return [Happened(at, What.STARTED, start.situation)]
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
            given = event.workflow_execution_signaled_event_attributes.input.payloads
            (situation,) = await converter.decode(given, [Situation])
            return [Happened(at, What.TOLD, situation)]
        case EventType.EVENT_TYPE_TIMER_STARTED:
            wait = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
            return [Happened(at, What.WAIT, until=at + wait)]
        case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
            return [Happened(at, What.ENDED)]
    found = _step_of(event, at, issue_id, steps)
    if found is None:
        return []
    step, answer = found
    if not answer:
        return [step]
    (situation,) = await converter.decode(answer, [Situation])
    return [replace(step, situation=situation)]


def _step_of(
    event: HistoryEvent, at: datetime, issue_id: UUID, steps: dict[int, str]
) -> tuple[Happened, Sequence[Payload]] | None:
    """Of a step, within the workflow task (a marker) or as an activity of its own; with what it answered."""
    match event.event_type:
        case EventType.EVENT_TYPE_MARKER_RECORDED:
            marker = event.marker_recorded_event_attributes
            if marker.marker_name != _LOCAL:
                return None
            told: dict[str, Any] = json.loads(marker.details["data"].payloads[0].data)
            failed = marker.HasField("failure")
            answer = marker.details["result"].payloads if "result" in marker.details else ()
            return _step(at, str(told["activity_id"]), issue_id, failed=failed), answer
        case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            steps[event.event_id] = event.activity_task_scheduled_event_attributes.activity_id
        case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
            completed = event.activity_task_completed_event_attributes
            return _step(at, steps[completed.scheduled_event_id], issue_id), completed.result.payloads
        case EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED:
            scheduled = event.activity_task_failed_event_attributes.scheduled_event_id
            return _step(at, steps[scheduled], issue_id, failed=True), ()
    return None


def _step(at: datetime, key: str, issue_id: UUID, *, failed: bool = False) -> Happened:
    what = What.STEP_FAILED if failed else What.STEP
    return Happened(at, what, step=key, command_id=step_command_id(issue_id, key))
