"""What each command to a period's submissions does: the table at the foot. Pure.

Called by casework, which loads the organisation. The process lists, reminds and records what is missing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from domain.commands import stamp
from domain.context import Context, Log
from domain.events import DomainEvent
from domain.issue.rules import is_due
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.submission import commands as c
from domain.submission import events as e
from domain.submission import rules
from domain.submission.policy import OwedBy, Submission
from domain.submission.state import Item, SubmissionPeriod
from domain.values import Role

_ANSWER_FOR: Final = (Role.CASE_HANDLER, Role.STATION_LEAD, Role.DEPARTMENT)
Events = tuple[DomainEvent, ...]
Decision = Callable[[SubmissionPeriod | None, Any, Context], Events]


def decide(state: SubmissionPeriod | None, command: c.SubmissionCommand, context: Context) -> Events:
    """The events that `command` causes. Raises a Refusal; then nothing happened."""
    return DECISIONS[type(command)](state, command, context)


def needs(_: c.SubmissionCommand, log: Log) -> dict[str, Any]:
    """Who serves where."""
    return {"organisation": log.organisation()}


def _next(period: SubmissionPeriod | None, command: c.SubmissionCommand, ahead: int = 0) -> dict[str, Any]:
    version = (period.version if period else 0) + 1 + ahead
    return {**stamp(command.stream_id, version, command), "place": command.place, "period": command.period.name}


def open_submissions(period: SubmissionPeriod | None, command: c.OpenSubmissions, context: Context) -> Events:
    """Who owes what until when; fixed by the plan of the first day."""
    organisation = _organisation(context)
    asked = rules.asked_for(context, organisation, command)
    rules.not_listed(period)
    rules.not_before_us(context, command)
    is_due(command.period.starts_at, context.now)
    owed = tuple(
        _owed(key, it, owner, command) for key, it in asked.items() for owner in _owners(it, organisation, command)
    )
    return (
        e.SubmissionsOpened(
            **_next(None, command),
            villages=tuple(sorted(organisation.villages_under(command.place))),
            first=command.period.first,
            last=command.period.last,
            plan=context.plan.id,
            owed=owed,
        ),
    )


def _owed(key: str, asked: Submission, owner: str, command: c.SubmissionCommand) -> e.Owed:
    return e.Owed(
        submission=key,
        basis=asked.basis,
        by=asked.by,
        owner=owner,
        due_at=asked.due_at(command.period),
        remind_at=asked.remind_at(command.period),
        kept=asked.kept,
        signed=asked.signed,
    )


def _owners(asked: Submission, organisation: Organisation, command: c.SubmissionCommand) -> tuple[str, ...]:
    open_places = {code: it for code, it in organisation.places.items() if not it.closed}
    match asked.by:
        case OwedBy.VILLAGE:
            return tuple(sorted(organisation.villages_under(command.place) & open_places.keys()))
        case OwedBy.DEPARTMENT:
            departments = (it for it in open_places.values() if it.kind is PlaceKind.DEPARTMENT)
            return tuple(sorted(it.code for it in departments if it.parent == command.place))
        case OwedBy.OFFICER:
            return tuple(sorted(_officers(asked, organisation, command)))
    return (command.place,)


def _officers(asked: Submission, organisation: Organisation, command: c.SubmissionCommand) -> Iterator[str]:
    """Those of the ranks who serve at the place or in it, or are linked to a village of it, as the period begins."""
    begins, villages = command.period.starts_at, organisation.villages_under(command.place)
    everybody = {it.officer for posts in organisation.appointments.values() for it in posts if it.period.holds(begins)}
    for officer in everybody:
        held = [
            it
            for posts in organisation.appointments.values()
            for it in posts
            if it.officer == officer and it.period.holds(begins) and (not asked.who or it.rank in asked.who)
        ]
        here = any(command.place in {up.code for up in organisation.upwards(it.place)} for it in held)
        if here or (held and organisation.linked_villages(officer, begins) & villages):
            yield officer


def remind(period: SubmissionPeriod | None, command: c.RemindSubmissions, context: Context) -> Events:
    """What is missing, some days before it is due."""
    known = rules.listed(period)
    missing = rules.to_remind_of(known, command.occurred_at, context.now)
    return (
        e.SubmissionsReminded(
            **_next(known, command), missing=tuple(map(_owing, missing)), told=_told(missing, command, context)
        ),
    )


def record_missed(period: SubmissionPeriod | None, command: c.RecordMissedSubmissions, context: Context) -> Events:
    """缺报 of everything that was due and did not come; for good."""
    known = rules.listed(period)
    missing = rules.missed_by(known, command.occurred_at, context.now)
    return tuple(_missed(known, command, item, context, ahead) for ahead, item in enumerate(missing))


def hand_in(period: SubmissionPeriod | None, command: c.HandInSubmission, context: Context) -> Events:
    """In time if it is entered before it is due; a miss that the process has not written down yet comes before it."""
    known = rules.listed(period)
    item = rules.owed(known, command)
    rules.of_the_owner(_organisation(context), item, command, context.now)
    rules.not_in_yet(item)
    rules.has_content(item, command)
    before = _missed_before(known, command, item, context)
    handed_in = e.SubmissionHandedIn(
        **_next(known, command, len(before)),
        submission=command.submission,
        owner=command.owner,
        paper=command.paper,
        due_at=item.owed.due_at,
        complete=not item.owed.signed,
        late=context.now >= item.owed.due_at,
    )
    return (*before, handed_in)


def sign(period: SubmissionPeriod | None, command: c.SignHandIn, context: Context) -> Events:
    """With the signature it is in; that is the time that counts (CX15)."""
    known = rules.listed(period)
    item = rules.owed(known, command)
    rules.waits_for_signature(item, command)
    place = command.place if item.owed.by is OwedBy.OFFICER else item.owed.owner
    rules.of_the_place(_organisation(context), place, command, context.now)
    before = _missed_before(known, command, item, context)
    signed = e.HandInSigned(
        **_next(known, command, len(before)),
        submission=command.submission,
        owner=command.owner,
        due_at=item.owed.due_at,
        late=context.now >= item.owed.due_at,
    )
    return (*before, signed)


def return_submission(period: SubmissionPeriod | None, command: c.ReturnSubmission, _: Context) -> Events:
    """It is owed again: missed when its time comes, unless it comes before; never if it was in at that time."""
    known = rules.listed(period)
    item = rules.owed(known, command)
    rules.was_handed_in(item, command)
    returned = e.SubmissionReturned(
        **_next(known, command),
        submission=command.submission,
        owner=command.owner,
        fault=command.fault,
        told=tuple(sorted(item.brought_by)),
    )
    return (returned,)


def _missed_before(known: SubmissionPeriod, command: c.OnSubmission, item: Item, context: Context) -> Events:
    return (_missed(known, command, item, context),) if item.missing_at(context.now) else ()


def _missed(
    known: SubmissionPeriod, command: c.SubmissionCommand, item: Item, context: Context, ahead: int = 0
) -> e.SubmissionMissed:
    envelope = {**_next(known, command, ahead), "occurred_at": item.owed.due_at}
    return e.SubmissionMissed(**envelope, **_owing(item).model_dump(), told=_told((item,), command, context))


def _told(items: Iterable[Item], command: c.SubmissionCommand, context: Context) -> tuple[str, ...]:
    """An officer of their own; of a place's those in charge there, or else of the nearest above."""
    organisation = _organisation(context)
    people: set[str | None] = set()
    for item in items:
        if item.owed.by is OwedBy.OFFICER:
            people.add(item.owed.owner)
        else:
            people |= _in_charge(organisation, item.owed.owner, command)
    return tuple(sorted(it for it in people if it is not None))


def _in_charge(organisation: Organisation, place: str, command: c.SubmissionCommand) -> set[str | None]:
    for above in organisation.upwards(place):
        found = {organisation.in_charge(role, above.code, command.occurred_at) for role in _ANSWER_FOR}
        if found != {None}:
            return found
    return set()


def _owing(item: Item) -> e.Owing:
    return e.Owing(submission=item.owed.submission, owner=item.owed.owner, due_at=item.owed.due_at)


def _organisation(context: Context) -> Organisation:
    if context.organisation is None:
        raise TypeError("submissions are decided on what casework has loaded")
    return context.organisation


DECISIONS: Final[Mapping[type[c.SubmissionCommand], Decision]] = {
    c.OpenSubmissions: open_submissions,
    c.RemindSubmissions: remind,
    c.RecordMissedSubmissions: record_missed,
    c.HandInSubmission: hand_in,
    c.SignHandIn: sign,
    c.ReturnSubmission: return_submission,
}
