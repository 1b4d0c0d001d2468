"""合并决定: one decision about every item that shares a cause; each issue has its own event, failures are named (L13).

All of it is one transaction. Money differs from item to item: it is decided one by one.
"""

from dataclasses import replace
from uuid import UUID

from domain.commands import stamp
from domain.context import Context
from domain.errors import Refusal
from domain.events import DomainEvent
from domain.issue import commands as of_issue
from domain.issue.decide import happen
from domain.meeting import commands as c
from domain.meeting import errors, rules
from domain.meeting import events as e
from domain.meeting.state import Meeting, evolve


def decide_together(meeting: Meeting, command: c.DecideTogether, context: Context) -> tuple[DomainEvent, ...]:
    """Each item as if it were decided by itself, one after the other."""
    rules.is_open(meeting)
    rules.signed_in(meeting, command.actor)
    items = _of_the_cause(meeting, command, context)
    events: list[DomainEvent] = []
    refused: list[e.NotDecided] = []
    why: Refusal | None = None
    for issue_id in items:
        try:
            happened = _one(meeting, issue_id, command, context)
        except Refusal as refusal:
            refused.append(e.NotDecided(issue_id=issue_id, code=refusal.code))
            why = refusal
            continue
        events.extend(happened)
        for event in happened:
            meeting = evolve(meeting, event) if event.originator_id == meeting.meeting_id else meeting
    if why is not None and not events:
        raise why
    return (*events, _summed_up(meeting, command, items, refused))


def _of_the_cause(meeting: Meeting, command: c.DecideTogether, context: Context) -> list[UUID]:
    def ours(issue_id: UUID) -> bool:
        issue = context.others.get(issue_id)
        known = rules.may_know(meeting, issue_id, command.actor, context)
        return issue is not None and issue.cause == command.cause and known

    found = [it.issue_id for it in meeting.items if it.issue_id not in meeting.dealt_with and ours(it.issue_id)]
    if not found:
        raise errors.NotOnAgenda
    return found


def _one(meeting: Meeting, issue_id: UUID, command: c.DecideTogether, context: Context) -> tuple[DomainEvent, ...]:
    asked = of_issue.DecideSubmission(
        command_id=command.command_id,
        actor=command.actor,
        occurred_at=command.occurred_at,
        causation=command.causation,
        issue_id=issue_id,
        meeting_id=meeting.meeting_id,
        outcome=command.outcome,
        reasons=command.reasons,
    )
    return happen(context.others[issue_id], asked, replace(context, meeting=meeting))


def _summed_up(
    meeting: Meeting, command: c.DecideTogether, items: list[UUID], refused: list[e.NotDecided]
) -> e.DecidedTogether:
    failed = {it.issue_id for it in refused}
    return e.DecidedTogether(
        **stamp(meeting.meeting_id, meeting.version + 1, command),
        cause=command.cause,
        outcome=command.outcome,
        decided=tuple(it for it in items if it not in failed),
        refused=tuple(refused),
    )
