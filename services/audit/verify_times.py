"""Are the times plausible, and not after their proof? Of the log in its order; what an event claims is looked at too.

`recorded_at` is the database's own clock. It may stray from the order of positions by as long as a transaction lasts,
and never lies behind the moment at which a checkpoint that covers it was signed or cosigned.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from domain.issue import events as e
from domain.issue.rules import CLOCK_SKEW, EARLIEST
from projections.log_reader import SealedEvent
from services.audit.verify_faults import Faults, where
from services.audit.verify_streams import Told

STRAY: Final = timedelta(minutes=10)
"""Longer than any transaction of ours lasts, with clocks set a little."""
_OF_OTHERS: Final = frozenset({e.AnswerShared, e.IssueAbsorbed, e.FundingGranted, e.SubmissionTabled})
"""They happen to an issue by what was asked of another stream, whose time is its own."""


class Bounds:
    """Until when a position was recorded at the latest: `moments` are (size, when a tree of that size was signed)."""

    def __init__(self, moments: Sequence[tuple[int, datetime]]) -> None:
        ordered = sorted(moments)
        self._sizes = [size for size, _ in ordered]
        self._latest = [moment for _, moment in ordered]
        for nth in range(len(ordered) - 2, -1, -1):  # a larger tree that was signed earlier bounds the smaller one too
            self._latest[nth] = min(self._latest[nth], self._latest[nth + 1])

    def of(self, position: int) -> datetime | None:
        """None while no checkpoint covers it."""
        nth = bisect_right(self._sizes, position)
        return self._latest[nth] if nth < len(self._sizes) else None


class Times:
    """Takes the log's events in their order, and streams as they are told."""

    def __init__(self, bounds: Bounds, now: datetime) -> None:
        self.faults = Faults()
        self._bounds, self._now = bounds, now
        self._latest = EARLIEST

    def take(self, events: Sequence[SealedEvent]) -> None:
        """The next events, by position."""
        for event in events:
            kind = self._kind(event)
            if kind is not None:
                self.faults.add(kind, where(event))
            elif event.recorded_at > self._latest:
                self._latest = event.recorded_at

    def _kind(self, event: SealedEvent) -> str | None:
        bound = self._bounds.of(event.position)
        if bound is not None and event.recorded_at > bound + STRAY:
            return "recorded-after-proof"
        if event.recorded_at > self._now + STRAY:
            return "recorded-in-future"
        return "recorded-out-of-order" if event.recorded_at < self._latest - STRAY else None

    def take_stream(self, stream: Sequence[Told]) -> None:
        """One stream: what its events claim (L14)."""
        first = stream[0].event
        logged_at = first.occurred_at if isinstance(first, e.IssueLogged) else EARLIEST
        for sealed, event in stream:
            if event is None:
                continue
            if event.occurred_at > sealed.recorded_at + 2 * CLOCK_SKEW:
                self.faults.add("happened-after-recorded", where(sealed))
            elif event.occurred_at < (EARLIEST if type(event) in _OF_OTHERS else logged_at):
                self.faults.add("happened-too-early", where(sealed))
