"""What the household was told (XF1)."""

from typing import ClassVar

from domain.deadlines import Deadline
from domain.events import DomainEvent
from domain.issue.words import NoticeAbout
from domain.privacy import Personal


class HouseholdNotified(DomainEvent):
    """`notice`: by when it was owed, if the plan asks for it; `late`: it was told only after that."""

    TOPIC: ClassVar[str] = "issue.household_notified"
    about: NoticeAbout
    content: Personal
    method: Personal
    notice: Deadline | None = None
    late: bool = False
