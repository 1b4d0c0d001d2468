"""A clock of seconds that a test sets itself, for what measures time by a monotonic clock."""


class Seconds:
    """Stands still at `now` until it is set; each look at it makes it `step` later."""

    def __init__(self, *, step: float = 0.0) -> None:
        self.now = 1000.0
        self._step = step

    def __call__(self) -> float:
        self.now += self._step
        return self.now
