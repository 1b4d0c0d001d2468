"""Who did well, and who has something to answer for? Told from accounts of appraisal.py alone; pure.

Satisfaction of the people first, then answers in time; equal figures share a place. One case decides nothing: whoever
has fewer ratings than the plan asks for is not ranked, and not called worse for it.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from projections.appraisal import Account
from projections.appraisal_marks import Counted

UNDONE: Final = (
    Counted.LATE, Counted.PROMISE, Counted.SHORT, Counted.MISSED, Counted.LEDGERS_MISSED, Counted.RECTIFICATION_MISSED,
)  # fmt: skip
"""What one answers for: each with its marks, never added up."""
_UNDEFINED: Final = Decimal(-1)


class Ranked(NamedTuple):
    """An account with its place; 1 is the first."""

    rank: int
    account: Account


def ranking(accounts: Iterable[Account], least_ratings: int) -> list[Ranked]:
    """Those with enough ratings, the most content people first."""
    enough = [it for it in accounts if it.satisfaction.denominator >= least_ratings]
    ordered = sorted(enough, key=lambda it: (*_worth(it), it.officer or "", it.place))
    worths = [_worth(it) for it in ordered]
    return [Ranked(worths.index(worth) + 1, it) for worth, it in zip(worths, ordered, strict=True)]


def answerable(accounts: Sequence[Account]) -> list[Account]:
    """Those to whose account something was left undone, in the order of the accounts."""
    return [it for it in accounts if any(it.of(what) > 0 for what in UNDONE)]


def _worth(account: Account) -> tuple[Decimal, Decimal]:
    """Exact, and not as rounded to be shown; less is better."""
    satisfaction, on_time = account.satisfaction, account.on_time
    content = satisfaction.numerator / satisfaction.denominator
    return -content, -(on_time.numerator / on_time.denominator if on_time.denominator else _UNDEFINED)
