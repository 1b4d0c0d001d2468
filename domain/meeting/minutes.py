"""会议纪要: drawn by itself from what the meeting recorded; nothing on the agenda is left out (D1, F15)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from domain import errors as general
from domain.commands import stamp
from domain.context import Context
from domain.events import DomainEvent
from domain.issue.rules import is_due
from domain.issue.state import Issue
from domain.issue.words import OPEN_STAGES, Stage
from domain.meeting import commands as c
from domain.meeting import errors, rules
from domain.meeting import events as e
from domain.meeting.state import Meeting
from domain.meeting.words import OF_COMMITTEE, Ending, Phase
from domain.values import LOCAL_ZONE

Events = tuple[DomainEvent, ...]


def close(meeting: Meeting, command: c.CloseMeeting, context: Context) -> Events:
    """Each item was decided, or is named as carried over; what left the committee meanwhile has lapsed.

    A complaint of which whoever closes may know nothing is carried over without them.
    """
    rules.is_open(meeting)
    rules.signed_in(meeting, command.actor)
    left = undecided(meeting, context)
    if set(command.carried_over) != {it for it in left if rules.may_know(meeting, it, command.actor, context)}:
        raise errors.ItemsLeft
    lapsed = tuple(it.issue_id for it in meeting.items if it.issue_id not in {*meeting.dealt_with, *left})
    events: list[DomainEvent] = []

    def at() -> dict[str, Any]:
        return stamp(meeting.meeting_id, meeting.version + len(events) + 1, command)

    if left:
        events.append(e.ItemsCarriedOver(**at(), items=left))
    events.append(e.MeetingClosed(**at(), lapsed=lapsed))
    events.append(_drawn(meeting, at(), frozenset(left), context))
    return tuple(events)


def undecided(meeting: Meeting, context: Context) -> tuple[UUID, ...]:
    """The items of which nothing became, and which still wait."""
    return tuple(
        it.issue_id
        for it in meeting.items
        if it.issue_id not in meeting.dealt_with and _waits(context.others.get(it.issue_id), meeting)
    )


def _waits(issue: Issue | None, meeting: Meeting) -> bool:
    if issue is None:
        return False
    return issue.stage is Stage.COMMITTEE if meeting.kind in OF_COMMITTEE else issue.stage in OPEN_STAGES


def _drawn(meeting: Meeting, envelope: dict[str, Any], left: frozenset[UUID], context: Context) -> e.MinutesDrawn:
    held_at, chair = meeting.held_at, meeting.chair
    if held_at is None or chair is None:
        raise errors.MeetingNotOpen
    return e.MinutesDrawn(
        **envelope,
        **_to_be_confirmed(envelope["occurred_at"], context),
        held_at=held_at,
        chair=chair,
        present=tuple(sorted(meeting.present)),
        absent=meeting.absent(),
        excused=tuple(sorted(meeting.excused)),
        items=tuple(_line(meeting, item, left) for item in meeting.items),
        summary=summary_of(meeting, left, context.earlier) if meeting.ends_the_month else None,
    )


def _to_be_confirmed(closed_at: datetime, context: Context) -> dict[str, datetime]:
    """Until when, and when somebody is reminded; nothing where the plan sets no limit."""
    policy = context.plan.meetings.minutes if context.plan.meetings else None
    if policy is None:
        return {}
    last = closed_at.astimezone(LOCAL_ZONE).date() + timedelta(days=policy.confirm_within_days)
    confirm_by = datetime.combine(last, time(23, 59, 59), LOCAL_ZONE)
    if not policy.remind_before:
        return {"confirm_by": confirm_by}
    return {"confirm_by": confirm_by, "remind_at": confirm_by - timedelta(days=policy.remind_before)}


def _line(meeting: Meeting, item: e.AgendaItem, left: frozenset[UUID]) -> e.MinutesItem:
    known: dict[str, Any] = {
        "issue_id": item.issue_id,
        "number": item.number,
        "points": meeting.points.get(item.issue_id, 0),
    }
    decided, disposed = meeting.decided.get(item.issue_id), meeting.disposed.get(item.issue_id)
    if decided is not None:
        shared = ("outcome", "in_favour", "against", "abstaining", "recused", "responsible", "due_at")
        found = {name: getattr(decided, name) for name in shared}
        return e.MinutesItem(**known, **found, ending=Ending.DECIDED)
    if disposed is not None:
        due_at = datetime.combine(disposed.due_on, time(23, 59, 59), LOCAL_ZONE)
        found = {"disposition": disposed.disposition, "responsible": disposed.responsible, "due_at": due_at}
        return e.MinutesItem(**known, **found, ending=Ending.DISPOSED)
    ending = Ending.CARRIED_OVER if item.issue_id in left else Ending.LAPSED
    return e.MinutesItem(**known, ending=ending)


def summary_of(last: Meeting, left: frozenset[UUID], earlier: Iterable[Meeting]) -> e.MonthSummary:
    """What the month's weekly meetings came to, this one included."""
    every = [*earlier, replace(last, carried_over=tuple(left))]
    counted = Counter(it.disposition.value for meeting in every for it in meeting.disposed.values())
    counted["carried_over"] = sum(len(meeting.carried_over) for meeting in every)
    return e.MonthSummary(
        month=last.month,
        meetings=sum(meeting.phase is not Phase.FAILED for meeting in every),
        failed=sum(meeting.phase is Phase.FAILED for meeting in every),
        items=sum(len(meeting.items) for meeting in every),
        by_disposition=dict(sorted(counted.items())),
    )


def confirm(meeting: Meeting, command: c.ConfirmMinutes, _: Context) -> Events:
    """确认: a second person who was there (four eyes); once."""
    if meeting.phase is not Phase.CLOSED:
        raise errors.MeetingNotOpen
    if meeting.confirmed:
        raise general.AlreadySaid
    rules.signed_in(meeting, command.actor)
    rules.somebody_else(command.actor, meeting.closed_by)
    return (e.MinutesConfirmed(**stamp(meeting.meeting_id, meeting.version + 1, command)),)


def remind(meeting: Meeting, command: c.RemindMinutes, context: Context) -> Events:
    """催确认: once, those who were there and did not close the meeting, unless it is overdue already."""
    confirm_by = rules.minutes_wait(meeting)
    if meeting.remind_to_confirm_at is None or meeting.reminded_to_confirm or meeting.confirmation_overdue:
        raise general.AlreadySaid
    is_due(meeting.remind_to_confirm_at, context.now)
    envelope = stamp(meeting.meeting_id, meeting.version + 1, command)
    return (e.MinutesReminded(**envelope, told=meeting.may_confirm, confirm_by=confirm_by),)


def overdue(meeting: Meeting, command: c.RecordUnconfirmedMinutes, context: Context) -> Events:
    """逾期未确认: once, when the last day is over; it is told upwards, and they can still be confirmed."""
    confirm_by = rules.minutes_wait(meeting)
    if meeting.confirmation_overdue:
        raise general.AlreadySaid
    is_due(confirm_by, context.now)
    told = dict.fromkeys((*meeting.may_confirm, meeting.chair, *those_above(meeting, context)))
    envelope = stamp(meeting.meeting_id, meeting.version + 1, command)
    return (e.MinutesOverdue(**envelope, told=tuple(filter(None, told)), confirm_by=confirm_by),)


def those_above(meeting: Meeting, context: Context) -> tuple[str, ...]:
    """Who leads the next level above this meeting: the county's office for the committee, else the township's."""
    of_committee = meeting.kind in OF_COMMITTEE
    villages = {item.village for item in meeting.items}
    if not villages and not of_committee and meeting.place:  # such a meeting is owed also when nothing is open
        villages = set(context.directory.villages_under(meeting.place))
    heads = {context.directory.head_of("county" if of_committee else "township", it) for it in villages}
    return tuple(sorted(head for head in heads if head))
