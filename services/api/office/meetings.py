"""How does a meeting stand, and what do its minutes say? Of its items those that the reader may know of.

Called by reading.py for `GET /api/v1/meetings/{id}` and `GET /api/v1/meetings/{id}/minutes`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from domain.casework import Casework
from domain.events import DomainEvent
from domain.meeting.events import AgendaItem
from domain.meeting.state import Meeting
from services.api.accounts.people import as_reader
from services.exports.minutes_form import MINUTES_COLUMNS, decisions_of, head_of, items_of, sealed_in
from services.identity.accounts import Account
from services.privacy.looks import Seen
from services.privacy.unsealing import Unsealing


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
        "items": [shown_item(meeting, item) for item in known_items(meeting, account)],
        "may_confirm": meeting.may_confirm,
        "confirm_by": meeting.confirm_by,
        "confirmation_overdue": meeting.confirmation_overdue,
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


def shown_item(meeting: Meeting, item: AgendaItem) -> dict[str, Any]:
    """An item as JSON: how it came here, who abstains, how they voted, what became of it. No words."""
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


def shown_minutes(
    meeting: Meeting, events: Sequence[DomainEvent], account: Account, casework: Casework, unsealing: Unsealing
) -> dict[str, Any]:
    """会议记录 (F15), as `huiyin meeting minutes` prints it; words opened as far as the reader may see a history's."""
    known = {item.issue_id for item in known_items(meeting, account)}
    decided = [it for it in events if getattr(it, "issue_id", None) in known]
    items = [it for it in items_of(events, decisions_of(decided, casework.history)) if it.line.issue_id in known]
    reader = as_reader(account)
    words = unsealing.texts(
        replace(reader, view=reader.of_history), {text: text for text in sealed_in(items)}, Seen.HISTORY
    )
    return {
        "meeting_id": meeting.meeting_id,
        "title": "会议记录",
        "head": head_of(events),
        "columns": MINUTES_COLUMNS,
        "rows": [item.row(words) for item in items],
    }


_ROWS: Final = {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}
_ID: Final = {"type": "string", "format": "uuid"}
_COUNT: Final = {"type": "integer"}
MEETING_SCHEMAS: Final[dict[str, Any]] = {
    "Meeting": {"type": "object", "properties": {"meeting_id": _ID, "version": _COUNT, "quorum": _COUNT}},
    "Minutes": {
        "type": "object",
        "properties": {
            "meeting_id": _ID,
            "title": {"type": "string"},
            "head": {**_ROWS, "description": "name and value: when, where, chair, who was there, confirmed by whom"},
            "columns": {"type": "array", "items": {"type": "string"}},
            "rows": {**_ROWS, "description": "of the items those that the reader may know of; empty before closing"},
        },
    },
}
"""The answers of these two, as the API's description has them."""
