"""The three rates 三率: response 响应率, resolution 解决率, satisfaction 满意率, by a policy that has a version.

Pure arithmetic over counts; dashboard.py counts. Nothing to divide by gives no rate (None), never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class RatesPolicy:
    """What the rates mean. A changed weight or exclusion is a new policy with a new id; old results keep theirs.

    Valid: issues whose latest call-back got an answer that can be counted. Excluded, and shown: cannot say 无法评价,
    declined 拒访, silent to the end of the time, not asked (no household), not called back yet.
    """

    id: str
    mostly_counts: Decimal  # how much of a "mostly satisfied" counts as satisfied


THREE_RATES: Final = RatesPolicy(id="three-rates@1", mostly_counts=Decimal("0.9"))


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with what it was made of; `value` is between 0 and 1, or None when there is nothing to divide by."""

    numerator: Decimal
    denominator: int

    @property
    def value(self) -> Decimal | None:
        """Rounded to four places."""
        if not self.denominator:
            return None
        return (self.numerator / self.denominator).quantize(Decimal("0.0001"))


@dataclass(frozen=True, slots=True)
class Goal:
    """What a plan asks of a rate, in percent, and whether it is met; None: the rate is undefined."""

    percent: int
    met: bool | None

    @classmethod
    def of(cls, rate: Rate, percent: int) -> "Goal":
        """The rate held against it, exactly: the rounded value could say that it is met before it is."""
        met = rate.numerator * 100 >= percent * rate.denominator if rate.denominator else None
        return cls(percent, met)


@dataclass(frozen=True, slots=True)
class CallBacks:
    """How many issues' latest call-backs there are of each kind."""

    valid: int
    contacted: int
    solved: int
    satisfied: int
    mostly: int
    excluded: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ThreeRates:
    """The rates, the policy by which they were made, and how many issues were left out for which reason."""

    policy: str
    response: Rate
    resolution: Rate
    satisfaction: Rate
    excluded: Mapping[str, int]


def three_rates(counts: CallBacks, policy: RatesPolicy = THREE_RATES) -> ThreeRates:
    """response = contacted/valid, resolution = solved/valid, satisfaction = (satisfied + part of mostly)/valid."""
    return ThreeRates(
        policy=policy.id,
        response=Rate(Decimal(counts.contacted), counts.valid),
        resolution=Rate(Decimal(counts.solved), counts.valid),
        satisfaction=Rate(counts.satisfied + policy.mostly_counts * counts.mostly, counts.valid),
        excluded=counts.excluded,
    )
