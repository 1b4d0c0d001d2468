"""Replied, delivered, rated, reviewed, closed, looked back at (L11, L12)."""

from datetime import datetime, timedelta

from domain import errors
from domain.context import Context
from domain.events import DomainEvent
from domain.fund.words import Freed
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import rules
from domain.issue.decisions.ending import campaign_over, copies_delivered, look_back_due
from domain.issue.decisions.funding import released
from domain.issue.decisions.intake import clock, next_stamp
from domain.issue.state import Issue
from domain.issue.words import Rating, Stage

_AFTER_REPLY = frozenset({Stage.FEEDBACK, Stage.ANSWERED, Stage.REVIEW, Stage.RECHECK, Stage.CLOSED})
_REVIEWABLE = frozenset({Stage.ANSWERED, Stage.FEEDBACK, Stage.CLOSED})
_RECHECKABLE = frozenset({Stage.ANSWERED, Stage.CLOSED})


def give_reply(issue: Issue, command: c.GiveReply, context: Context) -> tuple[DomainEvent, ...]:
    """L11: the written reply; households of issues merged into this one have their answer too (L13)."""
    rules.at_stage(issue, {Stage.REPLY})
    asks_household = issue.household is not None
    reply = e.ReplyGiven(
        **next_stamp(issue, command),
        findings=command.findings,
        opinion=command.opinion,
        basis=command.basis,
        review_until=review_window(command.occurred_at, context),
        deadline=clock("feedback" if asks_household else "closing", command, context),
        asks_household=asks_household,
    )
    shared = (
        e.AnswerShared(
            **next_stamp(other, command), answered_in=issue.issue_id, findings=command.findings, opinion=command.opinion
        )
        for other in context.others.values()
    )
    return (reply, *shared)


def review_window(since: datetime, context: Context) -> datetime:
    """L11: until when a review, or after it a re-check, can be asked for."""
    return since + timedelta(days=context.plan.feedback.review_within_days)


def deliver(issue: Issue, command: c.DeliverReply, context: Context) -> tuple[DomainEvent, ...]:
    """L11: each of the four copies has its own delivery record."""
    rules.at_stage(issue, _AFTER_REPLY)
    if command.copy_for in issue.copies:
        raise errors.CopyAlreadyDelivered
    return (e.ReplyDelivered(**next_stamp(issue, command), copy_for=command.copy_for, method=command.method),)


def rate(issue: Issue, command: c.RateAnswer, context: Context) -> tuple[DomainEvent, ...]:
    """L11: dissatisfied reopens the issue a tier up, as often as the plan says; after that, a review."""
    rules.at_stage(issue, {Stage.FEEDBACK})
    reopens = command.rating is Rating.DISSATISFIED and issue.reopenings < context.plan.feedback.max_reopenings
    rated = e.AnswerRated(
        **next_stamp(issue, command),
        rating=command.rating,
        contacted=command.contacted,
        remark=command.remark,
        deadline=None if reopens else clock("closing", command, context),
    )
    return (rated, *_reopened(issue, command, context, "dissatisfied")) if reopens else (rated,)


def _reopened(issue: Issue, command: c.IssueCommand, context: Context, why: str) -> tuple[DomainEvent, ...]:
    """The second event of what went before; the money that was not paid yet goes back."""
    tier = rules.next_tier(issue.tier)
    again = e.IssueReopened(
        **next_stamp(issue, command, 2),
        why=why,
        tier=tier,
        responsible=rules.responsible_at(context, issue.village, tier, concerns=issue.concerns),
        deadline=clock("acceptance", command, context),
    )
    return (again, *released(issue, command, context, Freed.REOPENED))


def close_silently(issue: Issue, command: c.CloseSilently, context: Context) -> tuple[DomainEvent, ...]:
    """L11: the household kept silent until the limit; the issue is closed as answered."""
    rules.at_stage(issue, {Stage.FEEDBACK})
    if issue.deadline is None:
        raise errors.NoDeadline
    rules.is_due(issue.deadline.missed_at, context.now)
    silent = e.HouseholdSilent(**next_stamp(issue, command), limit=issue.deadline.due_at)
    return (silent, e.IssueClosed(**next_stamp(issue, command, 2), look_back=look_back_due(command, context)))


def may_ask_for_review(issue: Issue, at: datetime) -> bool:
    """Whether the time that the reply named still runs, and no review was decided yet."""
    in_time = issue.review_until is not None and at <= issue.review_until
    return issue.stage in _REVIEWABLE and in_time and not issue.reviewed


def may_ask_for_recheck(issue: Issue, at: datetime) -> bool:
    """Whether the time that the review named still runs, and nothing was re-checked yet."""
    in_time = issue.recheck_until is not None and at <= issue.recheck_until
    return issue.stage in _RECHECKABLE and in_time and not issue.rechecked


def request_review(issue: Issue, command: c.RequestReview, context: Context) -> tuple[DomainEvent, ...]:
    """L11: a formal review 复查, once, within the time the reply named."""
    rules.at_stage(issue, _REVIEWABLE)
    if not may_ask_for_review(issue, command.occurred_at):
        raise errors.ReviewNotOpen
    requested = e.ReviewRequested(
        **next_stamp(issue, command),
        grounds=command.grounds,
        deadline=clock("review", command, context),
        told=rules.second_person(issue, context, rules.had_a_hand_in(issue)),
    )
    return (requested,)


def decide_review(issue: Issue, command: c.DecideReview, context: Context) -> tuple[DomainEvent, ...]:
    """L11: decided by someone who did not handle the case. Upheld: the reply stands. Otherwise it is handled again."""
    rules.at_stage(issue, {Stage.REVIEW})
    rules.another_person(command.actor.persons, rules.had_a_hand_in(issue))
    decided = e.ReviewDecided(
        **next_stamp(issue, command),
        upheld=command.upheld,
        opinion=command.opinion,
        recheck_until=review_window(command.occurred_at, context),
        deadline=clock("closing", command, context) if command.upheld else None,
    )
    return (decided,) if command.upheld else (decided, *_reopened(issue, command, context, "review_not_upheld"))


def request_recheck(issue: Issue, command: c.RequestRecheck, context: Context) -> tuple[DomainEvent, ...]:
    """L11: the re-check 复核, once, after the review."""
    rules.at_stage(issue, _RECHECKABLE)
    if not may_ask_for_recheck(issue, command.occurred_at):
        raise errors.ReviewNotOpen
    requested = e.RecheckRequested(
        **next_stamp(issue, command),
        grounds=command.grounds,
        deadline=clock("recheck", command, context),
        told=rules.second_person(issue, context, rules.had_a_hand_in(issue)),
    )
    return (requested,)


def decide_recheck(issue: Issue, command: c.DecideRecheck, context: Context) -> tuple[DomainEvent, ...]:
    """L11: the last word on the same facts."""
    rules.at_stage(issue, {Stage.RECHECK})
    rules.another_person(command.actor.persons, rules.had_a_hand_in(issue))
    decided = e.RecheckDecided(
        **next_stamp(issue, command),
        upheld=command.upheld,
        opinion=command.opinion,
        deadline=clock("closing", command, context) if command.upheld else None,
    )
    return (decided,) if command.upheld else (decided, *_reopened(issue, command, context, "recheck_not_upheld"))


def close(issue: Issue, command: c.CloseIssue, context: Context) -> tuple[DomainEvent, ...]:
    """L12: only with an answer given, and only when the household had its say."""
    if not issue.replied:
        raise errors.NothingReplied
    if issue.stage is Stage.FEEDBACK:
        raise errors.HouseholdStillAsked
    rules.at_stage(issue, {Stage.ANSWERED})
    if not command.waive_look_back:
        copies_delivered(issue, context)
    if command.waive_look_back and issue.source is None:
        raise errors.LookBackWaived
    look_back = None if command.waive_look_back else look_back_due(command, context)
    return (e.IssueClosed(**next_stamp(issue, command), look_back=look_back),)


def record_look_back(issue: Issue, command: c.RecordLookBack, context: Context) -> tuple[DomainEvent, ...]:
    """L12: a different officer checks that it still holds; if not, the issue reopens."""
    rules.at_stage(issue, {Stage.CLOSED})
    rules.another_person(command.actor.persons, rules.had_a_hand_in(issue))
    campaign_over(issue, command)
    if command.holds:
        return (e.LookBackPassed(**next_stamp(issue, command), findings=command.findings),)
    failed = e.LookBackFailed(**next_stamp(issue, command), findings=command.findings)
    return (failed, *_reopened(issue, command, context, "look_back_failed"))
