"""What each command to the visit diary does: the table at the foot. Pure.

Called by casework, which loads the issues that a visit names and the household it went to, and seals the words.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from domain.commands import stamp
from domain.context import Context, Log
from domain.events import DomainEvent
from domain.issue import rules as common
from domain.issue.concerned import may_act
from domain.visit import commands as c
from domain.visit import events as e
from domain.visit import rules
from domain.visit.state import Diary
from domain.visit.words import OPINION_CATEGORIES

Decision = Callable[[Diary | None, Any, Context], DomainEvent]


def decide(diary: Diary | None, command: c.DiaryCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The event that `command` causes. Raises a Refusal; then nothing happened."""
    common.role_may(command)
    common.happened_by(context.now, command.occurred_at)
    return (DECISIONS[type(command)](diary, command, context),)


def household_of(diary: Diary | None, command: c.DiaryCommand, context: Context) -> tuple[str, str] | None:
    """Whose words a command brings: of the household visited; of a hazard, of the one that reported it."""
    if isinstance(command, c.RegisterHazard):
        issue = next(iter(context.others.values()), None)
        household = issue.household if issue else None
    elif isinstance(command, c.EntryCommand):
        visit = diary.visits.get(command.entry) if diary else None
        household = visit.household if visit else None
    else:
        household = getattr(command, "household", None)
    return None if household is None else (command.village, household)


def needs(command: c.DiaryCommand, log: Log) -> dict[str, Any]:
    """The issues that a command names, and the household whose consent a priority visit needs."""
    found: dict[str, Any] = {}
    match command:
        case c.RecordVisit(household=str(household)) if command.priority is not None:
            found["household"] = log.household(command.village, household)
    match command:
        case c.RecordVisit() | c.CorrectVisit():
            found["others"] = log.issues_numbered(command.issues or ())
        case c.RegisterHazard():
            found["others"] = log.issues_numbered((command.issue,))
    return found


def _next(diary: Diary | None, command: c.DiaryCommand, context: Context) -> dict[str, Any]:
    version = diary.version + 1 if diary else 1
    return {**stamp(command.stream_id, version, command), "entered_at": context.now}


def record(diary: Diary | None, command: c.RecordVisit, context: Context) -> DomainEvent:
    """It counts for the day on which they came; entered long after, it is marked as late."""
    common.open_village(context, command.village)
    rules.not_there_already(diary, command)
    rules.consent_recorded(context, command.priority)
    rules.issues_of_village(context, command, command.issues)
    late_after = context.plan.recording.late_after_days
    return e.VisitRecorded(
        **_next(diary, command, context),
        entry=len(diary.visits) + 1 if diary else 1,
        village=command.village,
        month=command.month,
        kind=command.kind,
        household=command.household,
        place=command.place,
        officers=command.officers,
        left_at=command.left_at,
        said=command.said,
        done=command.done,
        issues=tuple(dict.fromkeys(command.issues)),
        next_visit=command.next_visit,
        priority=command.priority,
        late=context.now - command.occurred_at > timedelta(days=late_after),
        late_after_days=late_after,
        plan=context.plan.id,
    )


def correct(diary: Diary | None, command: c.CorrectVisit, context: Context) -> DomainEvent:
    """By those who were there; when, where and who it was stays: a visit wrong in these is struck."""
    visit = rules.entry_of(diary, command.entry)
    rules.was_there(visit, command)
    rules.leaves_after_arrival(visit, command.left_at)
    rules.issues_of_village(context, command, command.issues or ())
    return e.VisitCorrected(
        **_next(diary, command, context),
        entry=visit.entry,
        said=command.said,
        done=command.done,
        left_at=command.left_at,
        next_visit=command.next_visit,
        issues=command.issues,
        reason=command.reason,
    )


def strike(diary: Diary | None, command: c.StrikeVisit, context: Context) -> DomainEvent:
    """What was entered wrongly counts no more."""
    visit = rules.entry_of(diary, command.entry)
    rules.was_there(visit, command)
    return e.VisitStruck(**_next(diary, command, context), entry=visit.entry, reason=command.reason)


def collect(diary: Diary | None, command: c.CollectOpinions, context: Context) -> DomainEvent:
    """Every visit brings back a form; nobody collects one that complains of themselves or somebody above them."""
    visit = rules.entry_of(diary, command.entry)
    rules.was_there(visit, command)
    may_act(command.actor, command.concerns, context)
    rules.no_form_yet(visit)
    said = {name: getattr(command, name) for name in (*OPINION_CATEGORIES, "suggestion", "reply_by")}
    return e.OpinionsCollected(
        **_next(diary, command, context),
        entry=visit.entry,
        village=command.village,
        month=command.month,
        reply_wanted=command.reply_wanted,
        concerns=command.concerns,
        **said,
    )


def register_hazard(diary: Diary | None, command: c.RegisterHazard, context: Context) -> DomainEvent:
    """A hazard is kept as the issue that it is; the register adds its level and what is required."""
    visit = rules.entry_of(diary, command.entry)
    (issue,) = rules.issues_of_village(context, command, (command.issue,))
    rules.found_on_inspection(visit, issue)
    return e.HazardRegistered(
        **_next(diary, command, context),
        entry=visit.entry,
        village=command.village,
        issue=command.issue,
        level=command.level,
        requirement=command.requirement,
    )


DECISIONS: Final[Mapping[type[c.DiaryCommand], Decision]] = {
    c.RecordVisit: record,
    c.CorrectVisit: correct,
    c.StrikeVisit: strike,
    c.CollectOpinions: collect,
    c.RegisterHazard: register_hazard,
}
