"""How long is left? In words, by the office's calendar; templates call it as `time_left(due_at)`."""

from datetime import datetime
from typing import Final, NamedTuple

from domain.values import LOCAL_ZONE

_SOON: Final = 3
"""Days before a limit from which on it is told as near."""


class TimeLeft(NamedTuple):
    """What stands beside a due time. `state`: bad, warn or good, for its colour."""

    zh: str
    en: str
    state: str


def time_left(due_at: datetime, now: datetime) -> TimeLeft:
    """Overdue since, due today, or so many days left: days of the calendar, not of the plan's counting."""
    due, today = due_at.astimezone(LOCAL_ZONE), now.astimezone(LOCAL_ZONE)
    days = (due.date() - today.date()).days
    if now > due_at:
        return (
            TimeLeft(f"已超期 {-days} 天", f"{_days(-days)} overdue", "bad")
            if days
            else _today("今天已超期", "overdue")
        )
    if days == 0:
        return TimeLeft(f"今天 {due:%H:%M} 前", f"today by {due:%H:%M}", "warn")
    return TimeLeft(f"还有 {days} 天", f"{_days(days)} left", "warn" if days <= _SOON else "good")


def _today(zh: str, en: str) -> TimeLeft:
    return TimeLeft(zh, f"{en} today", "bad")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
