"""Which rule and which command stand behind an event: held to domain/README.md and to what decisions do."""

import re
from pathlib import Path

import pytest

from domain.issue import events as e
from domain.issue.decide import DECISIONS
from domain.issue.grounds import CAUSES, RULES, SERVES, Ground, ground_of
from tests.support.casework import case
from tests.support.examples import example

README = (Path(__file__).parents[2] / "domain" / "README.md").read_text("utf-8")
IN_CODE = re.compile(r"`([^`]+)`")


def table(heading: str) -> list[list[str]]:
    section = README.split(f"{heading}\n", 1)[1].split("\n## ")[0]
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_given_the_readmes_rules_then_each_command_to_an_issue_serves_the_rule_that_names_its_decision() -> None:
    kept = {name: row[0] for row in table("## Rules 规则") for name in IN_CODE.findall(row[2])}
    assert {row[0] for row in table("## Rules 规则")} == {*RULES, "L14"}
    for kind, decision in DECISIONS.items():
        module = decision.__module__.rpartition(".")[2]
        assert SERVES[kind.__name__] == kept[f"issue/decisions/{module}.py: {decision.__name__}"], kind.__name__
    assert SERVES.keys() - {kind.__name__ for kind in DECISIONS} == {
        "LogIssue", "DisposeItem", "ConveneMeeting", "AddItem", "DecideTogether", "ConfirmRound"
    }  # fmt: skip


def test_given_the_readmes_commands_then_each_event_has_the_causes_that_it_lists() -> None:
    assert CAUSES.keys() == e.ISSUE_EVENTS
    listed: dict[str, set[str]] = {}
    for row in table("## Commands 请求"):
        for event in IN_CODE.findall(row[3]):
            listed.setdefault(event, set()).add(IN_CODE.findall(row[0])[0])
    for kind, commands in CAUSES.items():
        # the list says "of each item what a decision by itself causes"; ReturnSubmission is of papers handed in
        of_meetings = {"DecideTogether"} if "DecideSubmission" in commands else set()
        assert set(commands) == (listed[kind.__name__] | of_meetings) - {"ReturnSubmission"}, kind.__name__


@pytest.mark.parametrize("kind", DECISIONS, ids=lambda kind: kind.__name__)
def test_given_a_command_decided_then_it_is_among_what_may_have_caused_each_of_its_events(kind: type) -> None:
    shown = example(kind)
    events = [it for it in shown.case.decide(shown.asked) if type(it) in e.ISSUE_EVENTS]
    for event in events:
        together = [it for it in events if it.originator_id == event.originator_id]
        found = ground_of(event, together, to_itself=event.originator_id == shown.asked.stream_id)
        assert kind.__name__ in found.commands, event.TOPIC
        assert set(found.rules) <= RULES.keys()


def test_given_where_the_command_went_then_what_goes_elsewhere_is_left_out() -> None:
    escalated = next(it for it in case("escalated").events if isinstance(it, e.IssueEscalated))
    ground = {where: ground_of(escalated, [escalated], to_itself=where) for where in (True, False, None)}
    assert ground[True] == Ground(("L5",), ("EscalateIssue",))
    assert ground[False] == Ground(("L6",), ("DisposeItem",))
    assert ground[None] == Ground(("L5", "L6"), ("EscalateIssue", "DisposeItem"))


def test_given_a_miss_before_a_late_act_then_the_act_is_named_and_the_rule_is_that_of_limits() -> None:
    logged, fixed = case("fixed").events
    missed = e.DeadlineMissed.model_construct(
        originator_id=logged.originator_id, actor=fixed.actor, rule="on_site", command_id=fixed.command_id
    )
    assert ground_of(missed, [missed, fixed], to_itself=True) == Ground(("L4",), ("FixOnSite",))
    assert ground_of(fixed, [missed, fixed], to_itself=True) == Ground(("L2",), ("FixOnSite",))
