"""Households known, cases led, full inspections made: asked when duties are counted; joined by bootstrap.

By the read models, which follow the log by moments: periods are counted days after their end.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

import psycopg
from eventsourcing.persistence import OperationalError

from domain.duty.registers import CaseLed
from domain.issue.words import OPEN_STAGES
from domain.periods import Period
from services.persistence.scope import Scope, scoped

_HOUSEHOLDS: Final = "select household from household_register where village = %s and erased_at is null"
_INSPECTIONS: Final = """
select count(*) from spot_check join ledger_events on originator_id = check_id and originator_version = 1
where township = %s and kind = 'full' and period >= %s and period <= %s and recorded_at <= %s
"""
_CASES: Final = """
select leader, number from issue_ledger where village = any(%s) and leader is not null and stage = any(%s)
order by number
"""


class DutyRegisters:
    """`domain.duty.registers.Registers` over the read models, on a connection made for the question."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def households(self, village: str) -> frozenset[str]:
        """The register numbers of a village's households, without erased ones. Raises OperationalError."""
        return frozenset(household for (household,) in self._asked(_HOUSEHOLDS, (village,)))

    def cases_led(self, villages: Collection[str]) -> tuple[CaseLed, ...]:
        """The cases of these villages that are led by somebody and not struck off. Raises OperationalError."""
        return tuple(CaseLed(*row) for row in self._asked(_CASES, (sorted(villages), sorted(OPEN_STAGES))))

    def full_inspections(self, township: str, period: Period, by: datetime) -> int:
        """How many of that period a township had, of those recorded by then. Raises OperationalError."""
        days = (period.first.isoformat(), period.last.isoformat())
        ((made,),) = self._asked(_INSPECTIONS, (township, *days, by))
        return int(made)

    def _asked(self, question: str, parameters: Iterable[Any]) -> list[tuple[Any, ...]]:
        try:
            with (
                psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection,
                scoped(connection, Scope.whole()),
            ):
                return connection.execute(question.encode(), tuple(parameters)).fetchall()
        except psycopg.Error as failure:
            raise OperationalError("the registers cannot be read") from failure
