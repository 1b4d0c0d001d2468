"""Planned to be put right, marked as backlog, filed as final (L12, LL5, PC5)."""

from domain import errors
from domain.commands import Command
from domain.context import Context
from domain.deadlines import Deadline, reckon
from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import errors as refused
from domain.issue import events as e
from domain.issue import rules
from domain.issue.concerned import may_be_named
from domain.issue.decisions.intake import clock, next_stamp
from domain.issue.policy import FinalFiling
from domain.issue.state import Issue
from domain.issue.words import OPEN_STAGES, UNANSWERED_STAGES, Channel, CopyFor, Stage
from domain.plan_parts import Rule
from domain.values import LOCAL_ZONE

_MAY_BE_FINAL = frozenset({Stage.ANSWERED, Stage.CLOSED})


def plan_rectification(issue: Issue, command: c.PlanRectification, context: Context) -> tuple[DomainEvent, ...]:
    """LL5: what is to be done, by which unit and person, until when; a later plan takes the place of an earlier."""
    rules.at_stage(issue, UNANSWERED_STAGES)
    may_be_named(command.person, issue.concerns, context)
    planned = e.RectificationPlanned(
        **next_stamp(issue, command),
        measures=command.measures,
        unit=command.unit,
        person=command.person,
        due_on=command.due_on,
    )
    return (planned,)


def rectification_planned(issue: Issue, context: Context) -> None:
    """LL5: works found by an inspection are planned before they are done."""
    ending = context.plan.ending
    if ending is not None and issue.channel in ending.plan_works_of and not issue.rectification:
        raise refused.RectificationNeeded


def copies_delivered(issue: Issue, context: Context) -> None:
    """MZ5: whoever is to have the reply has it; nobody's household has none."""
    ending = context.plan.ending
    wanted = set(ending.copies_first) if ending else set()
    if issue.household is None:
        wanted.discard(CopyFor.HOUSEHOLD)
    if not wanted <= issue.copies:
        raise refused.CopiesUndelivered


def look_back_due(command: Command | e.IssueClosed, context: Context) -> Deadline:
    """L12, PC8: the look-back's clock runs from the strike-off; of what a campaign closed, from the campaign's end."""
    ending = context.plan.ending
    if ending is None or ending.campaign is None:
        return clock(Rule.LOOK_BACK, command, context)
    over = ending.campaign.ends_at(command.occurred_at.astimezone(LOCAL_ZONE).year)
    return reckon(Rule.LOOK_BACK, max(command.occurred_at, over), context.plan, context.holidays)


def campaign_over(issue: Issue, command: c.RecordLookBack) -> None:
    """PC8: that it holds can be said only after the campaign; that it does not, at any time."""
    if command.holds and issue.deadline is not None and command.occurred_at < issue.deadline.started_at:
        raise refused.CampaignNotOver


def mark_backlog(issue: Issue, command: c.MarkBacklog, _: Context) -> tuple[DomainEvent, ...]:
    """PC5: a petition that is to be resolved in a campaign."""
    rules.at_stage(issue, OPEN_STAGES | {Stage.CLOSED})
    if issue.channel is not Channel.PETITION:
        raise refused.NotABacklogCase
    if issue.backlog is not None:
        raise errors.AlreadySaid
    return (e.BacklogMarked(**next_stamp(issue, command), campaign=command.campaign),)


def propose_final_filing(issue: Issue, command: c.ProposeFinalFiling, context: Context) -> tuple[DomainEvent, ...]:
    """PC5: one proposes it, with grounds."""
    rules.at_stage(issue, _MAY_BE_FINAL)
    may_be_final(issue, command, context)
    if issue.final_by:
        raise errors.AlreadySaid
    return (e.FinalFilingProposed(**next_stamp(issue, command), grounds=command.grounds),)


def file_as_final(issue: Issue, command: c.FileAsFinal, context: Context) -> tuple[DomainEvent, ...]:
    """PC5: another decides it; nothing more is owed, and it is not opened again."""
    rules.at_stage(issue, _MAY_BE_FINAL)
    filing = may_be_final(issue, command, context)
    if not issue.final_by:
        raise refused.NothingProposed
    rules.another_person(command.actor.persons, issue.final_by | rules.had_a_hand_in(issue))
    return (e.FiledAsFinal(**next_stamp(issue, command), plan=context.plan.id, basis=filing.basis),)


def refuse_final_filing(issue: Issue, command: c.RefuseFinalFiling, _: Context) -> tuple[DomainEvent, ...]:
    """PC5: it goes on as it was, for the reasons given."""
    rules.at_stage(issue, _MAY_BE_FINAL)
    if not issue.final_by:
        raise refused.NothingProposed
    rules.another_person(command.actor.persons, issue.final_by)
    return (e.FinalFilingRefused(**next_stamp(issue, command), reasons=command.reasons),)


def may_be_final(
    issue: Issue, command: c.ProposeFinalFiling | c.FileAsFinal | e.FiledAsFinal, context: Context
) -> FinalFiling:
    """Where the plan has it: after the re-check, or a backlog case that nobody can ask to be reviewed any more."""
    filing = context.plan.ending.final_filing if context.plan.ending else None
    at = command.occurred_at
    windows = (issue.review_until, issue.recheck_until)
    windows_over = all(until is None or until < at for until in windows)
    rechecked = filing is not None and filing.after_recheck and issue.rechecked
    backlog = filing is not None and filing.of_backlog and issue.backlog is not None and windows_over
    if filing is None or not (rechecked or backlog):
        raise refused.NotFinal
    return filing
