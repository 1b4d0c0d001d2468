"""Rows of several schemes, each under the plan of the scheme that asks for it."""

from dataclasses import asdict
from typing import Final

import pytest

from domain.adoption.book import PlanBook
from domain.errors import NothingReplied, WrongStage
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue.words import CopyFor, Rating, Stage, Tier
from domain.plan import load_plan
from projections.household_view import household_view
from projections.issue_ledger import ISSUE_LEDGER, LedgerLine
from projections.issue_ledger_fold import LedgerRow
from services.exports.issue_form import COLUMNS, form_row
from tests.projections.ledger import interleaved, taken_in
from tests.support.casework import Case, a_new_case, office

BOOK: Final = PlanBook(load_plan("cx"))


def row(life: Case) -> LedgerRow:
    """The ledger's line of this case's issue."""
    found: LedgerRow = taken_in(ISSUE_LEDGER, interleaved([life]))[life.issue_id]
    return found


def form(life: Case) -> dict[str, str]:
    """The same as the printed form has it."""
    line = LedgerLine(**asdict(row(life)), village_name="青石村")
    return dict(zip(COLUMNS, form_row(line, BOOK), strict=True))


def new(key: str, **fields: object) -> Case:
    """An issue just logged under this plan."""
    return a_new_case(office=office(plan=load_plan(key)), **{"household": "QS-012", **fields})


def answered(life: Case) -> Case:
    """Replied in writing, each copy delivered."""
    life = life.do(c.GiveReply)
    for copy in CopyFor:
        life = life.do(c.DeliverReply, copy_for=copy)
    return life


# -- MZ: fixed at once, or into the rectification ledger; hard cases led; by level and department ----------------------


@pytest.mark.proves("MZ1")
def test_given_what_can_be_solved_at_once_then_it_is_and_the_rest_is_in_the_ledger_until_struck_off() -> None:
    at_once = new("mz", category="employment").do(c.FixOnSite)
    assert at_once.issue.stage is Stage.REPLY
    rest = new("mz", category="land").do(c.EscalateIssue, department="land").do(c.AcceptIssue, by="lead")
    deadline = rest.issue.deadline
    assert deadline is not None
    assert (rest.issue.category, rest.issue.tier, rest.issue.department) == ("land", Tier.TOWNSHIP, "land")
    assert (deadline.rule, deadline.amount, deadline.plan) == ("handling", 10, "mz@1")
    done = answered(rest.do(c.ResolveIssue)).do(c.RateAnswer).do(c.CloseIssue)
    line = form(done)
    assert (line["编号"], line["问题类别"], line["层级"]) == (rest.issue.number, "土地", "镇")
    assert line["销号日期"] == f"{done.events[-1].occurred_at:%Y-%m-%d}"
    assert "MZ1" in form(rest)["办理时限(含依据)"]


@pytest.mark.proves("MZ3")
def test_given_a_hard_case_then_its_leader_answers_for_it_until_the_household_is_content() -> None:
    led = new("mz", category="law").do(c.EscalateIssue).do(c.AcceptIssue).do(c.AssignLeader, leader="committee")
    unhappy = led.do(c.ResolveIssue).do(c.GiveReply).do(c.RateAnswer, rating=Rating.DISSATISFIED)
    assert (unhappy.issue.stage, unhappy.issue.leader) == (Stage.ESCALATED, "committee")
    with pytest.raises(NothingReplied):
        unhappy.do(c.CloseIssue)
    content = answered(unhappy.do(c.AcceptIssue).do(c.ResolveIssue)).do(c.RateAnswer, rating=Rating.SATISFIED)
    assert content.do(c.CloseIssue).issue.leader == "committee"


@pytest.mark.proves("MZ8", "PC10")
@pytest.mark.parametrize(("key", "category"), [("mz", "demolition"), ("pc", "labour")])
def test_given_a_category_then_it_is_handled_where_it_arises_by_level_and_by_the_department_that_owns_it(
    key: str, category: str
) -> None:
    owner = load_plan(key).categories[category].department
    arisen = new(key, category=category)
    assert (arisen.issue.tier, arisen.issue.responsible.unit) == (Tier.VILLAGE, "station:QS")
    referred = arisen.do(c.EscalateIssue, department=owner)
    assert (referred.issue.department, referred.issue.responsible.unit) == (owner, f"department:{owner}")
    up = arisen.do(c.EscalateIssue)
    assert (up.issue.tier, up.issue.responsible.unit) == (Tier.TOWNSHIP, "township")


# -- LL: one door ------------------------------------------------------------------------------------------------------


@pytest.mark.proves("LL12")
def test_given_one_door_then_whoever_handles_it_the_household_follows_it_with_one_receipt_and_gets_its_answer() -> None:
    life = new("ll", category="environment").do(c.EscalateIssue, department="environment").do(c.AcceptIssue, by="lead")
    with pytest.raises((NothingReplied, WrongStage)):
        life.do(c.CloseIssue)
    replied = life.do(c.ResolveIssue).do(c.GiveReply)
    told = household_view(replied.events, BOOK, replied.now)
    assert [step.said.en for step in told.steps][:2] == [
        "What you reported was recorded.",
        "It was handed to the next level or the department in charge.",
    ]
    assert told.answered_at == replied.events[-1].occurred_at
    parts = life.do(c.SplitIssue)
    of_parts = [events[0] for key, events in parts.streams.items() if key != life.issue_id]
    assert len(of_parts) == 2
    assert {it.receipt_hash for it in of_parts if isinstance(it, e.IssueLogged)} == {life.issue.receipt_hash}


# -- CX: the ledger kept live ------------------------------------------------------------------------------------------


@pytest.mark.proves("CX13")
def test_given_what_is_not_settled_on_site_then_the_ledger_shows_its_deadline_and_at_last_what_was_told() -> None:
    arisen = new("cx", category="construction")
    handled = arisen.do(c.EscalateIssue).do(c.AcceptIssue, by="lead2", person="lead")
    replied = answered(handled.do(c.ResolveIssue))
    closed = replied.do(c.RateAnswer).do(c.CloseIssue)
    stages = [row(life).stage for life in (arisen, handled, replied, closed)]
    assert stages == [Stage.LOGGED, Stage.HANDLING, Stage.FEEDBACK, Stage.CLOSED]
    open_lines = [row(life) for life in (arisen, handled)]
    assert all(line.due_at is not None and line.person and line.unit for line in open_lines)
    assert [line.due_rule for line in open_lines] == ["on_site", "handling"]
    assert row(closed).replied_at == next(it.occurred_at for it in replied.events if isinstance(it, e.ReplyGiven))
    assert (row(closed).measures, row(closed).closed_at) == (row(replied).measures, closed.events[-1].occurred_at)
