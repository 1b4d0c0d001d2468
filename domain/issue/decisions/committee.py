"""Submitted, signed, tabled, decided, answered by the county (L5, L7, L8); the money is in funding.py."""

from decimal import Decimal
from typing import Any

from domain import errors
from domain.context import Context
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import rules
from domain.issue.concerned import may_be_named
from domain.issue.decisions.funding import completion, pooled
from domain.issue.decisions.intake import clock, next_stamp
from domain.issue.decisions.works import next_report
from domain.issue.evolve import evolve
from domain.issue.state import Issue
from domain.issue.words import CountyOutcome, Outcome, Stage, Tier
from domain.meeting.deciding import item_decided, may_decide
from domain.meeting.errors import MeetingNotOpen
from domain.meeting.state import Meeting
from domain.plan import cut_off_after
from domain.values import LOCAL_ZONE


def submit(issue: Issue, command: c.SubmitToCommittee, context: Context) -> tuple[DomainEvent, ...]:
    """L7: what it is, what to do, what it costs, what is asked, when it will be done."""
    rules.at_stage(issue, {Stage.LOGGED, Stage.HANDLING})
    prepared = e.SubmissionPrepared(
        **next_stamp(issue, command),
        current_state=command.current_state,
        proposed_solution=command.proposed_solution,
        total_budget=command.total_budget,
        subsidy_asked=command.subsidy_asked,
        expected_completion=command.expected_completion,
        urgency=command.urgency,
        deadline=clock("signing", command, context),
        told=rules.second_person(issue, context, command.actor.persons),
    )
    return (prepared,)


def sign(issue: Issue, command: c.SignSubmission, context: Context) -> tuple[DomainEvent, ...]:
    """L7: a second person signs; signed by the cut-off, it is tabled at the next meeting."""
    rules.at_stage(issue, {Stage.SUBMISSION})
    rules.another_person(command.actor.persons, issue.prepared_by)
    table_at = cut_off_after(command.occurred_at, context.plan)
    return (e.SubmissionSigned(**next_stamp(issue, command), table_at=table_at),)


def send_back(issue: Issue, command: c.SendBackSubmission, context: Context) -> tuple[DomainEvent, ...]:
    """L7: the signer wants it done again, and says why."""
    rules.at_stage(issue, {Stage.SUBMISSION})
    rules.another_person(command.actor.persons, issue.prepared_by)
    sent_back = e.SubmissionSentBack(
        **next_stamp(issue, command), reasons=command.reasons, deadline=clock("handling", command, context)
    )
    return (sent_back,)


def decide_submission(issue: Issue, command: c.DecideSubmission, context: Context) -> tuple[DomainEvent, ...]:
    """L8: only at a meeting with a quorum, without those who have an interest; the meeting keeps who voted how."""
    rules.at_stage(issue, {Stage.COMMITTEE})
    if not issue.tabled:
        raise errors.NoSubmission
    meeting = _meeting_on_its_day(issue, command, context)
    if meeting.rules is None:
        _meeting_may_decide(issue, meeting, command, context)
        decided = _OUTCOMES[command.outcome](issue, command, context)
        return (decided, *pooled(issue, decided, command, context))
    without = may_decide(meeting, issue, command, context)
    command = command.model_copy(update={"abstained": tuple(sorted(without))})
    decided = _OUTCOMES[command.outcome](issue, command, context)
    of_meeting = item_decided(meeting, command, evolve(issue, decided), without)
    return (decided, of_meeting, *pooled(issue, decided, command, context))


def _meeting_on_its_day(issue: Issue, command: c.DecideSubmission, context: Context) -> Meeting:
    """There is such a meeting of this township, not over before the cut-off tabled this, and it is its day."""
    meeting = context.meeting
    if meeting is None:
        raise errors.NotFound
    rules.same_township(context, issue.village, meeting.township)
    if meeting.held_at is None:
        raise MeetingNotOpen
    if issue.deadline is None or meeting.held_at < issue.deadline.started_at:
        raise errors.NoSubmission
    if command.occurred_at.astimezone(LOCAL_ZONE).date() != meeting.held_at.astimezone(LOCAL_ZONE).date():
        raise errors.OutsideMeeting
    return meeting


def _meeting_may_decide(issue: Issue, meeting: Meeting, command: c.DecideSubmission, context: Context) -> None:
    """A meeting that was written down whole: it has no agenda and no votes of its own."""
    abstained = set(command.abstained)
    if command.actor.user not in meeting.present or not abstained <= meeting.present:
        raise errors.NotAtMeeting
    voters = meeting.present - abstained
    votes_for = command.actor.persons if command.actor.user in voters else frozenset[str]()
    rules.another_person(issue.prepared_by, voters | votes_for)
    for voter in sorted(voters):
        may_be_named(voter, issue.concerns, context)
    if len(voters) < meeting.quorum:
        raise errors.NoQuorum


def _approve(issue: Issue, command: c.DecideSubmission, context: Context) -> DomainEvent:
    subsidy = command.subsidy or Decimal(0)
    if subsidy > issue.subsidy_asked:
        raise errors.AmountNeeded
    works_begin = not subsidy
    return e.SubmissionApproved(
        **_decided(issue, command),
        subsidy=subsidy,
        deadline=completion(issue, command, context) if works_begin else clock("funding", command, context),
        progress_due_at=next_report(command.occurred_at, context.plan) if works_begin else None,
    )


def _decided(issue: Issue, command: c.DecideSubmission) -> dict[str, Any]:
    return {**next_stamp(issue, command), "meeting_id": command.meeting_id, "abstained": command.abstained}


def _defer(issue: Issue, command: c.DecideSubmission, context: Context) -> DomainEvent:
    return e.SubmissionDeferred(
        **_decided(issue, command),
        reasons=rules.reasons_given(command.reasons),
        table_at=cut_off_after(command.occurred_at, context.plan),
    )


def _return(issue: Issue, command: c.DecideSubmission, context: Context) -> DomainEvent:
    return e.SubmissionReturned(
        **_decided(issue, command),
        reasons=rules.reasons_given(command.reasons),
        deadline=clock("handling", command, context),
    )


def _refer_up(issue: Issue, command: c.DecideSubmission, context: Context) -> DomainEvent:
    return e.SubmissionReferredUp(
        **_decided(issue, command),
        responsible=rules.responsible_at(context, issue.village, Tier.COUNTY, concerns=issue.concerns),
        deadline=clock("county", command, context),
    )


def _decline(issue: Issue, command: c.DecideSubmission, context: Context) -> DomainEvent:
    return e.SubmissionDeclined(
        **_decided(issue, command),
        reasons=rules.reasons_given(command.reasons),
        deadline=clock("reply", command, context),
    )


_OUTCOMES = {
    Outcome.APPROVED: _approve,
    Outcome.DEFERRED: _defer,
    Outcome.RETURNED: _return,
    Outcome.REFERRED_UP: _refer_up,
    Outcome.DECLINED: _decline,
}


def record_county_answer(issue: Issue, command: c.RecordCountyAnswer, context: Context) -> tuple[DomainEvent, ...]:
    """L5: the referral is tracked until the county answers."""
    rules.at_stage(issue, {Stage.WITH_COUNTY})
    rule = "handling" if command.outcome is CountyOutcome.SENT_BACK else "reply"
    answered = e.CountyAnswered(
        **next_stamp(issue, command),
        outcome=command.outcome,
        answer=command.answer,
        responsible=rules.responsible_at(context, issue.village, Tier.TOWNSHIP, concerns=issue.concerns),
        deadline=clock(rule, command, context),
    )
    return (answered,)
