"""Does one real history fit the declared process, how far, and what does not? Replays events alone; decides nothing.

Called by services/audit/conformance.py; patterns over several issues stand in `patterns.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.conformance.acting import Held, wrongly_acting
from domain.conformance.declared import STEPS
from domain.conformance.deviations import At, Deviation, Kind
from domain.conformance.history import History
from domain.conformance.limits import limits_kept
from domain.conformance.ordering import order_of


@dataclass(frozen=True, slots=True)
class Checked:
    """One issue. `steps`: taken or left out; `fitting`: those of them that nothing speaks against."""

    issue_id: UUID
    number: str
    village: str | None
    steps: int
    fitting: int
    deviations: tuple[Deviation, ...]

    @property
    def fitness(self) -> float:
        """The share of the steps that fit, from 0 to 1."""
        return self.fitting / self.steps

    @property
    def conformant(self) -> bool:
        """Whether nothing was found but what the history itself says, such as a limit that was missed and said so."""
        return all(deviation.kind is Kind.LATE for deviation in self.deviations)


def check(history: History, as_of: datetime | None = None, held: Held | None = None) -> Checked:
    """Everything about one history; `as_of`: a limit that was over by then counts though nothing came after it.

    `held`: who held which post when; None: nobody asks.
    """
    strange = [label for label in history.labels if label not in STEPS]
    if strange:
        raise ValueError(f"{strange[0]} is not declared")
    order = order_of(history)
    found = (*order.deviations, *wrongly_acting(history, held), *limits_kept(history, as_of, order.disturbed))
    wrong: set[At] = {where for deviation in found if deviation.kind is not Kind.SKIPPED for where in deviation.events}
    steps = len(history.events) + order.skipped
    village = history.logged.village if history.logged else None
    return Checked(history.issue_id, history.number, village, steps, len(history.events) - len(wrong), found)
