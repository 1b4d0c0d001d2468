"""What every decision of one office shares; and what comes of a command.

Joined by services/bootstrap.py, used by casework.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.adoption.book import PlanBook
from domain.adoption.commands import ADOPTION_ID
from domain.audit.sampling import Criteria, SampleBasis
from domain.bulletin.figures import Asked, Drawn
from domain.commands import Command
from domain.context import Directory
from domain.duty.commands import DutyCommand
from domain.duty.registers import NO_REGISTERS, Registers
from domain.holidays.commands import HOLIDAYS_ID
from domain.organisation.commands import ORGANISATION_ID
from domain.plan import Plan
from domain.privacy import Vault
from domain.receipts import Receipts
from domain.spot_check.basis import Basis
from domain.spot_check.commands import SpotCheckCommand
from domain.workdays import HolidayTable

KEPT_IN_MIND: Final = frozenset({ORGANISATION_ID, HOLIDAYS_ID, ADOPTION_ID})
"""The streams that an office does not read for each decision anew."""


def _ever_since() -> None:
    """An office that was always here."""


def _nothing_kept() -> None:
    """Of an office that reads nothing ahead."""


def _nothing_sealed(_: Criteria) -> SampleBasis | None:
    """Of an office whose log nobody seals."""
    return None


@dataclass(frozen=True, slots=True)
class Office:
    """Plan, calendar, who is who, the receipts' secret, households' keys, digests' secret, clock, and how to wait.

    `plan` is in force until one is adopted; `plans` gives the book of those that were (None: this office has one plan
    and no other). `open_cases(village, household)`: how many of its cases are not settled. `registers`: what duties are
    counted against. `draw_basis(township, moment)`: what a spot check draws from; `bulletin_basis(asked, moment)`: what
    a bulletin says; `sample_basis(criteria)`: what an auditor's sample is drawn from. These six raise OperationalError.
    `began()`: when its books were begun here (None: ever since); of a time before that nothing is owed by the calendar.
    `forget()`: something was written to a stream of KEPT_IN_MIND, so what directory, calendar and plans know is old.
    """

    plan: Plan
    calendar: Callable[[], HolidayTable]
    directory: Directory
    receipts: Receipts
    vault: Vault
    digest_secret: bytes
    open_cases: Callable[[str, str], int]
    draw_basis: Callable[[str, datetime], Basis | None]
    bulletin_basis: Callable[[Asked, datetime | None], Drawn | None]
    clock: Callable[[], datetime]
    pause: Callable[[float], None]
    plans: Callable[[], PlanBook] | None = None
    registers: Registers = NO_REGISTERS
    sample_basis: Callable[[Criteria], SampleBasis | None] = _nothing_sealed
    forget: Callable[[], None] = _nothing_kept
    began: Callable[[], datetime | None] = _ever_since

    def plan_book(self) -> PlanBook:
        """Every plan in force, now or later."""
        return self.plans() if self.plans else PlanBook(self.plan)

    def plan_for(self, command: Command, village: str | None) -> Plan:
        """The plan in force at the command's time where it goes: in the issue's village, or where the command says."""
        book = self.plan_book()
        # A period's duties are those that the plan set when it began, also when it is closed under the next one.
        at = command.period.starts_at if isinstance(command, DutyCommand) else command.occurred_at
        return book.in_force(at, self._township(command, village) if book.asks_where else None)

    def _township(self, command: Command, village: str | None) -> str | None:
        code = village or getattr(command, "village", None)
        if isinstance(command, DutyCommand):
            return self.directory.township_of(command.place)
        if isinstance(command, SpotCheckCommand):
            return self.directory.township_of(command.township)
        if code is None:
            return getattr(command, "township", None)
        found = self.directory.village(code)
        return found.township if found else None

    def with_one_plan(self) -> "Office":
        """The same office with the county's plan of this moment for everything: what an import of old records needs."""
        return replace(self, plan=self.plan_book().in_force(self.clock()), plans=None)

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
