"""What a plan asks of meetings: when they sit, who is enough, how they decide. None: this plan asks for none.

A part of the plan file (`[meetings.committee]`, `[meetings.weekly]` ...), read by agenda.py and by workflows/.
"""

from typing import Annotated

from pydantic import Field, StrictBool

from domain.meeting.words import DecisionRule, LateItems, MajorityOf, MeetingKind
from domain.values import Line, Value

_Days = Annotated[int, Field(strict=True, ge=1, le=366)]
_DaysBefore = Annotated[int, Field(strict=True, ge=0, le=366)]


class CommitteeMeetings(Value):
    """党委会: sits within so many natural days after the cut-off; its size and quorum stand in `[committee]`.

    `recused_count`: whether a member who has an interest in an item still counts for its quorum. `remind_before`: the
    chair is reminded so many days before the last day.
    """

    basis: Line
    meet_within_days: _Days
    remind_before: _DaysBefore = 0
    decision_rule: DecisionRule = DecisionRule.MAJORITY
    majority_of: MajorityOf = MajorityOf.PRESENT
    recused_count: StrictBool = False
    late_items: LateItems = LateItems.NEXT


class WeeklyMeeting(Value):
    """周例会: on a day of the week (1 Monday ... 7 Sunday), of each station; held within `grace_days` at the latest."""

    basis: Line
    weekday: Annotated[int, Field(strict=True, ge=1, le=7)]
    quorum: _Days = 2
    grace_days: _DaysBefore = 1


class MonthlyMeeting(Value):
    """月会: on a day of the month (in shorter months the last); held within `grace_days` at the latest.

    `of_villages`: each village has one of its own, otherwise the township has one.
    """

    basis: Line
    day: Annotated[int, Field(strict=True, ge=1, le=31)]
    quorum: _Days = 2
    grace_days: _DaysBefore = 3
    of_villages: StrictBool = False


class Meetings(Value):
    """Every kind that this plan asks for."""

    committee: CommitteeMeetings | None = None
    weekly: WeeklyMeeting | None = None
    monthly: MonthlyMeeting | None = None
    talk_day: MonthlyMeeting | None = None

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
