"""What crosses to Temporal and back about duties: whose turn, which step, and the moments that follow. Ids only."""

from enum import StrEnum

from domain.values import Moment
from workflows.messages import Message
from workflows.schedules import Turn


class DutyStep(StrEnum):
    """What the process does for the duties of a place in a period."""

    OPEN = "open"  # 开始统计
    REMIND = "remind"  # 提醒缺口
    CLOSE = "close"  # 截账


class DutyRequest(Message):
    """One step of a turn."""

    turn: Turn
    step: DutyStep


class DutySituation(Message):
    """How the period stands. `closes_at` None: the plan asks for no such duties there."""

    remind_at: Moment | None = None
    closes_at: Moment | None = None
    reminded: bool = False
    closed: bool = False
