"""What each command to a spot check does: the table at the foot. Pure.

Called by casework through domain/elsewhere.py; the draw itself stands in drawing.py and basis.py, guards in rules.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any, Final

from domain import errors as general
from domain.commands import stamp
from domain.context import Context, Log
from domain.deadlines import end_of_day
from domain.events import DomainEvent
from domain.issue.rules import another_person, is_due
from domain.organisation.state import Organisation
from domain.periods import Period
from domain.spot_check import commands as c
from domain.spot_check import errors, rules
from domain.spot_check import events as e
from domain.spot_check.basis import draw_from, in_charge, month_called, stations_of
from domain.spot_check.policy import SpotChecks
from domain.spot_check.state import Check, fold
from domain.spot_check.words import Standing
from domain.values import LOCAL_ZONE
from domain.visit.words import local_day

Decision = Callable[[Check, Any, Context], DomainEvent]
_MORNING: Final = time(9, tzinfo=LOCAL_ZONE)


def draw_moment(policy: SpotChecks, month: Period) -> datetime:
    """When the draw of a month falls due: nine o'clock of its day."""
    return datetime.combine(month.day_of_month(policy.draw_day), _MORNING)


def decide(check: Check | None, command: c.SpotCheckCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The event that `command` causes. Raises a Refusal; then nothing happened."""
    if isinstance(command, c.OnCheck):
        known = rules.of_this_township(check, command)
        rules.not_closed(known)
        rules.has_been_drawn(known)
        return (DECISIONS[type(command)](known, command, context),)
    return (BEGINNINGS[type(command)](check, command, context),)


def needs(command: c.SpotCheckCommand, log: Log) -> dict[str, Any]:
    """Who serves where; for the draw, the log's head and what is drawn from; the issue that a finding is about."""
    if isinstance(command, c.DrawSpotCheck):
        check = fold(log.history(command.stream_id))
        at = check.announced.draw_at if check and check.announced else None
        return {} if at is None else {"draw_basis": log.draw_basis(command.township, at)}
    found: dict[str, Any] = {"organisation": log.organisation()}
    if isinstance(command, c.RecordFinding) and command.item is not None:
        found["others"] = log.issues_numbered((command.item,))
    return found


def household_of(check: Check | None, command: c.SpotCheckCommand, context: Context) -> tuple[str, str] | None:
    """Whose words a command brings: those about an issue are its household's."""
    if isinstance(command, c.RecordFinding):
        issue = next(iter(context.others.values()), None)
        return (issue.village, issue.household) if issue and issue.household else None
    found = check.findings.get(command.finding) if check and isinstance(command, c.OnFinding) else None
    return (found.village, found.household) if found and found.village and found.household else None


def _organisation(context: Context) -> Organisation:
    if context.organisation is None:
        raise general.Unavailable
    return context.organisation


def announce(check: Check | None, command: c.AnnounceSpotCheck, context: Context) -> DomainEvent:
    """The plan's rules are fixed; recorded at or after the moment of the draw, so that a head for it there is."""
    rules.not_begun(check)
    policy = rules.asked_for(context)
    draw_at = draw_moment(policy, month_called(command.month))
    rules.begun_in_time(draw_at, context)
    stations = stations_of(_organisation(context), command.township)
    if not stations:
        raise errors.NoSuchTownship
    return e.SpotCheckAnnounced(
        **stamp(command.stream_id, 1, command),
        township=command.township,
        period=command.month,
        villages=tuple(sorted({village for under in stations.values() for village in under})),
        plan=context.plan.id,
        basis=policy.basis,
        draw_at=draw_at,
        items=policy.items,
        hand_in_days=policy.hand_in_days,
        remind_before=policy.remind_before,
        not_again_within_months=policy.not_again_within_months,
    )


def draw(check: Check | None, command: c.DrawSpotCheck, context: Context) -> DomainEvent:
    """Once a month; by the rules announced, from the log's head: whoever asks, and whenever, the same is drawn.

    The time to hand in runs from when it was drawn, so that nobody is late because the process was.
    """
    if check is None or check.announced is None:
        raise general.NotFound
    if check.drawn is not None:
        raise general.AlreadySaid
    fixed = check.announced
    basis = context.draw_basis
    if basis is None:
        raise errors.HeadNotSealed
    drawing = draw_from(basis, check.period, fixed.items, fixed.not_again_within_months)
    if drawing is None:
        raise errors.NoSuchTownship
    last_day = local_day(context.now) + timedelta(days=fixed.hand_in_days)
    remind_day = last_day - timedelta(days=fixed.remind_before)
    return e.SpotCheckDrawn(
        **_next(check, command),
        township=check.township,
        period=check.period,
        head=basis.head,
        head_hash=basis.head.hash,
        villages=basis.villages[drawing.station],
        **asdict(drawing),
        told=in_charge(context, basis.villages[drawing.station]),
        hand_in_by=end_of_day(last_day),
        remind_at=datetime.combine(remind_day, _MORNING) if fixed.remind_before else None,
    )


def inspect(check: Check | None, command: c.RecordInspection, context: Context) -> DomainEvent:
    """A full inspection, an unannounced round or a meeting sat in on: of stations that are not one's own."""
    rules.not_begun(check)
    policy = rules.asked_for(context)
    organisation = _organisation(context)
    stations = stations_of(organisation, command.township)
    if not set(command.stations) <= stations.keys():
        raise errors.NoSuchTownship if not stations else errors.NotOfThisCheck
    recorded = e.InspectionRecorded(
        **stamp(command.stream_id, 1, command),
        township=command.township,
        kind=command.kind,
        period=command.period,
        stations=tuple(sorted(command.stations)),
        villages=tuple(sorted({village for station in command.stations for village in stations[station]})),
        plan=context.plan.id,
        basis=policy.basis,
    )
    inspected = {*recorded.stations, *recorded.villages}
    rules.not_checking_oneself(organisation, command.actor, inspected, context.now)
    return recorded


def _next(check: Check, command: c.SpotCheckCommand) -> dict[str, Any]:
    return stamp(check.check_id, check.version + 1, command)


def hand_in(check: Check, command: c.HandInLedgers, context: Context) -> DomainEvent:
    """By the station, item by item or at once; what comes after the last day is late."""
    rules.of_the_station(_organisation(context), command.actor, check.villages, context.now)
    items = tuple(dict.fromkeys(command.items))
    rules.still_to_come(check, items)
    late = check.drawn is not None and command.occurred_at > check.drawn.hand_in_by
    missing = len(check.missing) - len(items)
    return e.LedgersHandedIn(**_next(check, command), items=items, missing=missing, late=late)


def remind(check: Check, command: c.RemindHandIn, context: Context) -> DomainEvent:
    """Once, while something is missing."""
    if check.drawn is None or check.drawn.remind_at is None or check.reminded or check.all_in:
        raise general.AlreadySaid
    is_due(check.drawn.remind_at, context.now)
    return e.HandInReminded(
        **_next(check, command),
        hand_in_by=check.drawn.hand_in_by,
        missing=len(check.missing),
        told=in_charge(context, check.villages),
    )


def miss_hand_in(check: Check, command: c.RecordMissedHandIn, context: Context) -> DomainEvent:
    """缺报: once, when the last day is over."""
    if check.drawn is None or check.hand_in_missed or check.all_in:
        raise general.AlreadySaid
    is_due(check.drawn.hand_in_by, context.now)
    return e.HandInMissed(
        **_next(check, command),
        hand_in_by=check.drawn.hand_in_by,
        missing=check.missing,
        told=in_charge(context, check.villages),
    )


def record_finding(check: Check, command: c.RecordFinding, context: Context) -> DomainEvent:
    """By somebody who is not checked themselves, and had no hand in the issue."""
    rules.not_checking_oneself(_organisation(context), command.actor, check.places, context.now)
    rules.checked_here(check, command.station)
    issue = rules.item_of(check, command.item, context) if command.item else None
    if issue is not None:
        rules.no_hand_in_it(issue, command.actor)
    return e.FindingRecorded(
        **_next(check, command),
        finding=len(check.findings) + 1,
        station=command.station,
        item=command.item,
        village=issue.village if issue else None,
        household=issue.household if issue else None,
        problem=command.problem,
    )


def order(check: Check, command: c.OrderRectification, context: Context) -> DomainEvent:
    """With a unit that answers for it, and a day."""
    rules.not_checking_oneself(_organisation(context), command.actor, check.places, context.now)
    rules.not_ordered_yet(rules.finding_of(check, command.finding))
    rules.within(_organisation(context), command.unit, check.township)
    rules.not_past(command.due_on, command.occurred_at)
    return e.RectificationOrdered(
        **_next(check, command),
        finding=command.finding,
        unit=command.unit,
        requirement=command.requirement,
        due_at=end_of_day(command.due_on),
        told=in_charge(context, _organisation(context).villages_under(command.unit)),
    )


def report(check: Check, command: c.ReportRectification, context: Context) -> DomainEvent:
    """By the unit that has to put it right."""
    ordered = rules.stands_at(rules.finding_of(check, command.finding), Standing.ORDERED)
    organisation = _organisation(context)
    rules.of_the_station(organisation, command.actor, organisation.villages_under(ordered.unit), context.now)
    return e.RectificationReported(
        **_next(check, command),
        finding=command.finding,
        measures=command.measures,
        evidence=command.evidence,
        late=command.occurred_at > ordered.due_at,
    )


def miss_rectification(check: Check, command: c.RecordMissedRectification, context: Context) -> DomainEvent:
    """Once for each day that was set."""
    ordered = rules.stands_at(rules.finding_of(check, command.finding), Standing.ORDERED)
    if ordered.missed:
        raise general.AlreadySaid
    is_due(ordered.due_at, context.now)
    return e.RectificationMissed(
        **_next(check, command),
        finding=command.finding,
        due_at=ordered.due_at,
        told=in_charge(context, check.villages),
    )


def recheck(check: Check, command: c.RecheckRectification, context: Context) -> DomainEvent:
    """By another person than reported it, who does not serve there: accepted, or again until another day."""
    rules.not_checking_oneself(_organisation(context), command.actor, check.places, context.now)
    reported = rules.stands_at(rules.finding_of(check, command.finding), Standing.REPORTED)
    another_person(command.actor.persons, reported.reported_by)
    if command.due_on is not None:
        rules.not_past(command.due_on, command.occurred_at)
    return e.RectificationRechecked(
        **_next(check, command),
        finding=command.finding,
        accepted=command.accepted,
        opinion=command.opinion,
        due_at=end_of_day(command.due_on) if command.due_on else None,
    )


def close(check: Check, command: c.CloseSpotCheck, context: Context) -> DomainEvent:
    """When the ledgers came or were missed, and nothing is left to put right."""
    rules.not_checking_oneself(_organisation(context), command.actor, check.places, context.now)
    rules.everything_in_or_missed(check)
    rules.everything_rectified(check)
    rectified = sum(found.rectification is not None for found in check.findings.values())
    return e.SpotCheckClosed(
        **_next(check, command), findings=len(check.findings), rectified=rectified, summary=command.summary
    )


BEGINNINGS: Final[Mapping[type[c.SpotCheckCommand], Callable[[Check | None, Any, Context], DomainEvent]]] = {
    c.AnnounceSpotCheck: announce,
    c.DrawSpotCheck: draw,
    c.RecordInspection: inspect,
}
DECISIONS: Final[Mapping[type[c.OnCheck], Decision]] = {
    c.HandInLedgers: hand_in,
    c.RemindHandIn: remind,
    c.RecordMissedHandIn: miss_hand_in,
    c.RecordFinding: record_finding,
    c.OrderRectification: order,
    c.ReportRectification: report,
    c.RecordMissedRectification: miss_rectification,
    c.RecheckRectification: recheck,
    c.CloseSpotCheck: close,
}
