"""What may be asked of the duties of a place in a period: its rota by people, the rest by the process."""

from datetime import date
from functools import lru_cache
from typing import Annotated, Self
from uuid import UUID, uuid5

from pydantic import Field, model_validator

from domain.commands import Command
from domain.organisation.words import PlaceCode
from domain.periods import Cycle, Period
from domain.values import GivenDay, UserId, Value, ValueRefused

_NAMESPACE = UUID("e0c5c1de-64b1-4f0e-8a57-0b9b54b0a7d6")


@lru_cache(maxsize=4_096)
def duties_id_of(place: str, period: str) -> UUID:
    """Where the duties of a place in a period go."""
    return uuid5(_NAMESPACE, f"{place}/{period}")


class DutyCommand(Command):
    """About one place in one period, named by its first day and length."""

    place: PlaceCode
    cycle: Cycle
    first: GivenDay

    @property
    def period(self) -> Period:
        """The period meant."""
        return Period(self.first, self.cycle)

    @property
    def stream_id(self) -> UUID:
        return duties_id_of(self.place, self.period.name)

    @model_validator(mode="after")
    def _begins_there(self) -> Self:
        if Period.containing(self.first, self.cycle).first != self.first:
            raise ValueRefused(
                "not-a-first-day", zh="须写周期的第一天。", en="Write the first day of a period of that length."
            )
        return self


class RotaTurn(Value):
    """Somebody's turn on a day."""

    day: GivenDay
    officer: UserId


class SetRota(DutyCommand):
    """排定轮值: who is there on which day of the period; set anew, the last one holds."""

    turns: Annotated[tuple[RotaTurn, ...], Field(min_length=1, max_length=1_000)]

    def by_day(self) -> dict[date, set[str]]:
        """Who is there on which day."""
        found: dict[date, set[str]] = {}
        for turn in self.turns:
            found.setdefault(turn.day, set()).add(turn.officer)
        return found


class OpenDutyPeriod(DutyCommand):
    """开始统计: a period begins."""


class RemindDuties(DutyCommand):
    """提醒缺口: what is missing, some days before its end."""


class CloseDutyPeriod(DutyCommand):
    """截账: what was done, by what was entered until the grace was over."""


DUTY_COMMANDS: tuple[type[DutyCommand], ...] = (SetRota, OpenDutyPeriod, RemindDuties, CloseDutyPeriod)
