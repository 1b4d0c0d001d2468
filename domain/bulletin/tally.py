"""The issues of a month, counted village by village as their events pass: new, done, overdue, rated. Pure.

Used by figures.py. A household's words are never looked at; of a complaint about an official nothing is counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from domain.events import DomainEvent
from domain.issue import events as e
from domain.issue.words import CountyOutcome, Rating
from domain.periods import Period

_DONE: Final = (e.IssueFixedOnSite, e.IssueResolved, e.WorksAccepted, e.SubmissionDeclined, e.CountyAnswered)
_RATED: Final[Mapping[Rating, str]] = {
    Rating.SATISFIED: "satisfied",
    Rating.MOSTLY: "mostly",
    Rating.DISSATISFIED: "dissatisfied",
    Rating.CANNOT_SAY: "not_counted",
    Rating.DECLINED: "not_counted",
}


class IssuesOfMonth:
    """What happened to issues in one month; each is counted once under each head, and rated as it was rated last."""

    def __init__(self, month: Period) -> None:
        self._month = month
        self._issues: dict[UUID, tuple[str, str]] = {}  # number and village
        self._new: set[UUID] = set()
        self._done: set[UUID] = set()
        self._missed: Counter[UUID] = Counter()
        self._unit: dict[UUID, str] = {}
        self._rated: dict[UUID, Rating] = {}

    def take(self, event: DomainEvent) -> None:
        """One event of any issue, in the log's order."""
        issue = event.originator_id
        if isinstance(event, e.IssueLogged) and event.concerns is None:
            self._issues[issue] = (event.number or "", event.village)
        if issue not in self._issues or event.occurred_at not in self._month:
            return
        match event:
            case e.IssueLogged():
                self._new.add(issue)
            case e.DeadlineMissed():
                self._missed[issue] += 1
                self._unit[issue] = event.holder.unit
            case e.AnswerRated():
                self._rated[issue] = event.rating
            case e.CountyAnswered() if event.outcome is CountyOutcome.SENT_BACK:
                return
            case _ if isinstance(event, _DONE):
                self._done.add(issue)

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """By village, by the names of the bulletin's figures."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for name, issues in (("new", self._new), ("done", self._done), ("overdue", self._missed)):
            for issue in issues:
                found[self._issues[issue][1]][name] += 1
        for issue, rating in self._rated.items():
            found[self._issues[issue][1]][_RATED[rating]] += 1
        return found

    def late(self) -> Iterator[tuple[str, str, str, int]]:
        """Number, village, unit at last, and how often, of each issue of which a deadline was missed."""
        for issue, missed in self._missed.items():
            yield (*self._issues[issue], self._unit[issue], missed)
