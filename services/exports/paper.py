"""What is a form as it lies on paper? Its title, of which unit and period it is, its columns, and who signs it.

One `Paper` for each copy of a form: layouts.py makes it, formats.py writes it and its rows as a file of any kind.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from services.exports.cells import day

SIGNATURES: Final = ("填表人", "审核人", "日期")
_PARTS: Final = {"H": "第{}半年", "Q": "第{}季度", "W": "第{}周"}


@dataclass(frozen=True, slots=True)
class Occasion:
    """Which copy of a form it is: of a unit, perhaps of a year, month or day (2026-03), made at a moment."""

    unit: str
    made_at: datetime
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything of a form but its rows. `columns` begin with 序号; `widths`: of each, in characters."""

    name: str
    title: str
    heading: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    wide: bool = True
    signatures: tuple[str, ...] = SIGNATURES
    notes: tuple[str, ...] = ()

    @property
    def shares(self) -> list[int]:
        """The width of each column in hundredths of the page's, at least two."""
        total = sum(self.widths)
        return [max(2, round(100 * width / total)) for width in self.widths]

    @property
    def heading_line(self) -> str:
        """What stands between title and table: unit, period, day."""
        return "　　".join(f"{name}：{value}" for name, value in self.heading)

    @property
    def signature_line(self) -> str:
        """What is filled in by hand at the end."""
        return "　　　　".join(f"{name}：＿＿＿＿＿＿" for name in self.signatures)


def period_in_words(period: str | None) -> str:
    """A period as offices write it: 2026年3月, 2026年上半年; nothing for none."""
    if not period:
        return ""
    year, _, rest = period.partition("-")
    if rest[:1] in _PARTS:
        return f"{year}年{_PARTS[rest[:1]].format(rest[1:])}".replace("第1半年", "上半年").replace("第2半年", "下半年")
    return "".join(f"{int(part)}{name}" for part, name in zip(period.split("-"), "年月日", strict=False))


def heading_of(occasion: Occasion) -> tuple[tuple[str, str], ...]:
    """Unit, period and day of a copy; without a period, up to when it tells."""
    period = period_in_words(occasion.period) or f"截至{period_in_words(day(occasion.made_at))}"
    return ("填报单位", occasion.unit), ("期间", period), ("填表日期", day(occasion.made_at))


def unit_of(organisation: Organisation, place: str | None) -> str:
    """What the office at a place calls itself: township and village; without a place, whatever is above all."""
    known = organisation.place(place) if place else None
    if place is None or known is None:
        townships = sorted(organisation.open_townships())
        return townships[0] if len(townships) == 1 else "各乡镇"
    township = organisation.within(place, PlaceKind.TOWNSHIP)
    return known.name if township is None or township.code == place else f"{township.name}{known.name}"
