"""From where on does something look like gaming? Each limit as data, with the reason why it is not lower or higher.

What each of them finds and what it raises for nothing is measured by `huiyin bench conformance`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Threshold:
    """One limit: how much, of what, and why so much."""

    value: float
    unit: str
    why: str


THRESHOLDS: Final[Mapping[str, Threshold]] = {
    "too_soon_days": Threshold(
        14,
        "days",
        "the shortest look-back of the bundled plans is 30 days; what falls back before did not hold",
    ),
    "reclosed_times": Threshold(3, "times", "the bundled plans reopen twice for dissatisfaction; three is a habit"),
    "copied_issues": Threshold(
        3, "issues", "two neighbours may have had one lamp; three share a cause, and that is said"
    ),
    "copied_letters": Threshold(20, "letters", "shorter answers are formulas of courtesy, alike everywhere"),
    "refiled_days": Threshold(30, "days", "within a household's time to ask for a review, which would be the way"),
    "rush_days": Threshold(5, "days", "one working week before the period's end"),
    "rush_least": Threshold(10, "closings", "fewer are one meeting's worth"),
    "rush_times": Threshold(4, "times", "as many a day as in the rest of the period; a busy week is no rush"),
    "rush_chance": Threshold(0.0001, "probability", "that so many fell there by chance, spread evenly"),
    "backdated_days": Threshold(3, "days", "so long the plans let pass without calling a record late"),
    "backdated_least": Threshold(3, "steps", "one or two may be a notebook found late"),
    "backdated_within_days": Threshold(7, "days", "recorded in one sitting, or in one week before an inspection"),
    "last_day_least": Threshold(5, "extensions", "fewer say nothing about a habit"),
    "last_day_share": Threshold(0.8, "share", "four of five"),
    "mutual_least": Threshold(5, "look-backs", "each way; fewer are a small office"),
    "mutual_share": Threshold(0.8, "share", "four of five of the one's cases by the other, and the other way round"),
    "mutual_others": Threshold(2, "persons", "besides the two: where nobody else looks back, nobody chose"),
    "on_site_least": Threshold(20, "issues", "fewer say nothing about a habit"),
    "on_site_share": Threshold(0.98, "share", "practically all"),
    "on_site_others": Threshold(0.8, "share", "where everybody fixes as much on site, it is how the place works"),
}


def limit(name: str) -> float:
    """The limit of this name."""
    return THRESHOLDS[name].value
