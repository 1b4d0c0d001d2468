"""What the counting of duties asks of other ledgers: households known, cases led, full inspections made.

Joined by services/bootstrap.py; answers come from read models, days after a period's end.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from domain.periods import Period


class CaseLed(NamedTuple):
    """A case that somebody leads 包案."""

    leader: str
    number: str


class Registers(Protocol):
    """Look-ups in read models."""

    def households(self, village: str) -> frozenset[str]:
        """The register numbers of a village's households, without erased ones. Raises OperationalError."""
        ...

    def cases_led(self, villages: Collection[str]) -> tuple[CaseLed, ...]:
        """The cases of these villages that are led by somebody and not struck off. Raises OperationalError."""
        ...

    def full_inspections(self, township: str, period: Period, by: datetime) -> int:
        """How many of that period a township had, of those recorded by then. Raises OperationalError."""
        ...


class NoRegisters:
    """Where nothing of that kind is asked."""

    def households(self, _: str) -> frozenset[str]:
        """None."""
        return frozenset()

    def cases_led(self, _: Collection[str]) -> tuple[CaseLed, ...]:
        """None."""
        return ()

    def full_inspections(self, _: str, __: Period, ___: datetime) -> int:
        """None."""
        return 0


NO_REGISTERS: Final = NoRegisters()
