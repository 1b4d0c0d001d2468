"""Where do the dashboard's figures come from? Today: cells of what is done, rows of what is open. Before: spells.

One relation `it` either way, a line for each issue or for several alike, with the facts that figures.py names.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString

from projections.figures import FACTS, FIGURES, of_figures

_LAST: Final = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class When:
    """Of which time: as things were at `as_of`, as far as it was recorded by `known_at`. None: now, all of it."""

    as_of: datetime | None = None
    known_at: datetime | None = None

    @property
    def is_past(self) -> bool:
        """Whether another time is asked for than now."""
        return self.as_of is not None or self.known_at is not None

    @property
    def moment(self) -> datetime:
        """The moment at which things are judged. Of another time only."""
        return self.as_of or self.known_at or _LAST


TODAY: Final = When()
SEEN: Final[LiteralString] = """
  (%(village)s::text is null or village = %(village)s)
  and (%(villages)s::text[] is null or village = any(%(villages)s))
  and (concerns is null or concerns <> all(%(barred)s))
"""
_CELLS: Final[LiteralString] = """
select village, category, channel, tier, department, stage, timed, answered, late, solved, asked, backlog, silent,
  rating, contacted, slow, false as is_open, false as waits, false as past_due, 0 as age, issues
from dashboard_cell where {seen}
union all
select {facts}, 1 as issues from dashboard where stage = any(%(open)s) and {seen}
"""
VALID_AT: Final[LiteralString] = """
  from_at <= %(as_of)s and known_from <= %(known_at)s
  and (until_at is null or until_at > %(as_of)s or known_until > %(known_at)s)
"""
_SPELLS: Final[LiteralString] = "select {facts}, 1 as issues from issue_spell where {valid} and {seen}"


def source(when: When) -> LiteralString:
    """The relation `it`; `issues`: how many a line stands for."""
    if when.is_past:
        return _SPELLS.format(facts=FACTS, valid=VALID_AT, seen=SEEN)
    return _CELLS.format(facts=FACTS, seen=SEEN)


def rows_of(when: When) -> LiteralString:
    """The issues themselves, for a `from`."""
    if when.is_past:
        return f"(select * from issue_spell where {VALID_AT} and {SEEN}) as row"  # noqa: S608
    return f"(select * from dashboard where {SEEN}) as row"  # noqa: S608


def figures_of(names: Collection[str] = FIGURES.keys()) -> LiteralString:
    """The sums of these figures, for a `select` from `it`."""
    sums: list[LiteralString] = [
        f"coalesce(sum(issues) filter (where {condition}), 0)::int8 as {name}"
        for name, condition in FIGURES.items()
        if name in names
    ]
    return ", ".join(sums)


def values_of(
    now: datetime, village: str | None, villages: Collection[str] | None, barred: Collection[str], when: When
) -> dict[str, Any]:
    """What the statements take."""
    return {
        **of_figures(now),
        "village": village,
        "villages": None if villages is None else sorted(villages),
        "barred": sorted(barred),
        "as_of": when.as_of or _LAST,
        "known_at": when.known_at or _LAST,
    }
