"""What a spot check finds amiss, puts right and looks at again (D6, CX11, PC7)."""

from datetime import date

import pytest
from pydantic import ValidationError

from domain import errors as general
from domain.events import encode
from domain.organisation.commands import AppointOfficer, EndAppointment
from domain.privacy import is_sealed
from domain.spot_check import commands as c
from domain.spot_check import errors as refused
from domain.spot_check import events as e
from domain.spot_check.words import Standing
from domain.values import Actor, Role
from tests.support.memory_log import refusal
from tests.support.organisation import ask as ask_organisation
from tests.support.spot_checks import (
    CHECK,
    DAY,
    DUE,
    ISSUES,
    LATER,
    MEMBER,
    TOWNSHIP_LEAD,
    a_draw,
    a_township,
    ask,
    check_of,
    drawn_of,
    found,
    handed_in,
    logged,
    ordered,
    reported,
    station,
)

pytestmark = pytest.mark.proves("D6", "CX11")


def test_given_a_finding_in_an_issue_then_its_words_are_sealed_under_the_households_key() -> None:
    log = a_draw()
    item = drawn_of(log).items[0]
    log = reported(ordered(found(log, item=item)))
    log.do(ask(c.RecheckRectification))
    words = [
        getattr(it, name)
        for it in log.history(CHECK)
        for name in ("problem", "requirement", "measures", "opinion")
        if hasattr(it, name)
    ]
    assert len(words) == 4
    assert all(is_sealed(each) for each in words)
    stored = b"".join(encode(it) for it in log.history(CHECK))
    assert "凭据".encode() not in stored


def test_given_a_finding_about_the_station_at_large_then_it_names_no_household() -> None:
    log = found(a_draw())
    finding = check_of(log).findings[1]
    assert (finding.item, finding.household) == (None, None)
    assert not is_sealed(finding.problem)


def test_given_an_issue_that_was_not_drawn_or_another_station_then_nothing_is_found_there() -> None:
    log = a_draw()
    other = next(it.number for it in ISSUES if it.number not in drawn_of(log).items)
    assert refusal(log, ask(c.RecordFinding, **station(log), item=other)) is refused.NotOfThisCheck
    elsewhere = {"YL1": "YL2", "YL2": "YL1"}[station(log)["station"]]
    assert refusal(log, ask(c.RecordFinding, station=elsewhere)) is refused.NotOfThisCheck


def test_given_somebody_who_handled_the_issue_then_they_do_not_judge_it() -> None:
    log = a_draw()
    item = drawn_of(log).items[0]
    handled = Actor(user="handler", role=Role.AUDITOR)  # who logged it, now an auditor
    log.do(ask_organisation(EndAppointment, officer="handler", place="QS"))
    assert refusal(log, ask(c.RecordFinding, **station(log), item=item, by=handled)) is general.SamePerson
    assert log.do(ask(c.RecordFinding, **station(log), by=handled))


def test_given_an_inspected_village_then_a_complaint_about_an_official_is_none_of_its_issues() -> None:
    about = logged("BC-2026-0300", concerns="lead")
    log = a_township(about)
    inspection = ask(c.RecordInspection, stations=("YL2",), by=MEMBER)
    log.do(inspection)
    asked = {"check_id": inspection.stream_id, "station": "YL2", "by": MEMBER}
    assert refusal(log, ask(c.RecordFinding, item=about.number, **asked)) is refused.NotOfThisCheck
    assert refusal(log, ask(c.RecordFinding, item="BC-2026-0999", **asked)) is refused.NotOfThisCheck
    assert log.do(ask(c.RecordFinding, item="BC-2026-0001", **asked))


def test_given_a_rectification_when_sent_back_then_it_is_due_again_and_re_checked_again() -> None:
    log = reported(ordered(found(a_draw())))
    again = ask(c.RecheckRectification, accepted=False, due_on=date(2026, 3, 30), opinion="仍缺两份。")
    log.do(again)
    rectification = check_of(log).findings[1].rectification
    assert rectification is not None
    assert (rectification.standing, rectification.rounds, rectification.due_at.day) == (Standing.ORDERED, 2, 30)
    assert refusal(handed_in(log), ask(c.CloseSpotCheck)) is refused.RectificationOpen
    reported(log)
    log.do(ask(c.RecheckRectification, key="second", opinion="已补齐。"))
    assert not check_of(log).open_findings
    log.do(ask(c.CloseSpotCheck))


def test_given_whoever_reported_it_then_they_do_not_re_check_it() -> None:
    log = ordered(found(a_draw()))
    log.do(ask_organisation(AppointOfficer, officer="member2", role=Role.STATION_LEAD, place="YL"))
    log.do(ask(c.ReportRectification, by=Actor(user="member2", role=Role.STATION_LEAD)))
    assert refusal(log, ask(c.RecheckRectification, by=MEMBER)) is general.SamePerson
    deputy = Actor(user="secretary", role=Role.COMMITTEE_MEMBER, on_behalf_of="member2")
    assert refusal(log, ask(c.RecheckRectification, by=deputy)) is general.SamePerson


def test_given_the_wrong_moment_then_a_rectification_goes_no_further() -> None:
    log = found(a_draw())
    stands = refused.RectificationStands
    assert refusal(log, ask(c.ReportRectification)) is stands
    assert refusal(log, ask(c.RecheckRectification)) is stands
    assert refusal(log, ask(c.RecordMissedRectification, at=LATER)) is stands
    assert refusal(log, ask(c.OrderRectification, finding=2)) is refused.NoSuchFinding
    assert refusal(log, ask(c.OrderRectification, unit="WS")) is refused.NotOfThisCheck
    assert refusal(log, ask(c.OrderRectification, due_on=date(2026, 3, 4))) is general.PromiseInThePast
    ordered(log)
    assert refusal(log, ask(c.OrderRectification, key="again")) is stands
    assert (
        refusal(log, ask(c.ReportRectification, by=Actor(user="ws-lead", role=Role.STATION_LEAD))) is refused.NotChecked
    )


def test_given_a_day_that_passed_then_it_is_recorded_once_and_the_report_is_late() -> None:
    log = ordered(found(a_draw()))
    assert refusal(log, ask(c.RecordMissedRectification, at=DUE - DAY)) is general.NotDueYet
    log.do(ask(c.RecordMissedRectification, at=DUE))
    assert refusal(log, ask(c.RecordMissedRectification, at=LATER)) is general.AlreadySaid
    (late,) = log.do(ask(c.ReportRectification, at=LATER, by=TOWNSHIP_LEAD))
    assert isinstance(late, e.RectificationReported)
    assert late.late


def test_given_a_recheck_then_it_says_until_when_or_accepts() -> None:
    for fields in ({"accepted": True, "due_on": date(2026, 3, 30)}, {"accepted": False}):
        with pytest.raises(ValidationError, match="Say until when"):
            ask(c.RecheckRectification, **fields)
