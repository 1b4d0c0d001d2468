"""Many histories at once: each against the declared process, then all of them for patterns that show only together."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.conformance import habits, patterns
from domain.conformance.acting import Held
from domain.conformance.checking import Checked, check
from domain.conformance.deviations import Deviation, Kind
from domain.conformance.facts import Digests, Facts, facts_of
from domain.conformance.habits import Cycles
from domain.conformance.history import History


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found. `checked`: how many issues and steps; `unfit`: those of which there is something to say."""

    checked: int
    steps: int
    fitting: int
    unfit: tuple[Checked, ...]
    patterns: tuple[Deviation, ...]

    @property
    def fitness(self) -> float | None:
        """The share of all steps that fit; None where there are none."""
        return self.fitting / self.steps if self.steps else None

    @property
    def findings(self) -> tuple[Deviation, ...]:
        """All of them, of single issues first."""
        return (*(it for checked in self.unfit for it in checked.deviations), *self.patterns)

    @property
    def by_kind(self) -> dict[Kind, int]:
        """How many of each kind, in the order of the list of kinds."""
        counted = Counter(it.kind for it in self.findings)
        return {kind: counted[kind] for kind in Kind}

    @property
    def conformant(self) -> int:
        """In how many issues every step fits the declared process; missed limits that were said are no deviation."""
        return self.checked - sum(not it.conformant for it in self.unfit)


class Surveyor:
    """Takes histories in, some at a time, and tells what came of them."""

    def __init__(self, as_of: datetime | None = None, held: Held | None = None) -> None:
        self._as_of, self._held = as_of, held
        self._facts: list[Facts] = []
        self._unfit: list[Checked] = []
        self._checked = self._steps = self._fitting = 0

    def take(self, histories: Iterable[History], digests: Digests) -> None:
        """These are checked, and what patterns need of them is kept."""
        for history in histories:
            checked = check(history, self._as_of, self._held)
            self._checked += 1
            self._steps += checked.steps
            self._fitting += checked.fitting
            if checked.deviations:
                self._unfit.append(checked)
            if (facts := facts_of(history, digests)) is not None:
                self._facts.append(facts)

    def told(self, cycles: Cycles) -> Survey:
        """Everything; `cycles`: how long an assessment period is under the plan of an id."""
        found = (
            *patterns.closed_without_answer(self._facts),
            *patterns.closed_too_soon(self._facts),
            *patterns.copied_answers(self._facts),
            *patterns.refiled(self._facts),
            *patterns.backdated(self._facts),
            *habits.rushes(self._facts, cycles),
            *habits.last_day_extensions(self._facts),
            *habits.mutual_look_backs(self._facts),
            *habits.all_on_site(self._facts),
        )
        return Survey(self._checked, self._steps, self._fitting, tuple(self._unfit), found)
