"""What crosses to Temporal and back: where an issue stands, and which step is to be taken. Ids, stages and times only.

Nothing here names a person, a place or a text. A field added later needs a default: histories hold older messages.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.issue.decisions.intake import may_escalate_by_itself
from domain.issue.state import Issue
from domain.issue.words import FINAL_STAGES, Stage
from domain.values import Moment

TABLE_GRACE_SECONDS: Final = 6 * 3600
"""At the cut-off the committee's own workflow tables everything; so much later each issue sees to itself."""


class Message(BaseModel):
    """Frozen. Unknown fields are passed over, so that a worker can read what a newer one wrote."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class StepKind(StrEnum):
    """What the process does by itself. Of two that are due at one moment the upper goes first."""

    REMIND = "remind"  # 催办提醒
    MISSED = "missed"  # 超期, with the first supervision notice
    SILENCE = "silence"  # 评价期满未表态
    TABLE = "table"  # 列入议题
    REPORT = "report"  # 月报缺报
    NOTICE = "notice"  # 督办
    ESCALATE = "escalate"  # 超期自动上报
    PROMISE = "promise"  # 超过向群众承诺的期限
    RESUME = "resume"  # 暂停期满
    REMIND_NOTICE = "remind_notice"  # 提醒告知群众
    MISSED_NOTICE = "missed_notice"  # 逾期未告知群众


class Clock(Message):
    """The time limit that runs now, and what already followed from it."""

    rule: str
    due_at: Moment
    remind_at: Moment | None = None
    escalate_at: Moment | None = None  # None also where the issue cannot move up by itself
    reminded: bool = False
    missed: bool = False
    notices: int = 0
    next_notice_at: Moment | None = None
    missed_at: Moment | None = None  # where that is later than `due_at`: a provisional limit's latest end


class Situation(Message):
    """Where an issue stands: everything its workflow waits for. `version` tells news from old news.

    `table_grace_seconds` is 0 in the messages of before, whose workflows go on as they began.
    """

    issue_id: UUID
    version: int
    stage: Stage
    clock_version: int  # the issue's version when its clock was set; part of every step's key
    clock: Clock | None = None
    table_at: Moment | None = None
    progress_due_at: Moment | None = None
    wake_spread_seconds: int = 0
    table_grace_seconds: int = 0
    promise_due_at: Moment | None = None  # the household's clock, while it runs beside the holder's
    promise_missed_at: Moment | None = None
    resume_at: Moment | None = None  # when a pause ends by itself
    notice_due_at: Moment | None = None  # until when the household is to be told, while it was not
    notice_remind_at: Moment | None = None
    notice_missed_at: Moment | None = None

    @property
    def is_final(self) -> bool:
        """Nothing more is owed; the workflow ends."""
        return self.stage in FINAL_STAGES


class IssueStart(Message):
    """The workflow's input: it takes the process up wherever the issue stands.

    `steps_in_task`: steps are taken within the workflow task; workflows that began before that was possible go on
    as they began until they continue as a new run.
    """

    situation: Situation
    steps_in_task: bool = False


class StepRequest(Message):
    """One step to take. `at` is the planned moment and becomes the event's time, however late the step is taken."""

    issue_id: UUID
    kind: StepKind
    key: str
    at: Moment
    due_at: Moment | None = None  # the limit a reminder, a miss, an escalation or a missed report speaks of
    notice: int | None = None


def situation_of(issue: Issue, wake_spread_seconds: int) -> Situation:
    """What the workflow of `issue` has to know of it."""
    return Situation(
        issue_id=issue.issue_id,
        version=issue.version,
        stage=issue.stage,
        clock_version=issue.deadline_version,
        clock=_clock_of(issue),
        table_at=issue.table_at,
        progress_due_at=issue.progress_due_at,
        wake_spread_seconds=wake_spread_seconds,
        table_grace_seconds=TABLE_GRACE_SECONDS,
        resume_at=issue.pause_ends_at,
        **_promise_of(issue),
        **_notice_of(issue),
    )


def _promise_of(issue: Issue) -> dict[str, datetime]:
    """When the household's clock ends, and counts as missed; nothing where that was said, or none runs."""
    promise = issue.promise
    if promise is None or issue.promise_missed or (issue.paused and not promise.promised):
        return {}
    return {"promise_due_at": promise.due_at, "promise_missed_at": promise.missed_at}


def _notice_of(issue: Issue) -> dict[str, datetime | None]:
    """When the household is to be told; nothing once it was, or once that was missed."""
    notice = issue.notice
    if notice is None or issue.notice_missed:
        return {}
    remind_at = None if issue.notice_reminded else notice.remind_at
    return {"notice_due_at": notice.due_at, "notice_remind_at": remind_at, "notice_missed_at": notice.missed_at}


def _clock_of(issue: Issue) -> Clock | None:
    deadline = issue.deadline
    if deadline is None:
        return None
    return Clock(
        rule=deadline.rule,
        due_at=deadline.due_at,
        remind_at=None if issue.paused else deadline.remind_at,
        escalate_at=deadline.escalate_at if may_escalate_by_itself(issue) else None,
        reminded=issue.reminded,
        missed=issue.missed,
        notices=issue.notices,
        next_notice_at=issue.next_notice_at,
        missed_at=deadline.latest,
    )
