"""Which steps each situation plans, when, and under which key. Pure: no server, no clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from domain.issue.commands import GrantExtension
from domain.issue.words import FINAL_STAGES, Stage
from tests.support.casework import STATES, case
from workflows.activities import command_of
from workflows.messages import TABLE_GRACE_SECONDS, Situation, StepKind, situation_of
from workflows.names import step_command_id, workflow_id
from workflows.steps import next_step, planned, wake_at

S = StepKind
PLANNED = {
    "logged": {S.REMIND, S.MISSED, S.ESCALATE},
    "missed": {S.NOTICE, S.ESCALATE},
    "escalated": {S.REMIND, S.MISSED},
    "at_department": {S.REMIND, S.MISSED, S.ESCALATE},
    "handling": {S.REMIND, S.MISSED},
    "paused": {S.RESUME, S.MISSED},
    "resumed": {S.REMIND, S.MISSED},
    "handed_over": {S.PROMISE, S.MISSED},
    "submission": {S.REMIND, S.MISSED},
    "awaiting_committee": {S.TABLE},
    "tabled": {S.REMIND, S.MISSED},
    "deferred": {S.TABLE},
    "with_county": {S.REMIND, S.MISSED},
    "funding": {S.REMIND, S.MISSED},
    "works": {S.REMIND, S.MISSED, S.REPORT},
    "unfunded_works": {S.REMIND, S.MISSED, S.REPORT},
    "inspection": {S.REMIND, S.MISSED},
    "reply": {S.REMIND, S.MISSED},
    "feedback": {S.SILENCE},
    "answered": {S.REMIND, S.MISSED},
    "dissatisfied": {S.REMIND, S.MISSED},
    "review": {S.REMIND, S.MISSED},
    "recheck": {S.REMIND, S.MISSED},
    "closed": {S.REMIND, S.MISSED},
    "untold": {S.REMIND, S.MISSED, S.REMIND_NOTICE, S.MISSED_NOTICE},
    "settled": set(),
    "withdrawn": set(),
    "merged": set(),
    "split": set(),
}


def situation(state: str, **changes: object) -> Situation:
    """Where an issue in this named state stands."""
    return situation_of(replace(case(state).issue, **changes), 0)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", PLANNED)
def test_given_a_state_then_exactly_its_steps_are_planned(state: str) -> None:
    assert {kind for kind in StepKind if planned(kind, situation(state))} == PLANNED[state]


def test_given_any_stage_then_a_state_above_stands_for_it() -> None:
    assert {case(state).issue.stage for state in PLANNED} == set(Stage)


@pytest.mark.parametrize("state", STATES)
def test_given_a_state_then_it_is_final_exactly_when_nothing_is_planned(state: str) -> None:
    stands = situation(state)
    assert stands.is_final == (stands.stage in FINAL_STAGES) == (next_step(stands, StepKind) is None)


def test_given_a_reminder_was_sent_then_no_second_one_is_planned() -> None:
    assert planned(S.REMIND, situation("logged")) is not None
    assert planned(S.REMIND, situation("logged", reminded=True)) is None
    assert planned(S.REMIND, situation("logged", missed=True)) is None


def test_given_two_steps_at_one_moment_then_the_order_of_the_kinds_decides() -> None:
    issue = case("missed").issue
    moment = issue.deadline.escalate_at if issue.deadline else None
    both = situation_of(replace(issue, next_notice_at=moment), 0)

    first = next_step(both, reversed(StepKind))

    assert first is not None
    assert (first.kind, first.at) == (S.NOTICE, moment)


def test_given_the_same_facts_then_the_key_and_the_command_are_the_same() -> None:
    stands = situation("missed")
    again = Situation.model_validate_json(stands.model_dump_json())

    for kind in (S.NOTICE, S.ESCALATE):
        one, other = planned(kind, stands), planned(kind, again)
        assert one is not None
        assert one == other
        assert command_of(one) == command_of(other)
        assert command_of(one).digest(b"") == command_of(other).digest(b"")


def test_given_a_moved_deadline_then_the_key_and_the_command_id_are_others() -> None:
    before = planned(S.REMIND, situation("logged"))
    granted = case("extension_asked").do(GrantExtension)
    after = planned(S.REMIND, situation_of(granted.issue, 0))

    assert before is not None
    assert after is not None
    assert before.key != after.key
    assert command_of(before).command_id != command_of(after).command_id


@pytest.mark.parametrize("kind", StepKind)
def test_given_a_step_then_its_command_happens_at_the_planned_moment_by_the_process(kind: StepKind) -> None:
    state = next(state for state, kinds in PLANNED.items() if kind in kinds)
    step = planned(kind, situation(state))
    assert step is not None

    command = command_of(step)

    assert command.occurred_at == step.at
    assert command.command_id == step_command_id(step.issue_id, step.key)
    assert (command.actor.user, command.actor.role.value) == ("process", "process")
    assert command.actor.role in command.ROLES


def test_given_an_issue_then_its_workflow_and_steps_are_named_by_its_id_alone() -> None:
    issue_id = UUID("0195e9f2-93a1-5c55-8a3e-0d6b1a2c3d4e")
    assert workflow_id(issue_id) == "issue-0195e9f2-93a1-5c55-8a3e-0d6b1a2c3d4e"
    assert step_command_id(issue_id, "missed/3") == UUID("b97e638c-e9c7-5d71-aa2e-0c4c2bc90310")


def test_given_a_spread_then_issues_wake_evenly_within_it_and_each_always_at_the_same_time() -> None:
    step = planned(S.MISSED, situation("logged"))
    assert step is not None
    steps = [step.model_copy(update={"issue_id": uuid5(step.issue_id, str(n))}) for n in range(2000)]

    late = [(wake_at(one, 240) - one.at).total_seconds() for one in steps]

    assert all(0 <= seconds < 240 for seconds in late)
    assert [sum(60 * n <= seconds < 60 * (n + 1) for seconds in late) > 350 for n in range(4)] == [True] * 4
    assert late == [(wake_at(one, 240) - one.at).total_seconds() for one in steps]
    assert {wake_at(one, 0) for one in steps} == {step.at}


def test_given_a_submission_then_its_own_process_tables_it_hours_after_the_committees_should_have() -> None:
    step, other = planned(S.TABLE, situation("awaiting_committee")), planned(S.MISSED, situation("logged"))
    assert step is not None
    assert other is not None
    assert wake_at(step, 0, TABLE_GRACE_SECONDS) == step.at + timedelta(hours=6)
    assert wake_at(other, 0, TABLE_GRACE_SECONDS) == other.at


def test_given_a_message_of_a_newer_version_then_fields_unknown_here_are_passed_over() -> None:
    newer = {**situation("logged").model_dump(mode="json"), "a_field_of_next_year": 1}
    assert Situation.model_validate(newer) == situation("logged")


def test_given_any_state_then_its_situation_holds_ids_stages_and_times_only() -> None:
    for state in STATES:
        for name, value in situation(state).model_dump().items():
            if name == "clock" and value:
                _only_facts(value, texts={"rule"})
            else:
                _only_facts({name: value}, texts=set())


def _only_facts(fields: dict[str, object], texts: set[str]) -> None:
    for name, value in fields.items():
        allowed = (int, bool, Stage, datetime, UUID, type(None))
        assert isinstance(value, allowed) or name in texts, name
        assert not isinstance(value, datetime) or value.utcoffset() is not None


def test_given_a_report_due_in_local_time_or_in_utc_then_its_key_is_one() -> None:
    local = situation("works")
    assert local.progress_due_at is not None
    utc = local.model_copy(update={"progress_due_at": local.progress_due_at.astimezone(UTC)})

    one, other = planned(S.REPORT, local), planned(S.REPORT, utc)

    assert one is not None
    assert other is not None
    assert one.key == other.key
    assert one == other
    later = local.model_copy(update={"progress_due_at": local.progress_due_at + timedelta(days=30)})
    assert planned(S.REPORT, later) != one
