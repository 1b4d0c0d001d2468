"""The guards of a meeting: each is one sentence, written once. They refuse by raising."""

from collections.abc import Set
from datetime import date, datetime
from uuid import UUID

from domain import errors as general
from domain.context import Context
from domain.issue.concerned import is_barred
from domain.issue.state import Issue
from domain.issue.words import Stage
from domain.meeting import commands as c
from domain.meeting import errors
from domain.meeting.events import AgendaItem
from domain.meeting.policy import MeetingRules
from domain.meeting.state import Meeting
from domain.meeting.words import OF_COMMITTEE, Phase
from domain.values import LOCAL_ZONE, Actor, Role


def with_agenda(meeting: Meeting | None, command: c.OnMeeting) -> Meeting:
    """There is such a meeting, of this township, and it has an agenda."""
    if meeting is None or meeting.rules is None or meeting.township != command.township:
        raise general.NotFound
    return meeting


def of_its_agenda(meeting: Meeting) -> MeetingRules:
    """The rules that were frozen with the agenda are the meeting's, whatever the plan says now."""
    if meeting.rules is None:
        raise general.NotFound
    return meeting.rules


def not_before_us(cut_off: datetime, context: Context) -> None:
    """No agenda is owed for a day before the plan was in force here."""
    if context.is_before_us(cut_off):
        raise errors.NotAskedByPlan


def not_begun(meeting: Meeting) -> None:
    """The meeting was not opened yet, and has not failed."""
    if meeting.phase is not Phase.DRAWN:
        raise errors.MeetingBegun


def not_over(meeting: Meeting) -> None:
    """The meeting still goes on, or is still to come."""
    if meeting.phase in (Phase.CLOSED, Phase.FAILED):
        raise errors.MeetingNotOpen


def is_open(meeting: Meeting) -> None:
    """The meeting was opened and has not been closed."""
    if meeting.phase is not Phase.OPEN:
        raise errors.MeetingNotOpen


def seat_of(actor: Actor) -> str:
    """Whose seat somebody takes: their own, or that of the officer for whom they deputise."""
    return actor.on_behalf_of or actor.user


def is_member(meeting: Meeting, seat: str, context: Context) -> None:
    """Only members sit in the committee; a station's meeting is open to all who work there."""
    if meeting.kind in OF_COMMITTEE and seat not in {
        *meeting.members,
        *context.directory.committee_of(meeting.township),
    }:
        raise errors.NotAMember


def of_this_meeting(meeting: Meeting, actor: Actor) -> None:
    """Only the committee acts in its own meetings."""
    if meeting.kind in OF_COMMITTEE and actor.role not in (Role.COMMITTEE_MEMBER, Role.PROCESS):
        raise general.RoleNotAllowed


def signed_in(meeting: Meeting, actor: Actor) -> None:
    """Who acts in a meeting has signed in."""
    if actor.user not in meeting.present:
        raise general.NotAtMeeting


def somebody_else(actor: Actor, than: Set[str]) -> None:
    """Four eyes: whoever closed the meeting does not confirm its minutes."""
    if actor.persons & than:
        raise general.SamePerson


def minutes_wait(meeting: Meeting) -> datetime:
    """The minutes were drawn, with a limit, and nobody has confirmed them yet."""
    if meeting.confirm_by is None or meeting.confirmed:
        raise errors.NoMinutesWait
    return meeting.confirm_by


def in_the_chair(meeting: Meeting, actor: Actor) -> None:
    """Whoever opened the meeting is in the chair."""
    if actor.user != meeting.chair:
        raise errors.NotTheChair


def leads_the_committee(actor: Actor, township: str, context: Context) -> None:
    """Who is in charge of the committee calls its special meetings and adds items (or their deputy)."""
    first, *_ = (*context.directory.committee_of(township), None)
    if first is not None and first not in actor.persons:
        raise errors.NotTheChair


def quorate(meeting: Meeting) -> None:
    """As many seats are taken as the plan asked for when the agenda was drawn."""
    if len(meeting.taken) < meeting.quorum:
        raise general.NoQuorum


def short_of_quorum(meeting: Meeting) -> None:
    """A meeting fails only while too few have come."""
    if len(meeting.taken) >= meeting.quorum:
        raise errors.QuorumReached


def not_a_past_day(day: date, moment: datetime) -> None:
    """What is to be done is due on the day of the meeting or later."""
    if day < moment.astimezone(LOCAL_ZONE).date():
        raise general.PromiseInThePast


def known(issue: Issue | None) -> Issue:
    """There is such an issue."""
    if issue is None:
        raise errors.NotOnAgenda
    return issue


def on_agenda(meeting: Meeting, issue_id: UUID, actor: Actor, context: Context) -> AgendaItem:
    """The item is on this agenda and not dealt with; a complaint about them, or those above, is on none."""
    item = meeting.item(issue_id)
    if item is None or issue_id in meeting.dealt_with or not may_know(meeting, issue_id, actor, context):
        raise errors.NotOnAgenda
    return item


def may_know(meeting: Meeting, issue_id: UUID, actor: Actor, context: Context) -> bool:
    """Whether the item is no complaint about this person or somebody above them."""
    item = meeting.item(issue_id)
    return item is not None and not is_barred(actor.user, item.concerns, context)


def knows_of(issue: Issue, actor: Actor, context: Context) -> None:
    """Of a complaint about them, or those above, nobody learns that it exists."""
    if is_barred(actor.user, issue.concerns, context):
        raise errors.NotOnAgenda


def awaits_committee(issue: Issue | None, township: str, context: Context) -> Issue:
    """The issue waits for the committee of this township."""
    if issue is None or issue.stage is not Stage.COMMITTEE or not lies_in(issue, township, context):
        raise errors.NotOnAgenda
    return issue


def lies_in(issue: Issue, township: str, context: Context) -> bool:
    """Whether the issue's village belongs to this township."""
    village = context.directory.village(issue.village)
    return village is not None and township in (village.township, *village.earlier_townships)
