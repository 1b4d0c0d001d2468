"""Did an issue's workflow hear of all that happened, and did it what the log says that it did? Both beside each other.

Pure: the log's events and what `workflow_history.py` read, in the order of time, with every difference marked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from domain.issue.events import DeadlineRedated, SubmissionTabled
from domain.values import Role
from projections.one_stream import Stored
from services.audit.replay import states
from services.audit.workflow_history import Happened, What
from workflows.messages import Situation, situation_of


class Mark(StrEnum):
    """How log and workflow differ."""

    NEVER_TOLD = "event-never-told"
    NO_EVENT = "step-without-event"
    NO_STEP = "event-without-step"
    OTHER_DATES = "waits-for-other-dates"
    NOT_IN_LOG = "told-of-no-event"


MARKS: Final[dict[Mark, tuple[str, str]]] = {
    Mark.NEVER_TOLD: (
        "流程未获知此事，仍按以前的情况等待；可运行 huiyin rebuild workflows",
        "the workflow was never told and waits as before; `huiyin rebuild workflows` tells it",
    ),
    Mark.NO_EVENT: (
        "流程已执行此步，日志中没有相应事项：可能已有人先办",
        "the workflow took this step, and no event came of it: somebody may have acted first",
    ),
    Mark.NO_STEP: (
        "日志称由流程所为，流程历史中没有此步",
        "the log says that the process did it, and its history holds no such step",
    ),
    Mark.OTHER_DATES: ("流程等待的时间与日志不一致", "the workflow waits for other dates than the log holds"),
    Mark.NOT_IN_LOG: ("流程获知的版本日志中没有", "the workflow was told of a version that the log does not hold"),
}
DIFFERENCES: Final = frozenset(Mark) - {Mark.NO_EVENT}
"""Those that are faults by themselves; a step that came too late for anything is none."""
_BY_SHARED_WORKFLOWS: Final = (SubmissionTabled, DeadlineRedated)
"""The committee's workflow tables, and that of a holiday table re-dates, for many issues at once."""
_NOT_COMPARED: Final = {"version", "wake_spread_seconds", "table_grace_seconds", "clock_version"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of either side. `of_log`: an event, else of the workflow; `zh`, `en`: in words."""

    at: datetime
    of_log: bool
    zh: str
    en: str
    version: int | None = None
    mark: Mark | None = None


def laid_beside(stream: Sequence[Stored], happened: Sequence[Happened], *, is_whole: bool) -> list[Line]:
    """All lines in the order of time. `is_whole`: no run of the workflow is gone: what is missing was never there.

    Raises RecordDamaged.
    """
    situations = {after.version: situation_of(after, 0) for _, after in states(stream)}
    told = [it for it in happened if it.situation is not None]
    steps = {it.command_id for it in happened if it.what is What.STEP}
    lines = [*_of_log(stream, situations, told, steps, is_whole), *_of_workflow(stream, situations, happened)]
    return sorted(lines, key=lambda line: (line.at, not line.of_log))


def _of_log(
    stream: Sequence[Stored],
    situations: dict[int, Situation],
    told: Sequence[Happened],
    steps: set[Any],
    is_whole: bool,
) -> Iterator[Line]:
    newest = max((it.situation.version for it in told if it.situation), default=0)
    human = {it.event.command_id for it in stream if it.event.actor.role is not Role.PROCESS}
    for it in stream:
        version, mark = it.event.originator_version, None
        by_process = it.event.actor.role is Role.PROCESS and it.event.command_id not in human
        if told and version > newest and _waits(situations[version]) != _waits(situations.get(newest)):
            mark = Mark.NEVER_TOLD
        elif told and is_whole and by_process and it.event.command_id not in steps:
            mark = None if isinstance(it.event, _BY_SHARED_WORKFLOWS) else Mark.NO_STEP
        topic = f"v{version} {it.event.TOPIC}"
        yield Line(it.recorded_at, True, f"日志 {topic}", f"log {topic}", version, mark)


def _of_workflow(
    stream: Sequence[Stored], situations: dict[int, Situation], happened: Sequence[Happened]
) -> Iterator[Line]:
    commands = {it.event.command_id for it in stream}
    for it in happened:
        match it.what:
            case What.STARTED | What.TOLD if it.situation is not None:
                version, stage = it.situation.version, it.situation.stage
                mark = _mark_of_told(it.situation, situations.get(version))
                zh = f"流程 {'启动' if it.what is What.STARTED else '获知'} v{version} {stage}"
                yield Line(it.at, False, zh, f"workflow {it.what.value} v{version} {stage}", version, mark)
            case What.STEP:
                missing = Mark.NO_EVENT if it.command_id not in commands else None
                said = it.situation
                answered = _mark_of_told(said, situations.get(said.version)) if said else None
                yield Line(it.at, False, f"流程 执行 {it.step}", f"workflow step {it.step}", None, missing or answered)
            case What.STEP_FAILED:
                yield Line(it.at, False, f"流程 一次未成 {it.step}", f"workflow step failed once {it.step}")
            case What.WAIT if it.until is not None:
                until = it.until.isoformat(timespec="seconds")
                yield Line(it.at, False, f"流程 等至 {until}", f"workflow waits until {until}")
            case What.ENDED:
                yield Line(it.at, False, "流程 结束", "workflow ended")


def _mark_of_told(told: Situation, by_log: Situation | None) -> Mark | None:
    if by_log is None:
        return Mark.NOT_IN_LOG
    said = told.model_fields_set  # an older message does not say all that one of today does
    return None if _waits(told, said) == _waits(by_log, said) else Mark.OTHER_DATES


def _waits(situation: Situation | None, said: Collection[str] = Situation.model_fields) -> dict[str, Any]:
    """What a workflow waits for: its stage and dates."""
    return {} if situation is None else situation.model_dump(include={*said} - _NOT_COMPARED)
