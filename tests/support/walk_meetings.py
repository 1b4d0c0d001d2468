"""Meetings that sit in a walk of a year: members sign in, decide or dispose of each item, close, confirm the minutes.

`await committee_sits(year, "2031-02", on("03-03"), {issue: Outcome.APPROVED})`. Called by tests/plans.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from domain.commands import Command
from domain.issue.commands import DecideSubmission
from domain.issue.words import Outcome
from domain.meeting import commands as c
from domain.meeting.state import Meeting, fold_meeting
from domain.meeting.words import Disposition, MeetingKind
from tests.support.office import COMMITTEE, PEOPLE, TOWNSHIP
from tests.support.year_walk import Year

_NAMESPACE: Final = UUID("0f6f1d8e-6f0f-4c1c-9d0b-3f6c2f7f7e51")
_HOUR: Final = timedelta(hours=1)


def meeting_of(kind: MeetingKind, period: str, place: str = "T1") -> UUID:
    """The meeting of a place and a period: `meeting_of(MeetingKind.TALK_DAY, "2031-01", "QS")`."""
    return c.meeting_id_of(TOWNSHIP, kind, period, place)


def meeting(year: Year, meeting_id: UUID) -> Meeting:
    """A meeting as it stands."""
    found = fold_meeting(year.casework.history(meeting_id))
    assert found is not None
    return found


def asked(kind: type[Command], at: datetime, by: str, **fields: Any) -> Command:
    """A command of a member; its id follows from what is asked."""
    command_id = uuid5(_NAMESPACE, f"{kind.__name__}/{at}/{by}/{sorted(fields.items())!r}")
    return kind(command_id=command_id, actor=PEOPLE[by], occurred_at=at, **fields)


async def committee_sits(
    year: Year, period: str, at: datetime, decisions: Mapping[UUID, Outcome], subsidy: int | None = None
) -> UUID:
    """The committee of T1 decides its agenda of this month, everybody in favour. Which meeting it was.

    `subsidy`: in yuan, to each that is approved.
    """
    met = meeting_of(MeetingKind.COMMITTEE, period)
    of: dict[str, Any] = {"township": TOWNSHIP, "meeting_id": met}
    await year.do(*(asked(c.SignIn, at, member, **of) for member in COMMITTEE))
    await year.do(asked(c.OpenMeeting, at, "committee", **of))
    for item, outcome in decisions.items():
        vote = {"items": (item,), "proposal": outcome, "in_favour": COMMITTEE}
        await year.do(asked(c.RecordVotes, at, "committee", **vote, **of))
        decided = {"issue_id": item, "meeting_id": met, "outcome": outcome, "reasons": "已研究。", "subsidy": subsidy}
        await year.do(asked(DecideSubmission, at, "committee", **decided))
    await year.do(asked(c.CloseMeeting, at + _HOUR, "committee", **of))
    await year.do(asked(c.ConfirmMinutes, at + _HOUR, "member2", **of))
    return met


async def village_sits(
    year: Year,
    met: UUID,
    at: datetime,
    due: date,
    items: Mapping[UUID, str | Disposition],
    who: Sequence[str] = ("lead", "handler"),
    point: str | None = None,
) -> None:
    """Those named sign in, the first in the chair; each item gets a disposition or, by its key, a department.

    What else stands on the agenda is carried over. `point`: what is said of the meeting's business at large.
    """
    chair, second, *_ = who
    of: dict[str, Any] = {"township": TOWNSHIP, "meeting_id": met}
    await year.do(*(asked(c.SignIn, at, member, **of) for member in who))
    await year.do(asked(c.OpenMeeting, at, chair, **of))
    if point is not None:
        await year.do(asked(c.RecordPoint, at, chair, point=point, **of))
    for item, what in items.items():
        own = isinstance(what, Disposition)
        to = {"disposition": what} if own else {"disposition": Disposition.DEPARTMENT, "department": what}
        await year.do(asked(c.DisposeItem, at, chair, item=item, due_on=due, **to, **of))
    left = tuple(it.issue_id for it in meeting(year, met).items if it.issue_id not in items)
    await year.do(asked(c.CloseMeeting, at + _HOUR, chair, carried_over=left, **of))
    await year.do(asked(c.ConfirmMinutes, at + _HOUR, second, **of))
