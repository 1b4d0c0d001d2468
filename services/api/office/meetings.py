"""How does a meeting stand? What `GET /api/v1/meetings/{id}` shows: of its items those that the reader may know of."""

from collections.abc import Iterator
from typing import Any

from domain.meeting.events import AgendaItem
from domain.meeting.state import Meeting
from services.identity.accounts import Account


def shown_meeting(meeting: Meeting, account: Account) -> dict[str, Any]:
    """A meeting as JSON. Words are in the issues' own histories, and in the minutes."""
    plain = ("meeting_id", "version", "township", "kind", "phase", "period", "place", "cut_off", "meet_by", "held_at")
    return {
        **{name: getattr(meeting, name) for name in plain},
        "chair": meeting.chair,
        "quorum": meeting.quorum,
        "rules": meeting.rules.model_dump(mode="json") if meeting.rules else None,
        "members": meeting.members,
        "present": meeting.present,
        "excused": meeting.excused,
        "absent": meeting.absent(),
        "items": [_item(meeting, item) for item in known_items(meeting, account)],
        "confirmed": meeting.confirmed,
    }


def known_items(meeting: Meeting, account: Account) -> Iterator[AgendaItem]:
    """The items of which this reader may know: of their villages, of no complaint about them or those above them.

    A department looks its cases up by themselves: an agenda does not say with which department each is.
    """
    for item in meeting.items:
        hidden = item.concerns is not None and item.concerns in account.barred
        if not hidden and account.departments is None and account.covers_village(item.village):
            yield item


def _item(meeting: Meeting, item: AgendaItem) -> dict[str, Any]:
    decided, disposed = meeting.decided.get(item.issue_id), meeting.disposed.get(item.issue_id)
    votes = meeting.votes.get(item.issue_id)
    became = decided or disposed
    return {
        "issue_id": item.issue_id,
        "number": item.number,
        "village": item.village,
        "source": item.source,
        "urgency": item.urgency,
        "recused": sorted(member for issue_id, member in meeting.interests if issue_id == item.issue_id),
        "proposal": votes.proposal if votes else None,
        "in_favour": votes.in_favour if votes else (),
        "against": votes.against if votes else (),
        "abstaining": votes.abstaining if votes else (),
        "outcome": decided.outcome if decided else None,
        "disposition": disposed.disposition if disposed else None,
        "responsible": became.responsible.model_dump(mode="json") if became else None,
        "due": (decided.due_at if decided else disposed.due_on if disposed else None),
        "carried_over": item.issue_id in meeting.carried_over,
    }
