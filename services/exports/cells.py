"""The cells that forms share: days, amounts, places. Times are the office's own. Called by each form's columns."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.values import LOCAL_ZONE

Cell = Callable[[Any], str]
"""How a line fills a column."""


def day(moment: datetime | None, form: str = "") -> str:
    """A moment by the office's calendar, as 2026-03-01 or in the form given; nothing for none."""
    if moment is None:
        return ""
    there = moment.astimezone(LOCAL_ZONE)
    return there.strftime(form) if form else there.date().isoformat()


def yuan(amount: Decimal | None) -> str:
    """An amount with its cents; nothing for none."""
    return "" if amount is None else f"{amount:.2f}"


def village(line: Any) -> str:
    """The village's name, or its code where it has none."""
    return str(line.village_name or line.village)


def said(name: str) -> Cell:
    """A column as it is; nothing where it is empty."""
    return lambda line: getattr(line, name) or ""


def yes(flag: object) -> str:
    """是, or nothing."""
    return "是" if flag else ""
