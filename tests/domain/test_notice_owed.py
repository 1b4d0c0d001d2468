"""书面告知: until the household has been told, a clock of its own runs beside the others (XF1)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from domain.errors import AlreadySaid, HuiyinError, NoDeadline, NotDueYet
from domain.explaining import told
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue.clock_lives import ClockLife, Verdict, Whose, clock_lives
from domain.issue.state import Issue
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from domain.what_next import what_next
from services.holidays import official_table
from tests.support.casework import START, Case, case, office
from tests.support.given import given
from tests.support.promises import keeps_its_promises
from workflows.messages import StepKind, situation_of
from workflows.steps import planned

XF: Final = load_plan("xf")
DUE: Final = datetime(2026, 3, 17, 23, 59, 59, tzinfo=LOCAL_ZONE)
REMIND: Final = datetime(2026, 3, 12, 9, tzinfo=LOCAL_ZONE)
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)

pytestmark = pytest.mark.proves("XF1")


def petition(state: str = "logged", **fields: object) -> Case:
    """Under the statutory profile, logged on Monday 2 March 2026 by a household."""
    return case(state, office=office(plan=XF), **{"household": "QS-012", **fields})


def notices(life: Case) -> list[ClockLife]:
    return [it for it in clock_lives(life.events) if it.whose is Whose.NOTICE]


def test_given_a_petition_when_the_day_draws_near_and_passes_then_it_is_reminded_and_missed_once() -> None:
    life = petition()
    assert life.issue.notice is not None
    assert (life.issue.notice.due_at, life.issue.notice.article) == (DUE, "信访工作条例第二十三条")
    given(life).when(c.RemindOfNotice, at=REMIND - DAY).refused(NotDueYet)
    reminded = given(life).when(c.RemindOfNotice, at=REMIND).then(e.NoticeReminded).case
    given(reminded).when(c.RemindOfNotice, at=REMIND).refused(AlreadySaid)
    given(reminded).when(c.RecordMissedNotice, at=DUE - HOUR).refused(NotDueYet)
    missed = given(reminded).when(c.RecordMissedNotice, at=DUE).then(e.NoticeMissed)
    assert missed.event(e.NoticeMissed).holder.person == "handler"
    for kind in (c.RecordMissedNotice, c.RemindOfNotice):
        given(missed.case).when(kind, at=DUE).refused(AlreadySaid)
    late = given(missed.case).when(c.NotifyHousehold, at=DUE + DAY).then(e.HouseholdNotified)
    assert late.event(e.HouseholdNotified).late
    assert late.issue.notice is None


def test_given_a_household_that_was_told_or_answered_then_nothing_is_owed_or_missed() -> None:
    for life in (petition().do(c.NotifyHousehold), petition("feedback")):
        assert life.issue.notice is None
        given(life).when(c.RecordMissedNotice, at=DUE, due_at=DUE).refused(NoDeadline)
        assert [it.verdict for it in notices(life)] == [Verdict.MET]


@pytest.mark.parametrize("kind", [c.NotifyHousehold, c.EscalateIssue, c.WithdrawIssue])
def test_given_nobody_wrote_the_miss_down_when_somebody_acts_late_then_it_was_late_all_the_same(
    kind: type[c.IssueCommand],
) -> None:
    life = (
        replace(petition().do(c.FixOnSite, at=START + HOUR), now=DUE + DAY) if kind is c.WithdrawIssue else petition()
    )
    events = life.decide(life.command(kind, at=DUE + HOUR))
    (missed,) = (it for it in events if isinstance(it, e.NoticeMissed))
    assert (missed.occurred_at, missed.due_at) == (DUE, DUE)


@pytest.mark.parametrize(
    "life", [petition(household=None), petition(source="old-7"), case("logged", household="QS-012")]
)
def test_given_no_household_a_record_of_before_or_another_plan_then_nothing_is_asked(life: Case) -> None:
    assert life.issue.notice is None
    given(life).when(c.RemindOfNotice, at=DUE, due_at=DUE).refused(NoDeadline)


def test_given_a_case_that_goes_on_then_whoever_gets_it_has_a_time_of_their_own_and_a_return_asks_once() -> None:
    sent = petition().do(c.EscalateIssue, at=START + 3 * DAY)
    assert sent.issue.notice is not None
    assert sent.issue.notice.started_at == START + 3 * DAY
    back = sent.do(c.ReturnEscalation, at=START + 5 * DAY)
    assert back.issue.notice is not None
    assert back.issue.notice.started_at == START + 5 * DAY
    assert [it.verdict for it in notices(back)] == [Verdict.PASSED_ON, Verdict.PASSED_ON, Verdict.RUNNING]
    told_first = petition().do(c.NotifyHousehold).do(c.EscalateIssue).do(c.ReturnEscalation)
    assert told_first.issue.notice is None


def test_given_a_petition_that_is_split_then_its_parts_owe_what_it_owed() -> None:
    life = petition()
    parts = [it for it in life.decide(life.command(c.SplitIssue)) if isinstance(it, e.IssueLogged)]
    assert [it.notice for it in parts] == [life.issue.notice] * 2
    done = life.do(c.NotifyHousehold)
    parts = [it for it in done.decide(done.command(c.SplitIssue)) if isinstance(it, e.IssueLogged)]
    assert [it.notice for it in parts] == [None, None]


def test_given_a_case_under_way_then_it_says_what_is_owed_beside_and_why() -> None:
    life = petition("handling")
    (own,) = [it for it in what_next(life.issue, XF) if it.rule == "notice"]
    assert (own.person, own.basis) == (life.issue.responsible.person, "XF1 信访工作条例第二十三条")
    assert [it.zh for it in own.then] == ["提醒告知", "记为逾期未告知"]
    *_, clock = notices(life)
    head, *lines = told(clock, XF, official_table(), "zh")
    assert head.startswith(
        "【书面告知】告知群众的期限，计时中；15 个自然日，依据 XF1 信访工作条例第二十三条，方案 xf@1"
    )
    assert lines


# -- whatever happens -------------------------------------------------------------------------------------------------

ACTS: Final = (
    c.NotifyHousehold, c.EscalateIssue, c.ReturnEscalation, c.AcceptIssue, c.AssignIssue, c.ResolveIssue, c.FixOnSite,
    c.GiveReply, c.RequestExtension, c.PauseClock, c.WithdrawIssue,
)  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=80)
@any_of(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 9)), max_size=10), st.booleans())
def test_given_any_course_then_the_household_was_told_in_time_or_that_it_was_not_is_on_record_once(
    acts: list[tuple[type[c.IssueCommand], int]], process_is_away: bool
) -> None:
    life = petition()
    for kind, days in acts:
        at = life.now + days * DAY
        if not process_is_away:
            life = as_planned(life, at)
        try:
            life = life.do(kind, at=max(at, life.now))
        except HuiyinError:
            life = replace(life, now=max(at, life.now))
    life = as_planned(life, life.now)
    issue = keeps_its_promises(life.events)
    lives = notices(life)
    missed = [event for event in life.events if isinstance(event, e.NoticeMissed)]
    assert len(missed) == sum(it.verdict is Verdict.MISSED for it in lives)
    for clock in lives:
        ended = clock.ended_at or life.now
        assert (clock.verdict is Verdict.MISSED) == (ended > clock.deadline.due_at)
    assert (issue.notice is None) == all(it.ended_at is not None for it in lives)
    assert not [kind for kind in StepKind if _is_late(kind, issue, life.now)]


def as_planned(life: Case, until: datetime) -> Case:
    """The process does of this clock whatever falls due by then."""
    while True:
        planned_now = (
            planned(kind, situation_of(life.issue, 0)) for kind in (StepKind.REMIND_NOTICE, StepKind.MISSED_NOTICE)
        )
        step = min((it for it in planned_now if it and it.at <= until), key=lambda it: it.at, default=None)
        if step is None:
            return life
        kind = c.RemindOfNotice if step.kind is StepKind.REMIND_NOTICE else c.RecordMissedNotice
        before = life.now
        life = replace(life.after(life.command(kind, at=step.at), now=max(before, step.at)), now=max(before, step.at))


def _is_late(kind: StepKind, issue: Issue, now: datetime) -> bool:
    step = planned(kind, situation_of(issue, 0))
    return kind is StepKind.MISSED_NOTICE and step is not None and step.at <= now
