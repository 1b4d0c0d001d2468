"""What a plan asks of meetings: when they sit, who is enough, how they decide. None: this plan asks for none.

A part of the plan file (`[meetings.committee]`, `[meetings.weekly]` ...), read by agenda.py and by workflows/.
"""

from typing import Annotated, Final, Self

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from domain.meeting.words import DecisionRule, LateItems, MajorityOf, MeetingKind
from domain.values import Line, Value

_Days = Annotated[int, Field(strict=True, ge=1, le=366)]
_DaysBefore = Annotated[int, Field(strict=True, ge=0, le=366)]
_BASIS: Final = "依据（要求的条目，如 CX6） the row of the requirements that asks for it"
_QUORUM: Final = "至少到会人数 how many must have signed in"
_GRACE: Final = "最多推迟多少自然日 natural days by which it may be held later"


class CommitteeMeetings(Value):
    """党委会会议 How the committee meets and decides; its size and quorum stand in `committee`."""

    basis: Line = Field(description=_BASIS)
    meet_within_days: _Days = Field(description="截止日后多少自然日内开会 natural days after the cut-off to meet in")
    remind_before: _DaysBefore = Field(
        0, description="最后期限前多少自然日提醒主持人 natural days before the last one to remind the chair"
    )
    decision_rule: DecisionRule = Field(
        DecisionRule.MAJORITY, description="表决规则 majority, two thirds, or the chair after discussion"
    )
    majority_of: MajorityOf = Field(
        MajorityOf.PRESENT, description="按到会还是全体成员计 of those who vote, or of all members"
    )
    recused_count: StrictBool = Field(
        False, description="回避的成员是否计入法定人数 whether those with an interest count for the quorum"
    )
    late_items: LateItems = Field(
        LateItems.NEXT, description="截止日后的件：列入下次，或紧急的由主持人增列 the next agenda, or urgent ones added"
    )


class WeeklyMeeting(Value):
    """周例会 Each station's meeting on a day of the week."""

    basis: Line = Field(description=_BASIS)
    weekday: Annotated[int, Field(strict=True, ge=1, le=7)] = Field(
        description="星期几（1 为星期一） 1 Monday ... 7 Sunday"
    )
    quorum: _Days = Field(2, description=_QUORUM)
    grace_days: _DaysBefore = Field(1, description=_GRACE)


class MonthlyMeeting(Value):
    """月会 A meeting on a day of the month."""

    basis: Line = Field(description=_BASIS)
    day: Annotated[int, Field(strict=True, ge=1, le=31)] = Field(
        description="每月几日（当月不足的为最后一日） day of the month (in shorter months the last)"
    )
    quorum: _Days = Field(2, description=_QUORUM)
    grace_days: _DaysBefore = Field(3, description=_GRACE)
    of_villages: StrictBool = Field(False, description="各村分别召开 each village has its own")


class Minutes(Value):
    """会议纪要 Somebody who was there and did not close the meeting confirms its minutes, in time."""

    basis: Line = Field(description=_BASIS)
    confirm_within_days: _Days = Field(
        description="散会后多少自然日内确认（含当日末） natural days after the closing, until that day's end"
    )
    remind_before: _DaysBefore = Field(
        0, description="期限前多少自然日提醒，0 为不提醒 natural days before its end to remind; 0: not at all"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.remind_before >= self.confirm_within_days:
            raise PydanticCustomError("reminder_before_closing", "the reminder would come before the closing")
        return self


class Meetings(Value):
    """会议 The meetings that this plan asks for; left out: none of that kind."""

    committee: CommitteeMeetings | None = Field(None, description="党委会 the committee, once a month")
    weekly: WeeklyMeeting | None = Field(None, description="驻点周例会 a station's, once a week")
    monthly: MonthlyMeeting | None = Field(None, description="月汇报会、月调度会 the township's, once a month")
    talk_day: MonthlyMeeting | None = Field(None, description="村民说事日分析分办 after the villagers' talk day")
    minutes: Minutes | None = Field(
        None, description="会议纪要确认 until when minutes are confirmed; left out: no limit"
    )

    def of_station(self, kind: MeetingKind) -> WeeklyMeeting | MonthlyMeeting | None:
        """The rules of a meeting that disposes of open issues."""
        found: WeeklyMeeting | MonthlyMeeting | None = getattr(self, kind.value, None)
        return found


class MeetingRules(Value):
    """The rules of one meeting, frozen with its agenda: a plan adopted meanwhile changes nothing for it."""

    plan: str
    basis: str
    members: int
    quorum: int
    decision_rule: DecisionRule
    majority_of: MajorityOf
    recused_count: bool
    late_items: LateItems
