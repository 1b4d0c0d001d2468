"""Onto the agenda (L7, D1): by the cut-off, or because a special meeting was called for it."""

from domain import errors
from domain.commands import Command
from domain.context import Context
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue import rules
from domain.issue.decisions.intake import clock, next_stamp
from domain.issue.state import Issue
from domain.issue.words import Stage


def table(issue: Issue, command: c.TableSubmission, context: Context) -> tuple[e.SubmissionTabled, ...]:
    """L7, D1: at the cut-off it goes on the agenda; what was deferred is carried over."""
    rules.at_stage(issue, {Stage.COMMITTEE})
    if issue.table_at is None:
        raise errors.AlreadySaid
    rules.is_due(issue.table_at, context.now)
    return (tabled_now(issue, command, context),)


def tabled_now(issue: Issue, command: Command, context: Context) -> e.SubmissionTabled:
    """The event: the committee's clock runs from now."""
    return e.SubmissionTabled(
        **next_stamp(issue, command), carried_over=issue.deferrals > 0, deadline=clock("decision", command, context)
    )
