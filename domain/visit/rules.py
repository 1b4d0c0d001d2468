"""The guards of the visit diary: each is one sentence, written once. They refuse by raising."""

from collections.abc import Iterable
from datetime import datetime

from domain.commands import Command
from domain.context import Context
from domain.errors import BeforeTheBeginning
from domain.household.words import WelfareReason
from domain.issue.concerned import is_barred
from domain.issue.state import Issue
from domain.issue.words import Channel
from domain.values import Role
from domain.visit import errors as refused
from domain.visit.commands import DiaryCommand, RecordVisit
from domain.visit.state import Diary, Visit
from domain.visit.words import VisitKind


def consent_recorded(context: Context, reason: WelfareReason | None) -> None:
    """A priority visit is for a welfare need to which the household has agreed, and has not withdrawn it (CX9)."""
    if reason is not None and (context.household is None or reason not in context.household.consents):
        raise refused.PriorityNeedsConsent


def not_there_already(diary: Diary | None, command: RecordVisit) -> None:
    """Nobody arrives twice at the same moment: what was entered already counts once."""
    for visit in diary.standing if diary else ():
        if visit.arrived_at == command.occurred_at and not set(command.officers).isdisjoint(visit.officers):
            raise refused.VisitRepeated


def entry_of(diary: Diary | None, entry: int) -> Visit:
    """The visit is in the diary and was not struck."""
    visit = diary.visits.get(entry) if diary else None
    if visit is None or visit.struck:
        raise refused.NoSuchVisit
    return visit


def was_there(visit: Visit, command: Command) -> None:
    """Those who were there change what they wrote, or a station lead does."""
    if command.actor.role is not Role.STATION_LEAD and command.actor.persons.isdisjoint(visit.officers):
        raise refused.NotYourVisit


def leaves_after_arrival(visit: Visit, left_at: datetime | None) -> None:
    """Nobody leaves before they arrive."""
    if left_at is not None and left_at < visit.arrived_at:
        raise BeforeTheBeginning


def issues_of_village(context: Context, command: DiaryCommand, numbers: Iterable[str]) -> tuple[Issue, ...]:
    """Issues are named by their numbers: the village's own, and none that whoever names it may not know of."""
    known = {issue.number: issue for issue in context.others.values()}
    found = []
    for number in dict.fromkeys(numbers):
        issue = known.get(number)
        if issue is None or issue.village != command.village or is_barred(command.actor.user, issue.concerns, context):
            raise refused.UnknownIssue
        found.append(issue)
    return tuple(found)


def no_form_yet(visit: Visit) -> None:
    """One opinion form a visit."""
    if visit.has_form:
        raise refused.FormAlreadyIn


def found_on_inspection(visit: Visit, issue: Issue) -> None:
    """A hazard is an issue that came by inspection, and was found on one (SG10, PC4)."""
    if visit.kind is not VisitKind.HAZARD or issue.channel is not Channel.HAZARD_INSPECTION:
        raise refused.NotAHazard
    if issue.number in visit.hazards:
        raise refused.HazardAlreadyIn
