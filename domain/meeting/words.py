"""The closed lists that a meeting speaks in: kinds, sources of items, votes, rules of decision, dispositions."""

from enum import StrEnum
from typing import Final


class MeetingKind(StrEnum):
    """Which meeting it is."""

    COMMITTEE = "committee"  # 党委会, once a month (CX6)
    SPECIAL = "special"  # 临时会议: the committee between two of its days
    WEEKLY = "weekly"  # 周例会 (CX3)
    MONTHLY = "monthly"  # 月汇报会、月调度会 (CX4, SG5, LL9, PC7)
    TALK_DAY = "talk_day"  # 村民说事日分析分办 (LL6)


OF_COMMITTEE: Final = frozenset({MeetingKind.COMMITTEE, MeetingKind.SPECIAL})
"""They decide submissions; the others dispose of open issues."""


class SpecialReason(StrEnum):
    """Why a special meeting is called; a closed list, so that it names nobody."""

    URGENT = "urgent"  # 事项紧急
    DISASTER = "disaster"  # 抢险救灾
    DEADLINE = "deadline"  # 期限将至
    SUPERIOR = "superior"  # 上级要求


class ItemSource(StrEnum):
    """How an item 议题 came onto the agenda."""

    SUBMITTED = "submitted"  # 截止日前审签
    DEFERRED = "deferred"  # 上次缓议
    LEFT_OVER = "left_over"  # 上次未议
    ADDED = "added"  # 会前增列
    OPEN = "open"  # 未办结


class LateItems(StrEnum):
    """What becomes of what is signed after the cut-off."""

    NEXT = "next"  # 列入下次会议
    URGENT_BY_CHAIR = "urgent_by_chair"  # 紧急的可由主持人增列


class AbsenceReason(StrEnum):
    """Why a member is excused; a closed list: illness is nobody's business."""

    DUTY = "duty"  # 公务
    LEAVE = "leave"  # 请假
    TRAINING = "training"  # 学习培训


class DecisionRule(StrEnum):
    """How a committee decides."""

    MAJORITY = "majority"  # 过半数
    TWO_THIRDS = "two_thirds"  # 三分之二
    CHAIR = "chair"  # 讨论后由主持人决定


class MajorityOf(StrEnum):
    """Of whom the majority is counted."""

    PRESENT = "present"  # 到会（扣除回避）
    MEMBERS = "members"  # 全体成员


class FailedBecause(StrEnum):
    """Why a meeting came to nothing."""

    NO_QUORUM = "no_quorum"  # 不足法定人数
    NOT_HELD = "not_held"  # 未按期召开


class Disposition(StrEnum):
    """What a station's or a township's meeting makes of an open issue (CX3, CX4, LL6)."""

    VILLAGE = "village"  # 本村自行解决
    DEPARTMENT = "department"  # 转归口部门
    COMMITTEE = "committee"  # 提请党委会
    GOES_ON = "goes_on"  # 继续办理


class Ending(StrEnum):
    """What became of an item, as the minutes say it."""

    DECIDED = "decided"  # 已决定
    DISPOSED = "disposed"  # 已分办
    CARRIED_OVER = "carried_over"  # 列入下次会议
    LAPSED = "lapsed"  # 会前已撤回或已另行办理


class Phase(StrEnum):
    """How far a meeting is."""

    DRAWN = "drawn"  # 议程已定
    OPEN = "open"  # 开会
    CLOSED = "closed"  # 散会
    FAILED = "failed"  # 流会
