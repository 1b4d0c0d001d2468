"""What is handed in by when: who owes what under each plan, in time, late or missed; what is missed stays so."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import errors
from domain.events import DomainEvent
from domain.organisation.commands import LinkOfficer
from domain.organisation.words import Rank
from domain.periods import Cycle, Period
from domain.plan import load_plan, plan_keys
from domain.submission import commands as c
from domain.submission import errors as refused
from domain.submission import events as e
from domain.submission.decide import DECISIONS
from domain.submission.state import Standing
from tests.support.duties import MARCH, QUARTER, YEAR
from tests.support.handing_in import DAY, DUE, FORM, HALF, PAPER, PHOTOS, Office, hand_in, of, of_process  # fmt: skip
from tests.support.memory_log import refusal
from tests.support.organisation import ask as ask_organisation
from tests.support.settling import SINCE


@pytest.fixture
def office() -> Office:
    """Under cx, with March listed for Qingshi."""
    log = Office("cx")
    log.open(MARCH)
    return log


def test_every_command_has_its_decision() -> None:
    assert set(DECISIONS) == set(c.SUBMISSION_COMMANDS)


# -- who owes what --------------------------------------------------------------------------------------------------


@pytest.mark.proves("CX2", "CX5", "CX9", "CX12")
def test_given_cx_then_photos_are_due_by_the_3rd_and_signed_forms_by_the_30th() -> None:
    log = Office("cx")
    opened = log.open(MARCH)
    assert {(it.submission, it.owner, it.due_at) for it in opened.owed} == {
        ("board_photos", "QS", MARCH.starts_at + 3 * DAY),
        ("committee_form", "QS", MARCH.starts_at + 30 * DAY),
        ("priority_register", "QS", MARCH.starts_at + 30 * DAY),
    }
    assert {it.submission for it in opened.owed if it.signed} == {"committee_form", "priority_register"}
    february = Period(date(2026, 2, 1), Cycle.MONTH)
    assert ("committee_form", "QS", february.ends_at) in log.owed(february)  # in shorter months the last day
    assert opened.plan == "cx@1"


@pytest.mark.proves("LL7", "LL8")
def test_given_ll_then_diaries_and_ledgers_each_quarter_and_summaries_each_half_year_and_year() -> None:
    log = Office("ll", **{"zhang.wei": Rank.GENERAL, "li.na": Rank.COUNTY})
    log.do(ask_organisation(LinkOfficer, officer="zhang.wei", village="QS", household=None, at=SINCE))
    log.do(ask_organisation(LinkOfficer, officer="li.na", village="QS", household=None, at=SINCE))
    due = QUARTER.ends_at + 10 * DAY
    assert log.owed(QUARTER) == {("diary", "zhang.wei", due), ("site_ledger", "QS", due)}
    assert log.owed(HALF) == {("half_year_summary", "QS", HALF.ends_at + 10 * DAY)}
    assert log.owed(YEAR) == {("yearly_summary", "QS", YEAR.ends_at + 15 * DAY)}


@pytest.mark.proves("MZ4", "MZ9")
def test_given_mz_then_four_books_each_month_and_summaries_of_officers_and_unit_at_the_end() -> None:
    log = Office("mz")
    assert log.owed(MARCH) == {("four_books", "QS", MARCH.ends_at + 5 * DAY)}
    assert {owner for key, owner, _ in log.owed(YEAR) if key == "officer_summary"} == {"handler", "lead"}
    assert log.owed(YEAR, "T1") == {("unit_report", "T1", YEAR.ends_at)}


@pytest.mark.proves("PC6", "SG4")
def test_given_pc_and_sg_then_visit_forms_and_opinion_forms_are_owed_each_month() -> None:
    assert Office("pc").owed(MARCH) == {("visit_forms", "QS", MARCH.ends_at)}
    assert Office("sg").owed(MARCH) == {("opinion_forms", "QS", MARCH.ends_at + 5 * DAY)}


@pytest.mark.parametrize(("key", "place", "period"), [("xf", "QS", MARCH), ("cx", "QS", YEAR), ("cx", "T1", MARCH)])
def test_given_nothing_asked_for_then_nothing_is_listed(key: str, place: str, period: Period) -> None:
    asked = of_process(c.OpenSubmissions, period.starts_at, period, place)
    assert refusal(Office(key), asked) is refused.SubmissionsNotAsked


def test_given_a_period_that_was_listed_or_has_not_begun_then_it_is_not_listed(office: Office) -> None:
    assert refusal(office, of_process(c.OpenSubmissions, MARCH.starts_at)) is refused.SubmissionsListed
    early = of_process(c.OpenSubmissions, MARCH.starts_at - DAY)
    assert refusal(Office("cx"), early) is errors.NotDueYet


@given(st.sampled_from(plan_keys()), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_given_any_plan_and_period_then_reminders_lie_within_and_before_due_times(key: str, day: date) -> None:
    for asked in load_plan(key).submissions.values():
        period = Period.containing(day, asked.per)
        remind_at, due_at = asked.remind_at(period), asked.due_at(period)
        assert period.starts_at < due_at
        assert remind_at is None or period.starts_at <= remind_at < due_at


# -- handing in -----------------------------------------------------------------------------------------------------


@pytest.mark.proves("CX12")
def test_given_photos_in_time_then_they_are_in_once_and_never_missed(office: Office) -> None:
    (event,) = office.do(hand_in(PHOTOS, DUE[PHOTOS] - timedelta(seconds=1)))
    assert isinstance(event, e.SubmissionHandedIn)
    assert (event.late, event.complete, event.paper) == (False, True, PAPER)
    assert refusal(office, hand_in(PHOTOS, DUE[PHOTOS])) is refused.HandedInAlready
    assert refusal(office, of_process(c.RecordMissedSubmissions, DUE[PHOTOS])) is refused.NothingMissing


@pytest.mark.proves("CX15")
def test_given_a_form_that_needs_a_signature_then_it_is_in_once_another_person_signed_it(office: Office) -> None:
    at = DUE[FORM] - DAY
    (brought,) = office.do(hand_in(FORM, at, by="lead", paper=None))
    assert isinstance(brought, e.SubmissionHandedIn)
    assert not brought.complete
    assert refusal(office, of(c.SignHandIn, FORM, at, by="lead")) is errors.SamePerson
    assert refusal(office, of(c.SignHandIn, FORM, at, by="lead2")) is refused.NotYours
    assert office.standing(FORM) == (Standing.TO_SIGN, False)
    (signed,) = office.do(of(c.SignHandIn, FORM, at, by="committee"), now=at)
    assert isinstance(signed, e.HandInSigned)
    assert not signed.late
    assert refusal(office, of(c.SignHandIn, FORM, at, by="committee")) is refused.NothingToSign


@pytest.mark.proves("CX15")
def test_given_a_form_that_nobody_signed_in_time_then_it_is_missed_and_the_signature_late(office: Office) -> None:
    office.do(hand_in(FORM, DUE[FORM] - DAY, paper=None))
    assert set(office.missing(DUE[FORM])) == {PHOTOS, FORM, ("priority_register", "QS")}
    (signed,) = office.do(of(c.SignHandIn, FORM, DUE[FORM] + DAY, by="lead"))
    assert isinstance(signed, e.HandInSigned)
    assert signed.late
    assert office.standing(FORM) == (Standing.IN, True)


def test_given_no_paper_then_only_a_ledger_kept_here_is_handed_in(office: Office) -> None:
    assert refusal(office, hand_in(PHOTOS, MARCH.starts_at, paper=None)) is refused.PaperNeeded
    assert office.do(hand_in(FORM, MARCH.starts_at, paper=None))


def test_given_people_who_do_not_serve_there_then_they_hand_in_nothing(office: Office) -> None:
    assert refusal(office, hand_in(PHOTOS, MARCH.starts_at, by="handler2")) is refused.NotYours
    assert refusal(office, hand_in(PHOTOS, MARCH.starts_at, by="auditor")) is errors.RoleNotAllowed
    assert refusal(office, hand_in(("board_photos", "LX"), MARCH.starts_at)) is refused.NotOwed
    assert refusal(Office("cx"), hand_in(PHOTOS, MARCH.starts_at)) is refused.SubmissionsNotOpen


def test_given_an_officers_own_summary_then_nobody_else_hands_it_in() -> None:
    log = Office("mz")
    log.open(YEAR)
    fields = {"cycle": Cycle.YEAR, "first": YEAR.first}
    which = ("officer_summary", "handler")
    assert refusal(log, hand_in(which, MARCH.starts_at, by="lead", **fields)) is refused.NotYours
    assert log.do(hand_in(which, MARCH.starts_at, **fields))


@pytest.mark.parametrize("name", ["../三月.pdf", "a/b.pdf", "", "x" * 121])
def test_given_a_path_or_nothing_then_it_names_no_paper(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        c.Paper(name=name, digest="ab" * 32)


# -- late and missed ------------------------------------------------------------------------------------------------


@pytest.mark.proves("CX12")
def test_given_nothing_by_the_due_time_then_all_of_the_place_is_missed_at_once_and_only_once(office: Office) -> None:
    early = of_process(c.RecordMissedSubmissions, DUE[PHOTOS])
    assert refusal(office, early, now=DUE[PHOTOS] - timedelta(seconds=1)) is errors.NotDueYet
    assert office.missing(DUE[PHOTOS]) == [PHOTOS]
    assert office.missing(DUE[FORM]) == [FORM, ("priority_register", "QS")]
    assert refusal(office, of_process(c.RecordMissedSubmissions, DUE[FORM] + DAY)) is refused.NothingMissing


def test_given_photos_that_come_late_then_they_are_recorded_late_and_stay_missed(office: Office) -> None:
    office.missing(DUE[PHOTOS])
    (event,) = office.do(hand_in(PHOTOS, DUE[PHOTOS] + DAY))
    assert isinstance(event, e.SubmissionHandedIn)
    assert event.late
    assert office.standing(PHOTOS) == (Standing.IN, True)


@pytest.mark.parametrize("told_first", [True, False], ids=["process on time", "process away"])
def test_given_a_late_paper_then_it_is_the_same_whether_the_process_was_there_or_not(
    office: Office, told_first: bool
) -> None:
    if told_first:
        office.missing(DUE[PHOTOS])
    office.do(hand_in(PHOTOS, DUE[PHOTOS] + DAY))
    assert [(type(it), it.occurred_at) for it in _after_opening(office)] == [
        (e.SubmissionMissed, DUE[PHOTOS]), (e.SubmissionHandedIn, DUE[PHOTOS] + DAY)
    ]  # fmt: skip


def test_given_an_entry_dated_back_then_what_counts_is_when_it_was_entered(office: Office) -> None:
    *_, event = office.do(hand_in(PHOTOS, DUE[PHOTOS] - DAY), now=DUE[PHOTOS])
    assert isinstance(event, e.SubmissionHandedIn)
    assert event.late


@pytest.mark.proves("CX12")
def test_given_days_before_the_due_time_then_only_what_is_missing_is_told_and_once(office: Office) -> None:
    office.do(hand_in(FORM, MARCH.starts_at, paper=None))
    office.do(of(c.SignHandIn, FORM, MARCH.starts_at, by="lead"))
    asked = of_process(c.RemindSubmissions, DUE[FORM] - 3 * DAY)
    (told,) = office.do(asked)
    assert isinstance(told, e.SubmissionsReminded)
    assert [(it.submission, it.owner) for it in told.missing] == [("priority_register", "QS")]
    assert told.told == ("handler", "lead")
    assert refusal(office, asked) is refused.NothingMissing
    missed = of_process(c.RemindSubmissions, DUE[PHOTOS] - DAY)
    assert refusal(office, missed, now=DUE[PHOTOS]) is refused.NothingMissing


# -- returned -------------------------------------------------------------------------------------------------------


@pytest.mark.proves("CX12")
def test_given_a_paper_returned_in_time_then_it_is_owed_again_and_missed_when_it_does_not_come(office: Office) -> None:
    office.do(hand_in(PHOTOS, MARCH.starts_at))
    returned = of(c.ReturnSubmission, PHOTOS, MARCH.starts_at + DAY, by="member2", fault=c.Fault.INCOMPLETE)
    assert office.do(returned)
    assert refusal(office, returned) is refused.NotHandedIn
    assert office.missing(DUE[PHOTOS]) == [PHOTOS]


@pytest.mark.proves("CX12")
def test_given_a_paper_returned_and_brought_again_in_time_then_it_is_in(office: Office) -> None:
    office.do(hand_in(PHOTOS, MARCH.starts_at))
    office.do(of(c.ReturnSubmission, PHOTOS, MARCH.starts_at + DAY, by="member2", fault=c.Fault.UNTRUE))
    office.do(hand_in(PHOTOS, MARCH.starts_at + 2 * DAY))
    assert office.standing(PHOTOS) == (Standing.IN, False)


@pytest.mark.proves("CX12")
def test_given_a_paper_that_was_in_when_due_and_is_returned_later_then_it_is_not_missed_in_retrospect(
    office: Office,
) -> None:
    office.do(hand_in(PHOTOS, MARCH.starts_at))
    office.do(of(c.ReturnSubmission, PHOTOS, DUE[PHOTOS] + DAY, by="member2", fault=c.Fault.INCOMPLETE))
    with pytest.raises(refused.NothingMissing):
        office.missing(DUE[PHOTOS] + DAY)
    office.do(hand_in(PHOTOS, DUE[PHOTOS] + 2 * DAY))
    assert office.standing(PHOTOS) == (Standing.IN, False)


def test_given_those_who_brought_or_signed_it_then_they_do_not_return_it(office: Office) -> None:
    office.do(hand_in(FORM, MARCH.starts_at, paper=None))
    office.do(of(c.SignHandIn, FORM, MARCH.starts_at, by="committee"))
    returned = of(c.ReturnSubmission, FORM, MARCH.starts_at + DAY, by="committee", fault=c.Fault.UNTRUE)
    assert refusal(office, returned) is errors.SamePerson


def _after_opening(office: Office) -> list[DomainEvent]:
    return list(office.history(c.submissions_id_of("QS", "2026-03")))[1:]
