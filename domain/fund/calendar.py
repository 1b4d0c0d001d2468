"""When does a fund's month ask for something? The day of a round, the day of the year's closing. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final, Self

from domain.fund.policy import Funding
from domain.periods import Period
from domain.values import LOCAL_ZONE

_MORNING: Final = time(8, 0)


@dataclass(frozen=True, slots=True)
class FundDates:
    """Of one month; None: nothing of the kind."""

    round_at: datetime | None = None
    close_at: datetime | None = None  # of the year before

    def since(self, began: datetime | None) -> Self:
        """Without what lies before the plan was in force here (None: it always was)."""
        moments = {name: getattr(self, name) for name in ("round_at", "close_at")}
        return replace(self, **{name: None for name, at in moments.items() if at and began and at < began})


def dates_of(policy: Funding | None, month: Period) -> FundDates:
    """What this plan asks for in this month."""
    if policy is None:
        return FundDates()
    number = month.first.month
    rounds, end = policy.rounds, policy.year_end
    return FundDates(
        round_at=_morning_of(month.day_of_month(rounds.day)) if number in rounds.months else None,
        close_at=_morning_of(month.day_of_month(end.day)) if number == end.month else None,
    )


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, _MORNING, LOCAL_ZONE)
