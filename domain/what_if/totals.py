"""How many verdicts changed which way, of all issues, of each village, of each officer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from domain.what_if.words import Changed, IssueChanges, Judged, Question

_MISSED_TO_KEPT: Final = frozenset({Judged.KEPT, Judged.OPEN})


@dataclass(slots=True)
class Total:
    """Of one village, one officer, or of all. `days_later`, `days_earlier`: summed over the limits that moved.

    `questions`: how many changed verdicts there are of each.
    """

    issues: int = 0
    changes: int = 0
    missed_to_kept: int = 0
    kept_to_missed: int = 0
    untold: int = 0
    later: int = 0
    earlier: int = 0
    days_later: int = 0
    days_earlier: int = 0
    questions: Counter[Question] = field(default_factory=Counter)

    def add(self, changes: Iterable[Changed]) -> None:
        """Those of one issue."""
        before = self.changes
        for changed in changes:
            self._count(changed)
        self.issues += self.changes > before

    def _count(self, changed: Changed) -> None:
        self.changes += 1
        self.questions[changed.question] += 1
        was, would = changed.recorded.judged, changed.other.judged
        self.missed_to_kept += was is Judged.MISSED and would in _MISSED_TO_KEPT
        self.kept_to_missed += was in _MISSED_TO_KEPT and would is Judged.MISSED
        self.untold += would is Judged.UNTOLD
        days = changed.days or 0
        self.later, self.days_later = self.later + (days > 0), self.days_later + max(days, 0)
        self.earlier, self.days_earlier = self.earlier + (days < 0), self.days_earlier + max(-days, 0)


@dataclass(slots=True)
class Totals:
    """`replayed`, `events`: how many issues were looked at, and events of theirs."""

    replayed: int = 0
    events: int = 0
    all: Total = field(default_factory=Total)
    villages: dict[str, Total] = field(default_factory=dict)
    officers: dict[str, Total] = field(default_factory=dict)

    def add(self, found: IssueChanges) -> None:
        """One more issue; an officer has those verdicts for which they answered."""
        self.replayed += 1
        self.events += found.events
        if not found.changes:
            return
        self.all.add(found.changes)
        self.villages.setdefault(found.village, Total()).add(found.changes)
        for person in {it.person for it in found.changes}:
            self.officers.setdefault(person, Total()).add(it for it in found.changes if it.person == person)
