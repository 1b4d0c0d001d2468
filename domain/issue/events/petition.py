"""What the household was told, and that it was not (XF1)."""

from typing import ClassVar

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.issue.words import NoticeAbout
from domain.privacy import Personal
from domain.values import Moment, Responsible


class HouseholdNotified(DomainEvent):
    """`notice`: by when it was owed, if the plan asks for it; `late`: it was told only after that."""

    TOPIC: ClassVar[str] = "issue.household_notified"
    about: NoticeAbout
    content: Personal
    method: Personal
    notice: Deadline | None = None
    late: bool = False


class NoticeReminded(DomainEvent):
    """`due_at`: until when the household has to be told."""

    TOPIC: ClassVar[str] = "issue.notice_reminded"
    rule: str
    due_at: Moment


class NoticeMissed(DomainEvent):
    """The household was not told in time; it can still be. `holder`: who had the case."""

    TOPIC: ClassVar[str] = "issue.notice_missed"
    rule: str
    due_at: Moment
    holder: Responsible
