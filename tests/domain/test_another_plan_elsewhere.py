"""Another plan, elsewhere than in the issue itself: meetings, rounds, holiday notices, plans adopted in between."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from domain.adoption.book import InForce, PlanBook
from domain.fund.commands import ProposeRound
from domain.issue import commands as c
from domain.issue.words import Urgency
from domain.meeting.commands import FailMeeting, SignIn
from domain.meeting.words import DecisionRule
from domain.plan import Plan, load_plan
from domain.values import LOCAL_ZONE
from domain.what_if.words import Changed, Judged, Question
from tests.support.casework import COMMITTEE, a_new_case, office, plan_with
from tests.support.holidays import first_notice_of_2019, second_notice_of_2019, with_year
from tests.support.meetings import MORNING, Town, plan_deciding
from tests.support.other_plans import LATER, changes, changes_in, world
from tests.support.pool import pool, project

CX: Final = load_plan("cx")
FIRST, SECOND = with_year(first_notice_of_2019(), version=1), with_year(second_notice_of_2019(), version=2)


def decided(plan: Plan = CX, against: int = 0) -> Town:
    """Six of seven sat; one item was approved, so many against it."""
    town = Town()
    town.adopt(plan)
    issue = town.issue()
    town.draw()
    town.sit()
    town.vote(issue, against=against)
    town.decide(issue)
    return town


def answers(found: list[Changed], question: Question) -> list[tuple[Judged, Judged]]:
    return [(it.recorded.judged, it.other.judged) for it in found if it.question is question]


def test_given_a_meeting_when_asked_by_its_own_plan_then_nothing_differs() -> None:
    for plan in (CX, plan_deciding(decision_rule=DecisionRule.TWO_THIRDS)):
        assert changes(decided(plan).streams, plan, plan) == []


@pytest.mark.parametrize(("quorum", "expected"), [(6, []), (7, [(Judged.YES, Judged.NO)])])
def test_given_another_quorum_when_asked_then_those_who_were_there_are_held_against_it(
    quorum: int, expected: list[tuple[Judged, Judged]]
) -> None:
    found = changes(decided().streams, CX, plan_with(committee={"quorum": quorum}))
    assert answers(found, Question.QUORUM) == expected
    assert all(it.person and it.unit for it in found)


def test_given_a_stricter_majority_when_asked_then_the_votes_cast_would_not_have_carried() -> None:
    strict = plan_deciding(decision_rule=DecisionRule.TWO_THIRDS, majority_of="members")
    assert answers(changes(decided(against=2).streams, CX, strict), Question.VOTE) == [(Judged.YES, Judged.NO)]
    by_chair = plan_deciding(decision_rule=DecisionRule.CHAIR)
    assert changes(decided(against=2).streams, CX, by_chair) == []


def test_given_a_meeting_that_failed_when_fewer_are_enough_then_it_would_have_sat() -> None:
    town = Town()
    issue = town.issue()
    town.draw()
    for member in COMMITTEE[:4]:
        town.do(SignIn, by=member, at=MORNING)
    town.do(FailMeeting, at=MORNING)
    assert town.known(issue)
    found = changes(town.streams, CX, plan_with(committee={"quorum": 4}))
    assert answers(found, Question.QUORUM) == [(Judged.NO, Judged.YES)]


def test_given_a_round_when_ranked_by_another_rule_then_each_project_has_what_it_would_have_got() -> None:
    first = project("first", urgency=Urgency.URGENT, days=3)
    projects = (first, project("second"), project("third", days=1, approved=10_000))
    life = pool(*projects, budget=35_000).do(ProposeRound)
    assert changes(life.streams, CX, CX) == []
    whole = CX.model_dump()["funding"]
    found = changes(life.streams, CX, plan_with(funding={**whole, "least_share": 100}))
    (changed,) = (it for it in found if it.question is Question.RANKING)
    assert (changed.recorded.amount, changed.other.amount) == (15_000, 0)
    assert "too_little_left" in changed.other.terms
    raw = {**CX.model_dump(), "funding": None}
    none = changes(life.streams, CX, Plan.model_validate(raw))
    assert answers(none, Question.RANKING)[0] == (Judged.YES, Judged.NOT_ASKED)


def test_given_a_notice_that_moved_a_limit_when_asked_then_it_moves_in_both_worlds() -> None:
    before = replace(office(), calendar=lambda: FIRST)
    logged = a_new_case(at=datetime(2019, 4, 29, 9, tzinfo=LOCAL_ZONE), office=before).do(c.FixOnSite)
    moved = replace(logged, office=replace(office(), calendar=lambda: SECOND)).do(
        c.RedateDeadline, at=datetime(2019, 4, 30, 9, tzinfo=LOCAL_ZONE), calendar=2, notice="国办发明电〔2019〕3号"
    )
    same = world(CX, CX, FIRST, SECOND)
    assert changes_in(moved.streams, same) == []
    raw = CX.model_dump()
    raw["clocks"]["reply"]["amount"] += 1
    later = changes_in(moved.streams, replace(same, plan=Plan.model_validate(raw)), moved.now)
    assert [(it.question, it.rule, it.days) for it in later] == [(Question.LIMIT, "reply", 1)]
    never = changes_in(moved.streams, replace(same, holidays=FIRST), moved.now)
    assert [(it.question, it.rule, it.days) for it in never] == [(Question.LIMIT, "reply", -1)]


def test_given_a_plan_adopted_in_between_when_asked_by_what_was_in_force_then_nothing_differs() -> None:
    raw = {**CX.model_dump(), "version": 2}
    raw["clocks"]["reply"]["amount"] += 5
    raw["feedback"]["review_within_days"] += 30
    raw["committee"]["cut_off_day"] = 10
    second = Plan.model_validate(raw)
    logged = a_new_case(household="QS-012", key="in between")
    life = replace(logged, office=office(plan=second)).do(c.FixOnSite).do(c.GiveReply)
    since = life.events[0].occurred_at + timedelta(minutes=1)
    book = PlanBook(CX, (InForce(second, since),), {CX.id: CX, second.id: second})
    in_force = replace(world(CX), book=book)
    assert changes_in(life.streams, in_force) == []
    by_first = changes_in(life.streams, replace(in_force, plan=CX), LATER)
    assert {it.question for it in by_first} >= {Question.LIMIT, Question.REVIEW}
    assert {it.recorded.plan for it in by_first} == {second.id}
