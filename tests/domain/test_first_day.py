"""Nothing is owed for a time before the plan was in force here: an office begins without missed duties (0030)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.commands import Command
from domain.context import Context
from domain.duty import commands as duty
from domain.duty.errors import DutyNotAsked
from domain.fund.calendar import FundDates
from domain.meeting import commands as meeting
from domain.meeting.errors import NotAskedByPlan
from domain.meeting.words import MeetingKind
from domain.spot_check.commands import AnnounceSpotCheck
from domain.spot_check.errors import MonthNotOpen
from domain.submission.commands import OpenSubmissions
from domain.submission.errors import SubmissionsNotAsked
from domain.values import THE_PROCESS
from tests.support.casework import TOWNSHIP
from tests.support.duties import APRIL, MARCH, Township, of_process
from tests.support.meetings import CUT_OFF, PERIOD, Town
from tests.support.memory_log import refusal
from tests.support.spot_checks import DRAW, a_township
from tests.support.spot_checks import ask as ask_of_check

TENTH = MARCH.starts_at + timedelta(days=9)
"""On that day of March the office began."""
SECOND = timedelta(seconds=1)


class NewTown(Town):
    """A township that keeps its books here since a moment."""

    began: datetime = TENTH

    def _context(self, asked: Command) -> Context:
        return replace(super()._context(asked), began=self.began)


@pytest.mark.parametrize(
    ("kind", "refused"), [(duty.OpenDutyPeriod, DutyNotAsked), (OpenSubmissions, SubmissionsNotAsked)]
)
def test_given_an_office_that_began_amid_march_then_a_period_is_owed_from_april_on(
    kind: type[duty.DutyCommand], refused: type[Exception]
) -> None:
    log = Township("cx")
    log.began = TENTH
    assert refusal(log, of_process(kind, MARCH, TENTH, "QS")) is refused
    assert log.do(of_process(kind, APRIL, APRIL.starts_at, "QS"))
    log.began = MARCH.starts_at
    assert log.do(of_process(kind, MARCH, TENTH, "QS"))


def test_given_an_office_that_began_amid_march_then_its_committee_meets_at_the_cut_off_of_march() -> None:
    town = NewTown()
    asked = {"township": TOWNSHIP, "kind": MeetingKind.COMMITTEE, "period": PERIOD, "cut_off": CUT_OFF, "at": CUT_OFF}
    assert town.do(meeting.DrawAgenda, by=THE_PROCESS, **asked)
    late = NewTown()
    late.began = CUT_OFF + SECOND
    with pytest.raises(NotAskedByPlan):
        late.do(meeting.DrawAgenda, by=THE_PROCESS, **asked)


def test_given_an_office_that_began_after_the_day_of_the_draw_then_nothing_is_drawn_for_that_month() -> None:
    log = a_township()
    log.began = DRAW + SECOND
    assert refusal(log, ask_of_check(AnnounceSpotCheck)) is MonthNotOpen
    log.began = DRAW
    assert log.do(ask_of_check(AnnounceSpotCheck))


def test_given_a_month_of_funds_then_what_lies_before_the_first_day_is_left_out() -> None:
    dates = FundDates(round_at=TENTH, close_at=TENTH + SECOND)
    assert dates.since(None) == dates.since(TENTH) == dates
    assert dates.since(TENTH + SECOND) == FundDates(close_at=TENTH + SECOND)
    assert FundDates().since(TENTH) == FundDates()
