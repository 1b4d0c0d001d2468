"""The log under another plan: which verdicts would be others, had everybody acted as they did (L3, L4, L8, L9, L11)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from domain.commands import Command
from domain.issue import commands as c
from domain.plan import Plan, load_plan
from domain.what_if.replay import of_issue
from domain.what_if.totals import Totals
from domain.what_if.words import Changed, Judged, Question
from domain.workdays import HolidayTable
from services.holidays import official_table
from tests.support.casework import START, STATES, Case, case, plan_with
from tests.support.other_plans import LATER, changes, world

CX: Final = load_plan("cx")
DAY: Final = timedelta(days=1)


def with_clock(rule: str, **entries: Any) -> Plan:
    """The cx plan with some entries of one clock changed."""
    whole = CX.model_dump()
    whole["clocks"][rule] = {**whole["clocks"][rule], **entries}
    return Plan.model_validate(whole)


def asked(life: Case, other: Plan, question: Question, now: datetime | None = None) -> list[Changed]:
    """What would be judged otherwise, of one question; looked at when the last thing happened."""
    found = changes(life.streams, CX, other, now or life.now)
    return [it for it in found if it.question is question]


def judged(found: list[Changed]) -> list[tuple[Judged, Judged]]:
    return [(it.recorded.judged, it.other.judged) for it in found]


def acted(state: str, kind: type[Command], after: timedelta, **fields: Any) -> Case:
    """Somebody acts so long after the state was reached."""
    life = case(state)
    return life.do(kind, at=life.now + after, **fields)


@pytest.mark.parametrize("state", STATES)
def test_given_the_same_plan_when_asked_then_no_verdict_changes(state: str) -> None:
    for now in (case(state).now, LATER):
        assert changes(case(state).streams, CX, CX, now) == []


def test_given_a_case_logged_under_an_earlier_plan_when_asked_by_what_was_in_force_then_nothing_changes() -> None:
    """The log says which plan counted what; today's is another."""
    assert changes(case("untold", at=START).streams, CX) == []


def test_given_a_longer_limit_when_asked_then_what_was_missed_is_kept() -> None:
    late = acted("logged", c.FixOnSite, 30 * DAY)
    (changed,) = asked(late, with_clock("on_site", amount=90), Question.LIMIT)
    assert judged([changed]) == [(Judged.MISSED, Judged.KEPT)]
    assert (changed.rule, changed.person) == ("on_site", "handler")
    assert "3 个工作日" in changed.recorded.terms
    assert "90 个工作日" in changed.other.terms
    assert changed.days == (changed.other.due_at - changed.recorded.due_at).days  # type: ignore[operator]


def test_given_a_shorter_limit_when_asked_then_what_was_kept_is_missed_and_noticed() -> None:
    kept = acted("handling", c.ResolveIssue, 10 * DAY)
    other = with_clock("handling", amount=2, remind_before=1)
    assert judged(asked(kept, other, Question.LIMIT)) == [(Judged.KEPT, Judged.MISSED)]
    (notices,) = asked(kept, other, Question.SUPERVISION)
    assert (notices.recorded.count, notices.other.count) == (0, 1)


def test_given_no_notices_when_asked_then_those_that_were_sent_would_not_have_been() -> None:
    other = plan_with(supervision={"notice_every_days": None, "max_notices": 0})
    (notices,) = asked(case("missed"), other, Question.SUPERVISION)
    assert (notices.recorded.count, notices.other.count) == (1, 0)


def test_given_that_the_process_went_on_when_the_limit_was_still_to_come_then_nobody_can_tell() -> None:
    life = case("logged")
    deadline = life.issue.deadline
    assert deadline is not None
    assert deadline.escalate_at is not None
    gone_up = case("missed").do(c.EscalateOverdue, at=deadline.escalate_at, due_at=deadline.due_at)
    other = with_clock("on_site", amount=90)
    assert judged(asked(gone_up, other, Question.LIMIT)) == [(Judged.MISSED, Judged.UNTOLD)]
    assert judged(asked(gone_up, other, Question.ESCALATION)) == [(Judged.YES, Judged.UNTOLD)]


def test_given_a_shorter_silence_when_asked_then_the_household_spoke_too_late() -> None:
    spoke = acted("feedback", c.RateAnswer, 6 * DAY)
    assert judged(asked(spoke, with_clock("feedback", amount=2, remind_before=0), Question.SILENCE)) == [
        (Judged.NO, Judged.YES)
    ]
    longer = with_clock("feedback", amount=90)
    assert judged(asked(case("closed_silently"), longer, Question.SILENCE)) == [(Judged.YES, Judged.UNTOLD)]


def test_given_no_extensions_when_asked_then_the_one_granted_moves_no_limit() -> None:
    asked_for = case("extension_asked")
    extended = asked_for.do(c.GrantExtension)
    late = extended.do(c.FixOnSite, at=(extended.issue.deadline or asked_for.issue.deadline).due_at)  # type: ignore[union-attr]
    other = plan_with(extensions={"max_count": 0})
    assert judged(asked(late, other, Question.EXTENSION)) == [(Judged.YES, Judged.NO)]
    assert judged(asked(late, other, Question.LIMIT)) == [(Judged.KEPT, Judged.MISSED)]


def test_given_no_pauses_when_asked_then_the_clock_runs_on() -> None:
    other = with_clock("handling", pauses={})
    (pause,) = asked(case("resumed"), other, Question.PAUSE)
    assert judged([pause]) == [(Judged.YES, Judged.NO)]


@pytest.mark.parametrize(
    ("state", "other", "question", "expected"),
    [
        ("dissatisfied", {"feedback": {"max_reopenings": 0}}, Question.REOPENING, (Judged.YES, Judged.NO)),
        ("review", {"feedback": {"review_within_days": 90}}, Question.REVIEW, (Judged.YES, Judged.YES)),
        ("awaiting_committee", {"committee": {"cut_off_day": 5}}, Question.TABLING, (Judged.YES, Judged.YES)),
        ("funding", {"committee": {"quorum": 8, "members": 9}}, Question.QUORUM, (Judged.YES, Judged.NO)),
    ],
)
def test_given_another_rule_when_asked_then_what_it_decides_is_told(
    state: str, other: Mapping[str, dict[str, object]], question: Question, expected: tuple[Judged, Judged]
) -> None:
    assert judged(asked(case(state), plan_with(**other), question)) == [expected]


def test_given_a_plan_that_asks_for_a_notice_when_asked_then_it_was_owed_too() -> None:
    life = case("logged", household="QS-012", at=START)
    found = asked(life, load_plan("xf"), Question.LIMIT, LATER)
    assert [(it.rule, *judged([it])[0]) for it in found if it.rule == "notice"] == [
        ("notice", Judged.NOT_ASKED, Judged.MISSED)
    ]
    told = changes(case("untold", at=START).streams, load_plan("xf"), CX)
    assert [it.rule for it in told if it.other.judged is Judged.NOT_ASKED] == ["notice"]


def test_given_another_calendar_when_asked_then_limits_are_counted_by_it() -> None:
    known = official_table()
    first = START.date() + DAY
    other = HolidayTable(known.days_off | {first}, known.make_up_days - {first}, known.years)
    life = case("logged")
    found = of_issue(life.events, replace(world(CX), holidays=other), life.now).changes
    assert [(it.question, it.days) for it in found] == [(Question.LIMIT, 1)]


def test_given_a_missed_report_when_asked_then_it_is_counted_by_the_other_interval() -> None:
    works = case("works")
    (changed,) = asked(works, plan_with(works={"progress_every_days": 10}), Question.PROGRESS, works.now + 25 * DAY)
    assert (changed.recorded.count, changed.other.count) == (0, 2)


def test_given_changes_when_summed_then_whoever_answered_for_it_has_them() -> None:
    totals = Totals()
    for state in ("logged", "missed", "declined"):
        totals.add(of_issue(case(state).events, world(CX, with_clock("on_site", amount=90)), LATER))
    assert totals.replayed == 3
    assert totals.all.missed_to_kept == 0
    assert set(totals.officers) == {"handler"}
    assert totals.villages["QS"].changes == totals.officers["handler"].changes == totals.all.changes
    assert totals.all.later == totals.all.questions[Question.LIMIT] == 3
