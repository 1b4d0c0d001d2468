"""What is compared: which question was answered, how by the log, how under the other plan."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.counting import local_time


class Question(StrEnum):
    """What a plan decides about a case; the wording of each stands in services/audit/what_if_words.py."""

    LIMIT = "limit"  # 期限: until when, and was it kept
    REMINDER = "reminder"  # 提醒
    SUPERVISION = "supervision"  # 督办: how many notices
    ESCALATION = "escalation"  # 超期自动上报
    SILENCE = "silence"  # 群众未评价视为答复完毕
    EXTENSION = "extension"  # 延期
    PAUSE = "pause"  # 暂停
    REOPENING = "reopening"  # 不满意重新办理
    REVIEW = "review"  # 申请复查、复核的时间
    TABLING = "tabling"  # 列入哪次会议
    OBJECTION = "objection"  # 异议
    PROGRESS = "progress"  # 进度缺报
    RECTIFICATION = "rectification"  # 整改方案
    CLOSING = "closing"  # 销号前须送达各联
    FINAL_FILING = "final_filing"  # 终结备案
    PAYMENT = "payment"  # 拨付进度
    QUORUM = "quorum"  # 法定人数
    VOTE = "vote"  # 表决
    RANKING = "ranking"  # 经费排序


class Judged(StrEnum):
    """How it was answered."""

    KEPT = "kept"  # 按期
    MISSED = "missed"  # 超期
    OPEN = "open"  # 仍在期限内
    PASSED_ON = "passed_on"  # 转出、改派
    UNTOLD = "untold"  # 事实未能说明: the process, not a person, ended it before the other limit
    NOT_ASKED = "not_asked"  # 方案未要求
    YES = "yes"  # 是: allowed, done, quorate, carried, funded
    NO = "no"  # 否


@dataclass(frozen=True, slots=True)
class Side:
    """One answer, by which plan (`cx@1`, None: by none) and which of its rules (amount, unit, basis).

    `count`: of notices, reports or members; `amount`: yuan.
    """

    judged: Judged
    plan: str | None = None
    terms: str = ""
    due_at: datetime | None = None
    count: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """One verdict that differs. `rule`: of which clock or meeting; `at`: when it began, or was decided.

    `unit`, `person`: who answered for the case then; empty until an issue's own history has been looked at.
    """

    question: Question
    rule: str
    at: datetime
    recorded: Side
    other: Side
    unit: str = ""
    person: str = ""

    @property
    def days(self) -> int | None:
        """By how many days the limit lies later; negative: earlier. None where there are not two."""
        if self.recorded.due_at is None or self.other.due_at is None:
            return None
        return (local_time(self.other.due_at).date() - local_time(self.recorded.due_at).date()).days


@dataclass(frozen=True, slots=True)
class IssueChanges:
    """What differs in one issue, in the order in which it happened; `changes` is empty if nothing does."""

    issue_id: UUID
    number: str
    village: str
    events: int
    changes: tuple[Changed, ...]


def differs(changed: Changed) -> bool:
    """Whether the two answers are not the same; under which plan and rule they were given does not count."""
    one, other = changed.recorded, changed.other
    return (one.judged, one.due_at, one.count, one.amount) != (other.judged, other.due_at, other.count, other.amount)
