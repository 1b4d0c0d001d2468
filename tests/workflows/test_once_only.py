"""No effect is doubled, whatever Temporal repeats: an activity, a whole workflow, a signal, a worker that died."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from domain import errors
from domain.casework import Casework
from domain.issue import commands as c
from domain.issue.state import Issue
from tests.support.casework import Case, case, live_through
from tests.workflows.process import MONDAY, QUEUE, Process, ProcessClock, happened, office_at_work
from workflows.activities import IssueActivities, command_of
from workflows.messages import Situation, StepKind, StepRequest, situation_of
from workflows.steps import planned
from workflows.tell import tell


def step_of(casework: Casework, issue_id: UUID, kind: StepKind) -> StepRequest:
    """The step that the issue asks for now."""
    issue = casework.issue(issue_id)
    assert issue is not None
    step = planned(kind, situation_of(issue, 0))
    assert step is not None
    return step


def take(casework: Casework, step: StepRequest, *, at: datetime) -> Situation:
    """The activity, as Temporal would run it at this time."""
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, started_time=at)
    answer: Situation = environment.run(IssueActivities(casework, 0).take_step, step)
    return answer


@pytest.fixture
def life() -> Case:
    return case("handling", at=MONDAY)


def test_given_a_step_was_taken_when_the_activity_runs_again_then_nothing_is_added_and_the_answer_is_the_same(
    casework: Casework, clock: ProcessClock, life: Case
) -> None:
    live_through(casework, clock, life)
    step = step_of(casework, life.issue_id, StepKind.MISSED)

    answers = [take(casework, step, at=step.at + timedelta(hours=n)) for n in range(3)]

    assert answers[0] == answers[1] == answers[2]
    assert [topic for topic, _ in happened(casework.history(life.issue_id))][-2:] == [
        "deadline_missed",
        "supervision_notice_sent",
    ]
    assert answers[0].version == life.issue.version + 2


def test_given_a_step_whose_command_was_recorded_when_it_is_sent_again_then_it_counts_once(
    casework: Casework, clock: ProcessClock, life: Case
) -> None:
    live_through(casework, clock, life)
    command = command_of(step_of(casework, life.issue_id, StepKind.MISSED))
    clock.set(command.occurred_at)

    outcomes = [casework.handle(command) for _ in range(2)]

    assert [outcome.repeated for outcome in outcomes] == [False, True]
    assert outcomes[0].version == outcomes[1].version


def test_given_the_issue_moved_on_when_an_old_step_is_taken_then_nothing_is_added(
    casework: Casework, clock: ProcessClock, life: Case
) -> None:
    live_through(casework, clock, life)
    step = step_of(casework, life.issue_id, StepKind.MISSED)
    clock.set(step.at)
    casework.handle(life.command(c.ResolveIssue, at=step.at))

    answer = take(casework, step, at=step.at + timedelta(hours=1))

    assert answer.stage.value == "reply"
    assert happened(casework.history(life.issue_id))[-1][0] == "resolved"


def test_given_a_notice_of_a_former_clock_when_it_is_taken_then_the_present_clock_gets_no_notice(
    casework: Casework, clock: ProcessClock
) -> None:
    feedback = case("feedback", at=MONDAY)
    live_through(casework, clock, feedback)
    silence = step_of(casework, feedback.issue_id, StepKind.SILENCE)
    again = feedback.do(c.RateAnswer, rating="dissatisfied").do(c.AcceptIssue).do(c.ResolveIssue).do(c.GiveReply)
    for sent in again.commands[len(feedback.commands) :]:
        clock.set(sent.occurred_at)
        casework.handle(sent)

    answer = take(casework, silence, at=silence.at + timedelta(minutes=1))

    assert answer.stage.value == "feedback"
    assert answer.version == again.issue.version


def test_given_a_clock_that_is_behind_when_a_step_is_taken_too_early_then_it_is_tried_again_later(
    casework: Casework, clock: ProcessClock, life: Case
) -> None:
    live_through(casework, clock, life)
    step = step_of(casework, life.issue_id, StepKind.MISSED)

    with pytest.raises(ApplicationError) as refused:
        take(casework, step, at=step.at - timedelta(seconds=30))

    assert (refused.value.type, refused.value.non_retryable) == ("not-due-yet", False)
    assert take(casework, step, at=step.at).version == life.issue.version + 2


def test_given_an_issue_the_log_does_not_have_when_a_step_is_taken_then_the_workflow_has_no_reason_to_live(
    casework: Casework, life: Case
) -> None:
    step = planned(StepKind.MISSED, situation_of(life.issue, 0))
    assert step is not None

    with pytest.raises(ApplicationError) as refused:
        take(casework, step, at=step.at)

    assert (refused.value.type, refused.value.non_retryable) == ("not-found", True)


def test_given_a_rival_is_quicker_when_a_step_is_taken_then_it_answers_with_what_the_rival_left(
    casework: Casework, clock: ProcessClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    feedback = case("feedback", at=MONDAY)
    replied_again = feedback.do(c.RateAnswer, rating="dissatisfied").do(c.AcceptIssue).do(c.ResolveIssue)
    replied_again = replied_again.do(c.GiveReply, at=MONDAY + timedelta(days=2))
    live_through(casework, clock, feedback)
    silence = step_of(casework, feedback.issue_id, StepKind.SILENCE)
    after_both_limits = silence.at + timedelta(days=9)
    advance = casework.advance

    def rival_first(issue: Issue, command: c.IssueCommand) -> Issue:
        """People recorded late what had happened in time: between the step's look and its command."""
        monkeypatch.setattr(casework, "advance", advance)
        clock.set(after_both_limits)
        for sent in replied_again.commands[len(feedback.commands) :]:
            casework.handle(sent)
        return advance(issue, command)

    monkeypatch.setattr(casework, "advance", rival_first)

    # The household has its whole second limit: the first one's silence must not close what was answered anew.
    assert take(casework, silence, at=after_both_limits).version == replied_again.issue.version
    second = step_of(casework, feedback.issue_id, StepKind.SILENCE)
    assert second.at > silence.at
    assert take(casework, second, at=after_both_limits).stage.value == "closed"
    assert list(casework.history(feedback.issue_id))[-1].occurred_at == second.at


@pytest.mark.parametrize("trouble", [errors.Unavailable(), KeyError("张三 13800138000"), ZeroDivisionError("secret")])
def test_given_trouble_when_a_step_is_taken_then_it_can_be_tried_again_and_no_value_is_told(
    casework: Casework, clock: ProcessClock, life: Case, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    live_through(casework, clock, life)
    step = step_of(casework, life.issue_id, StepKind.MISSED)

    def fails(*_: Any, **__: Any) -> None:
        raise trouble

    monkeypatch.setattr(casework, "advance", fails)

    with pytest.raises(ApplicationError) as refused:
        take(casework, step, at=step.at)

    assert not refused.value.non_retryable
    assert refused.value.__cause__ is None
    words = str(refused.value)
    assert "13800138000" not in words
    assert "secret" not in words


def test_given_a_workflow_was_ended_by_an_operator_when_it_is_started_anew_then_no_event_comes_twice(
    casework: Casework, clock: ProcessClock, life: Case
) -> None:
    deadline = life.issue.deadline
    assert deadline is not None

    async def ended_and_started_anew() -> list[list[str]]:
        async with office_at_work(casework, clock) as process:
            await process.live(life)
            first_news = process.situation(life.issue_id)
            await process.until(deadline.due_at + timedelta(days=1))
            before = _topics(process, life)
            await process.handle(life.issue_id).terminate()
            await tell(process.environment.client, QUEUE, first_news)  # a rebuild from a state long past
            await process.until(deadline.due_at + timedelta(days=2))
            between = _topics(process, life)
            await process.until(deadline.due_at + timedelta(days=16))
            return [before, between, _topics(process, life)]

    before, between, after = asyncio.run(ended_and_started_anew())

    assert before == ["deadline_reminded", "deadline_missed", "supervision_notice_sent"]
    assert between == before
    assert after == [*before, "supervision_notice_sent"]


def _topics(process: Process, life: Case) -> list[str]:
    return [topic for topic, _ in happened(process.events(life.issue_id)[len(life.events) :])]


def test_given_the_log_is_away_at_the_due_time_when_it_is_back_then_the_step_is_taken_once_with_its_own_time(
    casework: Casework, clock: ProcessClock, life: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadline = life.issue.deadline
    assert deadline is not None
    advance, attempts = casework.advance, []

    def away_at_first(issue: Issue, command: c.IssueCommand) -> Issue:
        attempts.append(command.command_id)
        if len(attempts) < 4:
            raise errors.Unavailable
        return advance(issue, command)

    async def over_the_limit() -> None:
        async with office_at_work(casework, clock) as process:
            await process.live(life)
            monkeypatch.setattr(casework, "advance", away_at_first)
            await process.until(deadline.due_at - timedelta(minutes=1))

    asyncio.run(over_the_limit())

    reminded = list(casework.history(life.issue_id))[len(life.events) :]
    assert [event.occurred_at for event in reminded] == [deadline.remind_at]
    assert len(attempts) == 4
    assert set(attempts) == {reminded[0].command_id}
