"""What crosses to Temporal and back about a meeting: whose turn, which step, and the moments that follow. Ids only."""

from enum import StrEnum

from domain.meeting.words import Phase
from domain.values import Moment
from workflows.messages import Message
from workflows.schedules import Turn


class MeetingStep(StrEnum):
    """What the process does for a meeting."""

    LOOK = "look"  # 查看
    DRAW = "draw"  # 拟定议程, with everything on it tabled
    REMIND = "remind"  # 提醒主持人
    UNHELD = "unheld"  # 未按期召开
    FOLLOW = "follow"  # 到期事项: whatever of the above, and of its minutes, is due


class MeetingRequest(Message):
    """One step of a turn."""

    turn: Turn
    step: MeetingStep


class MeetingSituation(Message):
    """How the meeting stands. `cut_off` None: the plan asks for no such meeting in this period.

    `next_at`: when something is due next, as far as it is known; `ended`: nothing will be.
    """

    cut_off: Moment | None = None
    remind_at: Moment | None = None
    meet_by: Moment | None = None
    phase: Phase | None = None  # None: no agenda yet
    next_at: Moment | None = None
    ended: bool = False
