"""When is a meeting's agenda drawn, when is its chair reminded, until when may it sit? By the plan; pure.

Asked by the workflow that sees to it (workflows/committee.py).
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.meeting.policy import MonthlyMeeting, WeeklyMeeting
from domain.meeting.words import MeetingKind
from domain.organisation.state import Organisation, Place
from domain.organisation.words import PlaceKind
from domain.periods import Cycle, Period
from domain.plan import Plan
from domain.values import LOCAL_ZONE
from domain.workdays import HolidayTable

_DAY: Final = timedelta(days=1)
CYCLES: Final = {
    MeetingKind.COMMITTEE: Cycle.MONTH,
    MeetingKind.WEEKLY: Cycle.WEEK,
    MeetingKind.MONTHLY: Cycle.MONTH,
    MeetingKind.TALK_DAY: Cycle.MONTH,
}
"""How often each kind sits; special meetings are called for."""


@dataclass(frozen=True, slots=True)
class MeetingDates:
    """Agenda at `cut_off`, reminder at `remind_at` (None: none), not held after `meet_by`."""

    cut_off: datetime
    meet_by: datetime
    remind_at: datetime | None = None


def dates_of(kind: MeetingKind, period: Period, plan: Plan, holidays: HolidayTable) -> MeetingDates | None:
    """The dates of the meeting of this period; None where the plan asks for none, or its weekday is a holiday."""
    if plan.meetings is None:
        return None
    if kind is MeetingKind.COMMITTEE:
        return _of_committee(period, plan)
    policy = plan.meetings.of_station(kind)
    if policy is None:
        return None
    day = _day(policy, period)
    if isinstance(policy, WeeklyMeeting) and not holidays.is_working_day(day):
        return None
    morning = datetime.combine(day, time(), LOCAL_ZONE)
    return MeetingDates(morning, morning + (policy.grace_days + 1) * _DAY)


def _of_committee(period: Period, plan: Plan) -> MeetingDates | None:
    policy = plan.meetings.committee if plan.meetings else None
    if policy is None:
        return None
    cut_off = datetime.combine(_in_month(period.first, plan.committee.cut_off_day), time(23, 59, 59), LOCAL_ZONE)
    meet_by = cut_off + policy.meet_within_days * _DAY
    return MeetingDates(cut_off, meet_by, meet_by - policy.remind_before * _DAY if policy.remind_before else None)


def _day(policy: WeeklyMeeting | MonthlyMeeting, period: Period) -> date:
    if isinstance(policy, WeeklyMeeting):
        return period.first + (policy.weekday - 1) * _DAY
    return _in_month(period.first, policy.day)


def _in_month(first: date, day: int) -> date:
    return first.replace(day=min(day, monthrange(first.year, first.month)[1]))


def places_of(kind: MeetingKind, organisation: Organisation, plan: Plan) -> Iterator[Place]:
    """Where such meetings sit: townships; stations, and villages that belong to none; or each village."""
    if plan.meetings is None or getattr(plan.meetings, kind.value) is None:
        return
    policy = plan.meetings.of_station(kind)
    in_villages = isinstance(policy, MonthlyMeeting) and policy.of_villages
    for place in organisation.places.values():
        if place.closed:
            continue
        if kind is MeetingKind.WEEKLY:
            ours = place.kind is PlaceKind.STATION or _is_a_station_of_its_own(place, organisation)
        else:
            ours = place.kind is (PlaceKind.VILLAGE if in_villages else PlaceKind.TOWNSHIP)
        if ours:
            yield place


def _is_a_station_of_its_own(place: Place, organisation: Organisation) -> bool:
    return place.kind is PlaceKind.VILLAGE and organisation.within(place.code, PlaceKind.STATION) is None
