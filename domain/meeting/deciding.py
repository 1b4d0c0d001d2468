"""May this meeting decide this submission, and what does the meeting keep of it? Called by the issue's own decision.

The issue's event holds the decision and its reasons; the meeting's, in the same transaction, who voted how.
"""

from typing import Any

from domain import errors as general
from domain.commands import stamp
from domain.context import Context
from domain.events import DomainEvent
from domain.issue.rules import another_person
from domain.issue.state import Issue
from domain.issue.words import Outcome
from domain.meeting import rules as guards
from domain.meeting import voting
from domain.meeting.events import ItemDecided
from domain.meeting.state import Meeting
from domain.meeting.words import OF_COMMITTEE, DecisionRule


def may_decide(meeting: Meeting, issue: Issue, command: Any, context: Context) -> frozenset[str]:
    """Who abstained. Raises a Refusal unless the item is up, the quorum is there and the plan's rule was followed."""
    rules = meeting.rules
    if rules is None or meeting.kind not in OF_COMMITTEE:
        raise general.NotFound
    guards.is_open(meeting)
    guards.signed_in(meeting, command.actor)
    guards.on_agenda(meeting, issue.issue_id, command.actor, context)
    without = voting.recused(meeting, issue, context) | frozenset(command.abstained)
    if not without <= meeting.present:
        raise general.NotAtMeeting
    voting.enough(meeting, rules, without)
    if command.actor.user not in without:  # who votes does not decide in the name of somebody who may not
        another_person(command.actor.persons, voting.interested(meeting, issue))
    if rules.decision_rule is DecisionRule.CHAIR:
        guards.in_the_chair(meeting, command.actor)
        if command.actor.user in without:
            raise general.SamePerson
    else:
        voting.carried(meeting, issue, command.outcome, meeting.present - without, rules)
    return without


def item_decided(meeting: Meeting, command: Any, after: Issue, without: frozenset[str]) -> DomainEvent:
    """What the meeting keeps: the outcome, the count, who abstained, who has to do it and by when."""
    votes = meeting.votes.get(after.issue_id)
    outcome: Outcome = command.outcome
    return ItemDecided(
        **stamp(meeting.meeting_id, meeting.version + 1, command),
        issue_id=after.issue_id,
        issue_version=after.version,
        outcome=outcome,
        in_favour=len(votes.in_favour) if votes else 0,
        against=len(votes.against) if votes else 0,
        abstaining=len(votes.abstaining) if votes else 0,
        recused=tuple(sorted(without)),
        responsible=after.responsible,
        due_at=after.deadline.due_at if after.deadline else after.table_at,
    )
