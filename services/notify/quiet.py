"""When are no notices sent? The hours of rest that an office chose."""

from datetime import datetime, time
from typing import NamedTuple

from domain.values import LOCAL_ZONE


class Quiet(NamedTuple):
    """The hours of the office's clock in which nothing is sent; they may span midnight."""

    since: time
    until: time

    @classmethod
    def of(cls, text: str) -> "Quiet | None":
        """`21:00-07:30`; empty: never. Raises ValueError."""
        if not text:
            return None
        since, _, until = text.partition("-")
        return cls(time.fromisoformat(since), time.fromisoformat(until))

    def holds(self, moment: datetime) -> bool:
        """Whether it is quiet now."""
        now = moment.astimezone(LOCAL_ZONE).time()
        if self.since <= self.until:
            return self.since <= now < self.until
        return now >= self.since or now < self.until
