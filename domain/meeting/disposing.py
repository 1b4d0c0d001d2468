"""分办: what a station's or a township's meeting makes of an open issue (L6, CX3, CX4, LL6, SG5).

To a department it goes in the same transaction; what the committee is to decide is submitted by whoever handles it,
and what the meeting only set a date for is looked at again by the next one.
"""

from typing import Final

from domain.commands import stamp
from domain.context import Context
from domain.events import DomainEvent
from domain.issue import commands as of_issue
from domain.issue.decide import decide, happen
from domain.issue.evolve import evolve
from domain.issue.state import Issue
from domain.issue.words import Stage
from domain.meeting import commands as c
from domain.meeting import errors, rules
from domain.meeting import events as e
from domain.meeting.state import Meeting
from domain.meeting.words import OF_COMMITTEE, Disposition, MeetingKind

_REASONS: Final = {
    MeetingKind.WEEKLY: "周例会议定转归口部门办理。",
    MeetingKind.MONTHLY: "月会议定转归口部门办理。",
    MeetingKind.TALK_DAY: "村民说事日分析分办，转归口部门办理。",
}


def dispose(meeting: Meeting, command: c.DisposeItem, context: Context) -> tuple[DomainEvent, ...]:
    """Village, department, committee, or it goes on; each with a day, and with who answers for it then."""
    rules.is_open(meeting)
    rules.signed_in(meeting, command.actor)
    if meeting.kind in OF_COMMITTEE:
        raise errors.NotAskedByPlan
    rules.on_agenda(meeting, command.item, command.actor, context)
    rules.not_a_past_day(command.due_on, command.occurred_at)
    if (command.department is not None) != (command.disposition is Disposition.DEPARTMENT):
        raise errors.DepartmentNeeded
    issue = rules.known(context.others.get(command.item))
    passed_on = _passed_on(issue, meeting, command, context) if command.department is not None else ()
    after = issue
    for event in passed_on:
        after = evolve(after, event)
    disposed = e.ItemDisposed(
        **stamp(meeting.meeting_id, meeting.version + 1, command),
        issue_id=issue.issue_id,
        disposition=command.disposition,
        department=command.department,
        responsible=after.responsible,
        due_on=command.due_on,
        issue_version=after.version if passed_on else None,
    )
    return (disposed, *passed_on)


def _passed_on(issue: Issue, meeting: Meeting, command: c.DisposeItem, context: Context) -> tuple[DomainEvent, ...]:
    """The ordinary escalation to a department, in the meeting's name; what nobody took up yet is taken up first."""
    asked = {
        "command_id": command.command_id,
        "actor": command.actor,
        "occurred_at": command.occurred_at,
        "causation": command.causation,
        "issue_id": issue.issue_id,
    }
    taken_up: tuple[DomainEvent, ...] = ()
    if issue.stage is Stage.ESCALATED:
        taken_up = decide(issue, of_issue.AcceptIssue(**asked, person=command.actor.user), context)
    for event in taken_up:
        issue = evolve(issue, event)
    passed_on = of_issue.EscalateIssue(**asked, reason=_REASONS[meeting.kind], department=command.department)
    return (*taken_up, *happen(issue, passed_on, context))
