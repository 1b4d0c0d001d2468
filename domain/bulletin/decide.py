"""What each command to a bulletin does: the table at the foot. Pure.

Called by casework through domain/elsewhere.py; what the figures are stands in figures.py, guards in rules.py.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from domain.bulletin import commands as c
from domain.bulletin import errors as refused
from domain.bulletin import events as e
from domain.bulletin import rules
from domain.bulletin.figures import Asked, Drawn, Figures, station_of
from domain.bulletin.state import Bulletin, fold
from domain.bulletin.words import Handling
from domain.commands import stamp
from domain.context import Context, Log
from domain.events import DomainEvent
from domain.issue.rules import another_person, is_due
from domain.organisation.state import Organisation
from domain.periods import Cycle, Period
from domain.spot_check.basis import in_charge

Decision = Callable[[Bulletin | None, Any, Context], DomainEvent]


def decide(bulletin: Bulletin | None, command: c.BulletinCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The event that `command` causes. Raises a Refusal; then nothing happened."""
    return (DECISIONS[type(command)](bulletin, command, context),)


def needs(command: c.BulletinCommand, log: Log) -> dict[str, Any]:
    """Who serves where; for figures what the log says; the issues that are named or taken off."""
    found: dict[str, Any] = {"organisation": log.organisation()}
    known = fold(log.history(command.stream_id))
    if isinstance(command, c.DrawUpBulletin) and known is not None and known.drawn is None:
        found["bulletin"] = log.bulletin_basis(asked_of(known), known.opened.draw_up_at)
    elif isinstance(command, c.CorrectBulletin) and known is not None and known.issued is not None:
        found["bulletin"] = log.bulletin_basis(asked_of(known), None)
    elif isinstance(command, c.NameInBulletin):
        found["others"] = log.issues_numbered((command.issue,))
    elif isinstance(command, c.TakeOffBulletin) and known is not None and command.item in known.items:
        found["others"] = log.issues_numbered((known.items[command.item].named.issue,))
    return found


def asked_of(bulletin: Bulletin) -> Asked:
    """Which figures the bulletin tells: now, and whenever they are drawn up again."""
    fixed = bulletin.opened
    return Asked(fixed.place, Period.containing(fixed.first, Cycle.MONTH), fixed.draw_up_at)


def _next(bulletin: Bulletin | None, command: c.BulletinCommand) -> dict[str, Any]:
    version = (bulletin.version if bulletin else 0) + 1
    return {**stamp(command.stream_id, version, command), "place": command.place, "period": command.period.name}


def _organisation(context: Context) -> Organisation:
    if context.organisation is None:
        raise TypeError("bulletins are decided on what casework has loaded")
    return context.organisation


def open_bulletin(bulletin: Bulletin | None, command: c.OpenBulletin, context: Context) -> DomainEvent:
    """On its day; recorded at or after the moment of drawing up, so that a head for it there is."""
    organisation = _organisation(context)
    asked = rules.asked_for(context, organisation, command.place, command.period)
    rules.not_opened(bulletin)
    is_due(asked.draw_up_at(command.period), context.now)
    return e.BulletinOpened(
        **_next(None, command),
        first=command.period.first,
        last=command.period.last,
        villages=tuple(sorted(organisation.villages_under(command.place))),
        plan=context.plan.id,
        basis=asked.basis,
        draw_up_at=asked.draw_up_at(command.period),
        issue_by=asked.issue_by(command.period),
        propose_at_most=asked.propose_at_most,
    )


def draw_up(bulletin: Bulletin | None, command: c.DrawUpBulletin, context: Context) -> DomainEvent:
    """From the log's head: whoever asks, and whenever, the figures are the same."""
    known = rules.opened(bulletin)
    rules.not_drawn_up(known)
    drawn = _drawn(context)
    late = drawn.figures.late[: known.opened.propose_at_most]
    proposed = tuple(
        e.Named(item=number, issue=it.issue, place=it.place, unit=it.unit, handling=Handling.LATE)
        for number, it in enumerate(late, 1)
    )
    return e.BulletinDrawnUp(
        **_next(known, command),
        head=drawn.head,
        as_of=known.opened.draw_up_at,
        figures=drawn.figures,
        proposed=proposed,
        issue_by=known.opened.issue_by,
        told=_committee(command, context),
    )


def _drawn(context: Context) -> Drawn:
    if context.bulletin is None:
        raise refused.BulletinNotSealed
    return context.bulletin


def name(bulletin: Bulletin | None, command: c.NameInBulletin, context: Context) -> DomainEvent:
    """By somebody who had no hand in the issue; the office is the one that answers for it."""
    known = rules.opened(bulletin)
    rules.drawn_up(known)
    rules.not_issued(known)
    organisation = _organisation(context)
    issue = rules.to_be_named(known, command, context, organisation)
    rules.no_hand_in_it((issue,), command)
    named = e.Named(
        item=max(known.items, default=0) + 1,
        issue=issue.number,
        place=station_of(organisation, issue.village, command.place) or command.place,
        unit=issue.responsible.unit,
        handling=command.handling,
        post=command.post,
    )
    return e.ItemNamed(**_next(known, command), named=named)


def take_off(bulletin: Bulletin | None, command: c.TakeOffBulletin, context: Context) -> DomainEvent:
    """With a cause, and by nobody who had a hand in the issue."""
    known = rules.opened(bulletin)
    rules.not_issued(known)
    rules.item_of(known, command.item)
    rules.no_hand_in_it(context.others.values(), command)
    return e.ItemTakenOff(**_next(known, command), item=command.item, cause=command.cause)


def issue_it(bulletin: Bulletin | None, command: c.IssueBulletin, context: Context) -> DomainEvent:
    """By another person than those who named or took off something; late if it is entered when its day is over."""
    known = rules.opened(bulletin)
    drawn = rules.drawn_up(known)
    rules.not_issued(known)
    another_person(command.actor.persons, known.hands)
    return e.BulletinIssued(
        **_next(known, command),
        items=tuple(it.named.item for it in known.standing),
        late=context.now > known.opened.issue_by,
        told=_concerned((it.named for it in known.standing), drawn.figures, context),
    )


def record_overdue(bulletin: Bulletin | None, command: c.RecordBulletinOverdue, context: Context) -> DomainEvent:
    """Once; the committee is told, and whoever stands above it."""
    known = rules.opened(bulletin)
    rules.not_told_overdue(known, context.now)
    committee = _committee(command, context)
    above = context.directory.superiors_of(committee[0]) if committee else frozenset[str]()
    return e.BulletinOverdue(
        **_next(known, command), issue_by=known.opened.issue_by, told=(*committee, *sorted(above - set(committee)))
    )


def correct(bulletin: Bulletin | None, command: c.CorrectBulletin, context: Context) -> DomainEvent:
    """By another person than issued it; the figures are drawn up again from what the log holds now."""
    known = rules.opened(bulletin)
    another_person(command.actor.persons, rules.issued(known).actor.persons)
    struck = tuple(dict.fromkeys(command.struck))
    items = [rules.item_of(known, number).named for number in struck]
    drawn = _drawn(context)
    return e.BulletinCorrected(
        **_next(known, command),
        number=len(known.corrections) + 1,
        reason=command.reason,
        head=drawn.head,
        as_of=known.opened.draw_up_at,
        figures=drawn.figures,
        struck=struck,
        told=_concerned(items, drawn.figures, context),
    )


def _committee(command: c.BulletinCommand, context: Context) -> tuple[str, ...]:
    township = _organisation(context).place(command.place)
    return context.directory.committee_of(township.name) if township else ()


def _concerned(named: Iterable[e.Named], figures: Figures, context: Context) -> tuple[str, ...]:
    """Who answers for what is named, and for the stations of which something is missing: each once."""
    organisation = _organisation(context)
    people: list[str | None] = []
    for it in named:
        village = it.issue.partition("-")[0]
        if it.unit.startswith("station:"):
            people += in_charge(context, (village,))
        else:
            people.append(context.directory.head_of(it.unit, village))
    for line in figures.places:
        if line.missing or line.unanswered:
            people += _answering_for(line.place, organisation, context)
    return tuple(dict.fromkeys(who for who in people if who is not None))


def _answering_for(place: str, organisation: Organisation, context: Context) -> tuple[str | None, ...]:
    """Who is in charge at a station; for the township's offices, its head."""
    villages = sorted(organisation.villages_under(place))
    if place == organisation.township_of(place):
        return (context.directory.head_of("township", villages[0]),) if villages else ()
    return in_charge(context, villages)


DECISIONS: Final[Mapping[type[c.BulletinCommand], Decision]] = {
    c.OpenBulletin: open_bulletin,
    c.DrawUpBulletin: draw_up,
    c.NameInBulletin: name,
    c.TakeOffBulletin: take_off,
    c.IssueBulletin: issue_it,
    c.RecordBulletinOverdue: record_overdue,
    c.CorrectBulletin: correct,
}
