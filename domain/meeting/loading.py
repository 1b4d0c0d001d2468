"""What has to be loaded for a meeting's command, and under whose key do its words go? Asked by elsewhere.py."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from domain.context import Context, Log
from domain.issue.state import Issue
from domain.meeting import commands as c
from domain.meeting.state import Meeting, fold_meeting


def loaded_for(command: c.MeetingCommand, log: Log) -> dict[str, Any]:
    """The parts of a Context that this command's decision looks at: issues, and the month's earlier meetings."""
    if not isinstance(command, c.CloseMeeting | c.DecideTogether):
        return {"others": _issues(command.issues, log)}
    meeting = fold_meeting(log.history(command.meeting_id))
    if meeting is None:
        return {}
    found: dict[str, Any] = {"others": _issues((item.issue_id for item in meeting.items), log)}
    return {**found, "earlier": earlier(meeting, log)} if meeting.ends_the_month else found


def _issues(issue_ids: Iterable[UUID], log: Log) -> dict[UUID, Issue]:
    found = ((issue_id, log.issue(issue_id)) for issue_id in dict.fromkeys(issue_ids))
    return {issue_id: issue for issue_id, issue in found if issue is not None}


def earlier(meeting: Meeting, log: Log) -> tuple[Meeting, ...]:
    """The same place's weekly meetings earlier in the month, those that came to be."""
    found = (fold_meeting(log.history(meeting_id)) for meeting_id in meeting.earlier_weeks())
    return tuple(it for it in found if it is not None)


def household_of_item(_: Meeting | None, command: c.MeetingCommand, context: Context) -> tuple[str, str] | None:
    """The household whose words the meeting's own event may hold: that of the item spoken of, if it has one."""
    if not isinstance(command, c.RecordPoint) or command.item is None:
        return None
    issue = context.others.get(command.item)
    return (issue.village, issue.household) if issue is not None and issue.household is not None else None
