"""What each command to a meeting does: the table at the foot. Pure.

Called by casework. Agendas stand in agenda.py, deciding items in deciding.py and disposing.py, closing in minutes.py.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain import errors as general
from domain.commands import stamp
from domain.context import Context
from domain.events import DomainEvent
from domain.issue.rules import is_due
from domain.meeting import agenda, errors, minutes, rules, voting
from domain.meeting import commands as c
from domain.meeting import events as e
from domain.meeting.disposing import dispose
from domain.meeting.state import Meeting
from domain.meeting.together import decide_together
from domain.meeting.words import OF_COMMITTEE, FailedBecause, MeetingKind

Events = tuple[DomainEvent, ...]
Decision = Callable[[Meeting, Any, Context], Events]


def decide(meeting: Meeting | None, command: c.MeetingCommand, context: Context) -> Events:
    """The events that `command` causes. Raises a Refusal; then nothing happened."""
    if isinstance(command, c.OnMeeting):
        known = rules.with_agenda(meeting, command)
        rules.of_this_meeting(known, command.actor)
        return DECISIONS[type(command)](known, command, context)
    if meeting is not None:
        raise general.AlreadySaid
    return BEGINNINGS[type(command)](command, context)


def record(command: c.RecordMeeting, context: Context) -> Events:
    """A meeting written down afterwards; the quorum in force is stored with it."""
    if command.actor.user not in command.present:
        raise general.NotAtMeeting
    held = e.MeetingHeld(
        **stamp(command.meeting_id, 1, command),
        township=command.township,
        chair=command.chair,
        present=command.present,
        absent=command.absent,
        quorum=context.plan.committee.quorum,
        plan=context.plan.id,
    )
    return (held,)


def draw(command: c.DrawAgenda, context: Context) -> Events:
    """拟定议程: when the cut-off is over, and the rules are frozen with it (D1)."""
    if command.kind is MeetingKind.SPECIAL:
        raise errors.NotAskedByPlan
    rules.not_before_us(command.cut_off, context)
    is_due(command.cut_off, context.now)
    of_committee = command.kind in OF_COMMITTEE
    return agenda.draw_for_committee(command, context) if of_committee else agenda.draw_for_station(command, context)


def _next(meeting: Meeting, command: c.OnMeeting) -> dict[str, Any]:
    return stamp(meeting.meeting_id, meeting.version + 1, command)


def sign_in(meeting: Meeting, command: c.SignIn, context: Context) -> Events:
    """签到: once, for one's own seat or that of whom one deputises for; late comers too."""
    rules.not_over(meeting)
    seat = rules.seat_of(command.actor)
    rules.is_member(meeting, seat, context)
    if seat in meeting.taken or command.actor.user in meeting.present:
        raise general.AlreadySaid
    return (e.MemberSignedIn(**_next(meeting, command), member=command.actor.user, seat=seat),)


def excuse(meeting: Meeting, command: c.ExcuseMember, context: Context) -> Events:
    """请假: a member who has not signed in."""
    rules.not_over(meeting)
    rules.is_member(meeting, command.member, context)
    if command.member in meeting.taken | meeting.excused:
        raise general.AlreadySaid
    return (e.MemberExcused(**_next(meeting, command), member=command.member, reason=command.reason),)


def remind(meeting: Meeting, command: c.RemindChair, context: Context) -> Events:
    """催开: once, while the meeting has not sat."""
    rules.not_begun(meeting)
    if meeting.reminded or meeting.meet_by is None:
        raise general.AlreadySaid
    chair = context.directory.committee_of(meeting.township)[:1] if meeting.kind in OF_COMMITTEE else meeting.members
    return (e.ChairReminded(**_next(meeting, command), told=chair, meet_by=meeting.meet_by),)


def open_meeting(meeting: Meeting, command: c.OpenMeeting, _: Context) -> Events:
    """宣布开会: only with a quorum; it counts by the rules of the agenda (L8)."""
    rules.not_begun(meeting)
    rules.signed_in(meeting, command.actor)
    rules.quorate(meeting)
    opened = e.MeetingOpened(
        **_next(meeting, command),
        chair=command.actor.user,
        present=tuple(sorted(meeting.present)),
        absent=meeting.absent(),
        excused=tuple(sorted(meeting.excused)),
        rules=rules.of_its_agenda(meeting),
    )
    return (opened,)


def fail(meeting: Meeting, command: c.FailMeeting, context: Context) -> Events:
    """流会: without a quorum nothing is decided; every item goes to the next agenda (L8)."""
    rules.not_begun(meeting)
    rules.signed_in(meeting, command.actor)
    rules.short_of_quorum(meeting)
    return (_failed(meeting, command, FailedBecause.NO_QUORUM, context),)


def not_held(meeting: Meeting, command: c.RecordUnheldMeeting, context: Context) -> Events:
    """未按期召开: when the last day is over; it is told upwards (D1)."""
    rules.not_begun(meeting)
    is_due(meeting.meet_by or command.occurred_at, context.now)
    return (_failed(meeting, command, FailedBecause.NOT_HELD, context),)


def _failed(meeting: Meeting, command: c.OnMeeting, because: FailedBecause, context: Context) -> e.MeetingFailed:
    return e.MeetingFailed(
        **_next(meeting, command),
        because=because,
        present=tuple(sorted(meeting.present)),
        quorum=meeting.quorum,
        carried_over=tuple(item.issue_id for item in meeting.items),
        told=tuple(dict.fromkeys((*meeting.members, *minutes.those_above(meeting, context)))),
    )


def declare(meeting: Meeting, command: c.DeclareInterest, context: Context) -> Events:
    """回避: for oneself, before the item is decided."""
    rules.not_over(meeting)
    rules.on_agenda(meeting, command.item, command.actor, context)
    rules.is_member(meeting, rules.seat_of(command.actor), context)
    member = command.actor.user
    if (command.item, member) in meeting.interests:
        raise general.AlreadySaid
    return (e.InterestDeclared(**_next(meeting, command), issue_id=command.item, member=member),)


def record_point(meeting: Meeting, command: c.RecordPoint, context: Context) -> Events:
    """讨论要点: while the meeting sits."""
    rules.is_open(meeting)
    rules.signed_in(meeting, command.actor)
    if command.item is not None:
        rules.on_agenda(meeting, command.item, command.actor, context)
    return (e.PointRecorded(**_next(meeting, command), issue_id=command.item, point=command.point),)


def count_votes(meeting: Meeting, command: c.RecordVotes, context: Context) -> Events:
    """表决: everybody present and without an interest, once; until the item is decided it may be voted on again."""
    rules.is_open(meeting)
    rules.signed_in(meeting, command.actor)
    counted = e.VotesCounted(
        **_next(meeting, command),
        items=tuple(dict.fromkeys(command.items)),
        proposal=command.proposal,
        in_favour=command.in_favour,
        against=command.against,
        abstaining=command.abstaining,
    )
    for issue_id in counted.items:
        rules.on_agenda(meeting, issue_id, command.actor, context)
        issue = rules.awaits_committee(context.others.get(issue_id), meeting.township, context)
        without = voting.recused(meeting, issue, context)
        voting.enough(meeting, rules.of_its_agenda(meeting), without)
        voting.each_votes_once(meeting.present - without, counted)
    return (counted,)


BEGINNINGS: Final[Mapping[type[c.MeetingCommand], Callable[[Any, Context], Events]]] = {
    c.RecordMeeting: record,
    c.DrawAgenda: draw,
    c.ConveneMeeting: agenda.convene,
}
DECISIONS: Final[Mapping[type[c.OnMeeting], Decision]] = {
    c.AddItem: agenda.add,
    c.SignIn: sign_in,
    c.ExcuseMember: excuse,
    c.RemindChair: remind,
    c.OpenMeeting: open_meeting,
    c.FailMeeting: fail,
    c.RecordUnheldMeeting: not_held,
    c.DeclareInterest: declare,
    c.RecordPoint: record_point,
    c.RecordVotes: count_votes,
    c.DecideTogether: decide_together,
    c.DisposeItem: dispose,
    c.CloseMeeting: minutes.close,
    c.RemindMinutes: minutes.remind,
    c.RecordUnconfirmedMinutes: minutes.overdue,
    c.ConfirmMinutes: minutes.confirm,
}
