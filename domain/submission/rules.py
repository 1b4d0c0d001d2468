"""The guards of handing in: each is one sentence, written once. They refuse by raising."""

from datetime import datetime

from domain.context import Context
from domain.duty.facts import counted_at
from domain.issue.rules import another_person, is_due
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.submission import errors as refused
from domain.submission.commands import HandInSubmission, OnSubmission, SubmissionCommand
from domain.submission.policy import OwedBy, Submission
from domain.submission.state import Item, Standing, SubmissionPeriod
from domain.values import Role


def asked_for(context: Context, organisation: Organisation, command: SubmissionCommand) -> dict[str, Submission]:
    """The plan in force asks for something of that period at that place."""
    at = counted_at(organisation, command.place)
    asked = {key: it for key, it in context.plan.submissions.items() if it.at is at and it.asked_in(command.period)}
    if not asked:
        raise refused.SubmissionsNotAsked
    return asked


def not_before_us(context: Context, command: SubmissionCommand) -> None:
    """Nothing is owed for a period that began before the plan was in force here."""
    if context.is_before_us(command.period.starts_at):
        raise refused.SubmissionsNotAsked


def not_listed(period: SubmissionPeriod | None) -> None:
    """What is owed for a period is listed once."""
    if period is not None:
        raise refused.SubmissionsListed


def listed(period: SubmissionPeriod | None) -> SubmissionPeriod:
    """What is owed for the period is listed."""
    if period is None:
        raise refused.SubmissionsNotOpen
    return period


def owed(period: SubmissionPeriod, command: OnSubmission) -> Item:
    """They owe that."""
    item = period.items.get((command.submission, command.owner))
    if item is None:
        raise refused.NotOwed
    return item


def not_in_yet(item: Item) -> None:
    """What was handed in is not replaced, unless it was returned."""
    if item.standing is not Standing.OWED:
        raise refused.HandedInAlready


def has_content(item: Item, command: HandInSubmission) -> None:
    """A paper, but for ledgers that are kept here anyway."""
    if command.paper is None and not item.owed.kept:
        raise refused.PaperNeeded


def of_the_owner(organisation: Organisation, item: Item, command: OnSubmission, now: datetime) -> None:
    """Whoever serves at the place that owes it, in it, or above it below the county; an officer's own, that officer."""
    if item.owed.by is OwedBy.OFFICER:
        if item.owed.owner not in command.actor.persons:
            raise refused.NotYours
        return
    of_the_place(organisation, item.owed.owner, command, now)


def of_the_place(organisation: Organisation, code: str, command: OnSubmission, now: datetime) -> None:
    """They serve at the place, in it, or above it; of the county only its committee, where townships have none."""
    of_county = command.actor.role is Role.COMMITTEE_MEMBER
    above = {it.code for it in organisation.upwards(code) if of_county or it.kind is not PlaceKind.COUNTY}
    posts = (it for it in organisation.posts_of(command.actor.user, now) if it.role is command.actor.role)
    if not any(it.place in above or code in {up.code for up in organisation.upwards(it.place)} for it in posts):
        raise refused.NotYours


def waits_for_signature(item: Item, command: OnSubmission) -> None:
    """What was handed in unsigned is signed by another person (CX15)."""
    if item.standing is not Standing.TO_SIGN:
        raise refused.NothingToSign
    another_person(command.actor.persons, item.brought_by)


def was_handed_in(item: Item, command: OnSubmission) -> None:
    """What was handed in is returned, never by whoever brought or signed it."""
    if item.standing is Standing.OWED:
        raise refused.NotHandedIn
    another_person(command.actor.persons, item.brought_by | item.signed_by)


def to_remind_of(period: SubmissionPeriod, moment: datetime, now: datetime) -> tuple[Item, ...]:
    """What is missing is told once, at its moment, and not when it is due already."""
    is_due(moment, now)
    found = tuple(
        it
        for it in period.items.values()
        if it.owed.remind_at == moment and it.standing is not Standing.IN and now < it.owed.due_at
    )
    if not found or moment in period.reminded:
        raise refused.NothingMissing
    return found


def missed_by(period: SubmissionPeriod, moment: datetime, now: datetime) -> tuple[Item, ...]:
    """Nothing is missing before it was due, and nothing is judged twice."""
    is_due(moment, now)
    found = tuple(it for it in period.items.values() if it.missing_at(moment))
    if not found:
        raise refused.NothingMissing
    return found
