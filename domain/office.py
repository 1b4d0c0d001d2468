"""What every decision of one office shares; and what comes of a command.

Joined by services/bootstrap.py, used by casework.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.commands import Command
from domain.context import Directory
from domain.plan import Plan
from domain.privacy import Vault
from domain.receipts import Receipts
from domain.workdays import HolidayTable


@dataclass(frozen=True, slots=True)
class Office:
    """Plan, calendar, who is who, the receipts' secret, households' keys, digests' secret, clock, and how to wait.

    `open_cases(village, household)`: how many of its cases are not settled. Raises OperationalError.
    """

    plan: Plan
    calendar: Callable[[], HolidayTable]
    directory: Directory
    receipts: Receipts
    vault: Vault
    digest_secret: bytes
    open_cases: Callable[[str, str], int]
    clock: Callable[[], datetime]
    pause: Callable[[float], None]

    @property
    def holidays(self) -> HolidayTable:
        """The holiday table in force."""
        return self.calendar()

    def digest_of(self, command: Command) -> bytes:
        """What tells a repeat of this command from another one under its id."""
        return command.digest(self.digest_secret)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a command: `version` is the stream's after it; `repeated` if it had been done before."""

    stream_id: UUID
    version: int
    number: str | None = None
    receipt_code: str | None = None
    repeated: bool = False
