"""What may be asked of the bulletin of a township and month: drawn up by itself, named in, issued, corrected."""

from functools import lru_cache
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field

from domain.bulletin.words import Cause, Correction, Handling
from domain.duty.commands import DutyCommand
from domain.spot_check.words import ItemNumber
from domain.values import Role

_NAMESPACE = UUID("0f4a9c57-6d1e-4b7a-8a53-7c2f5e9d1b60")
ItemOfBulletin = Annotated[int, Field(ge=1, le=10_000)]
"""The number of an item named, within its bulletin."""


@lru_cache(maxsize=4_096)
def bulletin_id_of(township: str, month: str) -> UUID:
    """The bulletin of a township (its code) and month."""
    return uuid5(_NAMESPACE, f"{township}/{month}")


class BulletinCommand(DutyCommand):
    """About the bulletin of a township, its `place`, and the month that it tells of."""

    @property
    def stream_id(self) -> UUID:
        return bulletin_id_of(self.place, self.period.name)


class OpenBulletin(BulletinCommand):
    """启动通报: on the day on which it is drawn up; the plan's rules are fixed for it."""


class DrawUpBulletin(BulletinCommand):
    """编制通报: the figures as of the log's head. It says nothing that could be chosen."""


class NameInBulletin(BulletinCommand):
    """点名: an issue handled late, idly or evasively; its office is named, and by post whoever it was, never a person.

    Which office it is follows from who answers for the issue now.
    """

    issue: ItemNumber
    handling: Handling
    post: Role | None = None


class OnItem(BulletinCommand):
    """A command about one item that is named or proposed."""

    item: ItemOfBulletin


class TakeOffBulletin(OnItem):
    """撤下点名: before it is issued, with the cause."""

    cause: Cause


class IssueBulletin(BulletinCommand):
    """印发通报: by somebody who neither named nor took off anything in it."""


class RecordBulletinOverdue(BulletinCommand):
    """通报逾期未发: its day is over, and nobody issued it."""


class CorrectBulletin(BulletinCommand):
    """更正通报: a further bulletin to one that was issued: its figures anew, and items struck; the first one stays."""

    reason: Correction
    struck: Annotated[tuple[ItemOfBulletin, ...], Field(max_length=200)] = ()


BULLETIN_COMMANDS: tuple[type[BulletinCommand], ...] = (
    OpenBulletin, DrawUpBulletin, NameInBulletin, TakeOffBulletin, IssueBulletin, RecordBulletinOverdue,
    CorrectBulletin,
)  # fmt: skip
