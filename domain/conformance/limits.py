"""Was each step within the limit that the history itself promised? And was it said where it was not?

Limits are those that the events keep; of which rule and how long they ought to have been is `huiyin audit what-if`'s.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from domain.conformance.declared import STEPS
from domain.conformance.deviations import Deviation, Kind
from domain.conformance.history import History
from domain.deadlines import Deadline
from domain.values import LOCAL_ZONE

_MOVES: Final = frozenset({"extension_granted", "assigned"})
"""They put another limit in the place of the one that runs: whether that was passed shows here."""
_SHIFTS: Final = frozenset({"clock_paused", "clock_resumed", "deadline_redated"})
"""The same limit with another end."""
_SAYS: Final = frozenset({"deadline_missed", "escalated:overdue"})
"""They say themselves that the limit was passed."""
_BESIDE: Final = {
    "promise_missed": ("向群众承诺的期限", "the date promised to the household"),
    "notice_missed": ("告知期限", "the time to tell the household"),
}
_A_STOP: Final = timedelta(days=1)
"""So long the process may have stood still before it writes down what is over."""
_OF_HOUSEHOLD: Final = "feedback"
"""The household's own time to speak: nobody is late by it."""


@dataclass(slots=True)
class _Running:
    """The limit that runs, whether its passing was written down, and whether it is that of the step now awaited."""

    deadline: Deadline | None = None
    said: bool = False
    sound: bool = True


def limits_kept(history: History, as_of: datetime | None, disturbed: frozenset[int]) -> Iterator[Deviation]:
    """Every step that came after its limit, or before its time; with `as_of` also what is over and still open.

    `disturbed`: events at which steps are missing or out of order. The limits around them are those of other steps.
    """
    if history.imported:
        return
    running = _Running()
    for index, (label, event) in enumerate(zip(history.labels, history.events, strict=True)):
        yield from _early(history, index, label, event, running)
        if label in _BESIDE:
            zh, en = _BESIDE[label]
            words = (f"超过{zh} {_day(event.due_at)}。", f"Later than {en}, {_day(event.due_at)}.")
            yield Deviation(Kind.LATE, (history.number,), (history.at(index),), *words)
        new = getattr(event, "deadline", None) or getattr(event, "look_back", None)
        if STEPS[label].clock is not None or (label in _MOVES and new is not None):
            running.said |= label in _SAYS
            if running.sound and index not in disturbed:
                yield from _passed(history, index, event.occurred_at, running)
            running = _Running(new, sound=index not in disturbed)
        elif label in _SHIFTS:
            running.deadline = new
        elif label in _SAYS:
            running.said = True
    if as_of is not None:
        yield from _passed(history, len(history.events) - 1, as_of - _A_STOP, running, still_open=True)


def _passed(
    history: History, index: int, moment: datetime, running: _Running, *, still_open: bool = False
) -> Iterator[Deviation]:
    """The limit that runs was over at that moment."""
    limit = running.deadline
    if limit is None or limit.rule == _OF_HOUSEHOLD or moment <= limit.missed_at:
        return
    days = (moment.astimezone(LOCAL_ZONE).date() - limit.missed_at.astimezone(LOCAL_ZONE).date()).days
    until = _day(limit.missed_at)
    zh = f"期限 {limit.rule} 至 {until}，{'至今' if still_open else ''}超 {days} 天"
    en = f"The limit {limit.rule} ended on {until}: {days} days over{' and still open' if still_open else ''}"
    if running.said:
        yield Deviation(Kind.LATE, (history.number,), (history.at(index),), f"{zh}。", f"{en}.")
    else:
        words = (f"{zh}，且未登记超期。", f"{en}, and nothing says so.")
        yield Deviation(Kind.LATE_UNSAID, (history.number,), (history.at(index),), *words)


def _early(history: History, index: int, label: str, event: Any, running: _Running) -> Iterator[Deviation]:
    """What may happen only when a time is over, and happened before."""
    limit = running.deadline
    times = {
        "household_silent": limit.missed_at if limit else None,
        "deadline_missed": limit.due_at if limit else None,
        "escalated:overdue": limit.escalate_at if limit else None,
    }
    time = times.get(label)
    if time is not None and event.occurred_at < time:
        step = STEPS[label]
        zh = f"“{step.zh}”应不早于 {_day(time)}，实为 {_day(event.occurred_at)}。"
        en = f"“{step.en}” was not to come before {_day(time)}, and came on {_day(event.occurred_at)}."
        yield Deviation(Kind.TOO_EARLY, (history.number,), (history.at(index),), zh, en)


def _day(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
