"""Reminded, missed, supervised, extended (L4)."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from domain.errors import (
    AlreadySaid,
    ExtensionNotAsked,
    ExtensionsExhausted,
    NoDeadline,
    NotDueYet,
    SamePerson,
    WrongStage,
)
from domain.issue.commands import (
    AcceptIssue,
    AssignLeader,
    EscalateIssue,
    FixOnSite,
    GrantExtension,
    RecordMissedDeadline,
    RefuseExtension,
    RemindHolder,
    RequestExtension,
    SendSupervisionNotice,
)
from domain.issue.events import (
    DeadlineMissed,
    DeadlineReminded,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    IssueFixedOnSite,
    LeaderAssigned,
    SupervisionNoticeSent,
)
from domain.issue.words import Stage
from domain.values import LOCAL_ZONE, THE_PROCESS
from tests.support.casework import Case, case, given, office, plan_with

REMIND = datetime(2026, 3, 4, 9, 0, tzinfo=LOCAL_ZONE)
DUE = datetime(2026, 3, 5, 23, 59, 59, tzinfo=LOCAL_ZONE)
A_SECOND = timedelta(seconds=1)


def due_at(life: Case) -> datetime:
    """When the running clock ends."""
    assert life.issue.deadline is not None
    return life.issue.deadline.due_at


# -- reminders ---------------------------------------------------------------------------------------------------


@pytest.mark.proves("L4")
def test_given_a_day_before_the_deadline_when_reminded_then_it_is_recorded_once() -> None:
    then = given("logged").when(RemindHolder, at=REMIND).then(DeadlineReminded)
    assert (then.event(DeadlineReminded).rule, then.event(DeadlineReminded).due_at) == ("on_site", DUE)
    given(then.case).when(RemindHolder, at=REMIND + A_SECOND).refused(AlreadySaid)


def test_given_a_second_left_when_reminded_then_it_is_not_due() -> None:
    given("logged").when(RemindHolder, at=REMIND - A_SECOND).refused(NotDueYet)


def test_given_the_deadline_was_met_when_reminded_then_it_is_refused() -> None:
    given("fixed").when(RemindHolder, at=REMIND, due_at=DUE).refused(NoDeadline)


def test_given_the_deadline_was_missed_when_reminded_then_it_is_refused() -> None:
    given("missed").when(RemindHolder).refused(AlreadySaid)


def test_given_a_clock_without_reminder_when_reminded_then_it_is_refused() -> None:
    quiet = office(plan=plan_with(clocks=_clocks(on_site={"remind_before": 0})))
    life = case("logged", office=quiet)
    given(life).when(RemindHolder, at=due_at(life)).refused(AlreadySaid)


def _clocks(**changed: dict[str, object]) -> dict[str, object]:
    return {rule: {**clock, **changed.get(rule, {})} for rule, clock in plan_with().model_dump()["clocks"].items()}


# -- missed deadlines and notices --------------------------------------------------------------------------------


@pytest.mark.proves("L4")
def test_given_nobody_acted_when_the_deadline_passes_then_the_miss_names_its_holder_and_the_next_level_is_told() -> (
    None
):
    then = given("logged").when(RecordMissedDeadline, at=DUE).then(DeadlineMissed, SupervisionNoticeSent)
    missed, notice = then.event(DeadlineMissed), then.event(SupervisionNoticeSent)
    assert (missed.rule, missed.due_at, missed.holder.person) == ("on_site", DUE, "handler")
    assert (notice.notice, notice.to_unit, notice.next_notice_at) == (1, "township", DUE + timedelta(days=15))
    assert then.issue.missed
    assert then.issue.stage is Stage.LOGGED


def test_given_a_second_left_when_missed_then_it_is_not_due() -> None:
    given("logged").when(RecordMissedDeadline, at=DUE - A_SECOND).refused(NotDueYet)


def test_given_it_was_fixed_in_time_when_missed_then_it_is_refused() -> None:
    given("fixed").when(RecordMissedDeadline, at=DUE, due_at=DUE).refused(NoDeadline)


def test_given_the_miss_is_recorded_when_missed_again_then_it_is_refused() -> None:
    given("missed").when(RecordMissedDeadline).refused(AlreadySaid)


def test_given_the_household_keeps_silent_when_missed_then_it_is_nobodys_miss() -> None:
    life = case("feedback")
    given(life).when(RecordMissedDeadline, at=due_at(life)).refused(WrongStage)


def test_given_a_plan_without_notices_when_missed_then_only_the_miss_is_recorded() -> None:
    quiet = office(plan=plan_with(supervision={"notice_every_days": None, "max_notices": 0}))
    then = given(case("logged", office=quiet)).when(RecordMissedDeadline, at=DUE).then(DeadlineMissed)
    assert then.issue.next_notice_at is None


@pytest.mark.parametrize(
    ("state", "to_unit"), [("at_department", "township"), ("escalated", "county"), ("with_county", "county")]
)
def test_given_each_level_when_missed_then_the_next_one_is_told(state: str, to_unit: str) -> None:
    life = case(state)
    then = given(life).when(RecordMissedDeadline, at=due_at(life)).then(DeadlineMissed, SupervisionNoticeSent)
    assert then.event(SupervisionNoticeSent).to_unit == to_unit


@pytest.mark.proves("L4")
def test_given_still_nothing_when_the_next_notice_is_due_then_it_is_sent_until_the_plan_has_no_more() -> None:
    life = case("missed")
    for number in range(2, 7):
        then = given(life).when(SendSupervisionNotice, at=life.issue.next_notice_at).then(SupervisionNoticeSent)
        assert then.event(SupervisionNoticeSent).notice == number
        life = then.case
    assert life.issue.next_notice_at is None
    given(life).when(SendSupervisionNotice).refused(NoDeadline)


def test_given_a_second_left_when_noticed_then_it_is_not_due() -> None:
    due = case("missed").issue.next_notice_at
    assert due is not None
    given("missed").when(SendSupervisionNotice, at=due - A_SECOND).refused(NotDueYet)


@pytest.mark.parametrize("notice", [1, 3])
def test_given_another_notice_than_the_next_when_noticed_then_it_is_refused(notice: int) -> None:
    at = case("missed").issue.next_notice_at
    given("missed").when(SendSupervisionNotice, at=at, notice=notice).refused(AlreadySaid)


def test_given_somebody_acted_at_last_when_noticed_then_there_is_nothing_to_notice() -> None:
    acted = case("missed").do(FixOnSite)
    given(acted).when(SendSupervisionNotice, at=acted.now + timedelta(days=30), notice=2).refused(NoDeadline)


# -- extensions --------------------------------------------------------------------------------------------------


def test_given_a_running_clock_when_an_extension_is_asked_for_then_it_waits_for_somebody_else() -> None:
    then = given("logged").when(RequestExtension).then(ExtensionRequested)
    assert then.issue.extension_asked == (10, {"handler"})
    assert then.issue.deadline == case("logged").issue.deadline
    given(then.case).when(RequestExtension).refused(AlreadySaid)


def test_given_the_last_moment_when_asked_for_then_it_is_in_time_and_after_it_no_more() -> None:
    given("logged").when(RequestExtension, at=DUE).then(ExtensionRequested)
    given("logged").when(RequestExtension, at=DUE + A_SECOND).refused(ExtensionsExhausted)


@pytest.mark.proves("L4")
def test_given_more_days_than_the_plan_allows_when_asked_for_then_it_is_refused() -> None:
    given("logged").when(RequestExtension, days=30).then(ExtensionRequested)
    given("logged").when(RequestExtension, days=31).refused(ExtensionsExhausted)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_given_no_sensible_number_of_days_when_asked_for_then_it_is_no_command(days: int) -> None:
    with pytest.raises(ValidationError, match="days"):
        case("logged").command(RequestExtension, days=days)


def test_given_no_clock_runs_when_asked_for_then_it_is_refused() -> None:
    given("awaiting_committee").when(RequestExtension).refused(NoDeadline)


@pytest.mark.proves("L4")
def test_given_another_person_when_granted_then_the_whole_period_is_counted_anew_from_its_beginning() -> None:
    then = given("extension_asked").when(GrantExtension).then(ExtensionGranted)
    deadline = then.event(ExtensionGranted).deadline
    assert (deadline.rule, deadline.amount, deadline.started_at) == ("on_site", 13, case("logged").issue.logged_at)
    assert deadline.due_at == datetime(2026, 3, 19, 23, 59, 59, tzinfo=LOCAL_ZONE)
    assert (then.issue.extensions, then.issue.extension_asked) == (1, None)


def test_given_a_missed_deadline_when_granted_then_reminder_and_miss_begin_anew() -> None:
    late = case("extension_asked").do(RecordMissedDeadline, at=DUE)
    then = given(late).when(GrantExtension).then(ExtensionGranted)
    assert (then.issue.missed, then.issue.reminded, then.issue.notices) == (False, False, 0)


@pytest.mark.proves("L4")
def test_given_the_asker_when_granting_or_refusing_then_it_is_refused() -> None:
    own = case("logged").do(RequestExtension, by="lead")
    given(own).when(GrantExtension, by="lead").refused(SamePerson)
    given(own).when(RefuseExtension, by="lead").refused(SamePerson)
    given(own).when(GrantExtension, by="lead2").then(ExtensionGranted)


@pytest.mark.proves("L4")
def test_given_as_many_extensions_as_the_plan_allows_when_asked_for_then_it_is_refused() -> None:
    given(case("extension_asked").do(GrantExtension)).when(RequestExtension).refused(ExtensionsExhausted)


def test_given_another_clock_runs_when_asked_for_then_it_has_an_extension_of_its_own() -> None:
    later = case("extension_asked").do(GrantExtension).do(EscalateIssue).do(AcceptIssue)
    given(later).when(RequestExtension).then(ExtensionRequested)


def test_given_the_issue_moved_on_when_granted_then_nobody_asks_any_more() -> None:
    given(case("extension_asked").do(FixOnSite)).when(GrantExtension).refused(ExtensionNotAsked)


def test_given_reasons_when_refused_then_the_clock_runs_on_and_it_may_be_asked_again() -> None:
    then = given("extension_asked").when(RefuseExtension).then(ExtensionRefused)
    assert then.issue.deadline == case("logged").issue.deadline
    given(then.case).when(RequestExtension).then(ExtensionRequested)
    given(then.case).when(RefuseExtension).refused(ExtensionNotAsked)


# -- acting late, before the process said so ---------------------------------------------------------------------


def test_given_a_passed_deadline_nobody_wrote_down_when_it_is_met_late_then_the_miss_is_told_first() -> None:
    then = given("logged").when(FixOnSite, at=DUE + A_SECOND).then(DeadlineMissed, IssueFixedOnSite)
    missed = then.event(DeadlineMissed)
    assert (missed.occurred_at, missed.due_at, missed.rule) == (DUE, DUE, "on_site")
    assert missed.actor == THE_PROCESS
    assert missed.command_id == then.event(IssueFixedOnSite).command_id
    assert missed.holder == case("logged").issue.responsible


def test_given_the_last_second_when_it_is_met_then_nothing_was_missed() -> None:
    given("logged").when(FixOnSite, at=DUE).then(IssueFixedOnSite)


def test_given_a_miss_written_down_when_it_is_met_then_it_is_not_told_again() -> None:
    life = given("logged").when(RecordMissedDeadline, at=DUE).then(DeadlineMissed, SupervisionNoticeSent).case
    given(life).when(FixOnSite, at=DUE + A_SECOND).then(IssueFixedOnSite)


def test_given_a_passed_deadline_when_the_clock_runs_on_then_the_miss_is_left_to_the_process() -> None:
    life = given("logged").when(AssignLeader, at=DUE + A_SECOND).then(LeaderAssigned).case
    given(life).when(RecordMissedDeadline, at=DUE).then(DeadlineMissed, SupervisionNoticeSent)


def test_given_a_passed_deadline_when_the_act_is_refused_then_nothing_is_told() -> None:
    given("logged").when(AcceptIssue, at=DUE + A_SECOND).refused(WrongStage)
