"""The figures of a bulletin: what each station owed, did and left open in a month, read off the log alone. Pure.

Read where one is drawn up (services/persistence/bulletin_basis.py), and again by whoever compares
(services/bulletins.py).
Complaints about officials are in none of it: whoever reads a bulletin may be the one complained of.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from domain.bulletin.tally import IssuesOfMonth
from domain.duty.events import DutyPeriodClosed
from domain.events import DomainEvent
from domain.issue.events import ISSUE_EVENTS
from domain.organisation.events import ORGANISATION_EVENTS
from domain.organisation.evolve import fold as fold_organisation
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.periods import Period
from domain.spot_check.basis import stations_of
from domain.spot_check.drawing import Head
from domain.spot_check.events import SPOT_CHECK_EVENTS
from domain.spot_check.state import Check
from domain.spot_check.state import fold as fold_check
from domain.spot_check.words import Standing as Rectified
from domain.submission.events import SUBMISSION_EVENTS, SubmissionsOpened
from domain.submission.state import Item
from domain.submission.state import Standing as HandedIn
from domain.submission.state import fold as fold_submissions
from domain.values import Moment, Value

TOPICS: Final = (
    "organisation.%", "submission.%", "spot_check.%", "duty.period_closed", "issue.logged", "issue.fixed_on_site",
    "issue.resolved", "issue.works_accepted", "issue.submission_declined", "issue.county_answered",
    "issue.deadline_missed", "issue.answer_rated",
)  # fmt: skip
"""The events that `figures_of` wants, as SQL's `like` writes them."""

_LISTED_AT_MOST: Final = 200
"""So many late issues are told one by one; the counts hold all."""


class Lacking(Value):
    """缺报: handed in after it was due (`came`), or not at all."""

    submission: str
    owner: str
    due_at: Moment
    came: bool


class DutyDone(Value):
    """One duty of a place's people in a period that ended in the month: asked and done, no more than was asked."""

    rule: str
    period: str
    asked: int
    done: int


class Unanswered(Value):
    """A rectification asked of a station, due, and not answered."""

    check_id: UUID
    finding: int
    unit: str
    due_at: Moment


class Late(Value):
    """An issue of which a deadline was missed in the month, how often, and by which unit at last."""

    issue: str
    place: str
    unit: str
    missed: int


class PlaceFigures(Value):
    """One station, or (its own code) the township's offices. Counts of the month; `unanswered` as of the drawing."""

    place: str
    owed: int = 0
    in_time: int = 0
    missing: tuple[Lacking, ...] = ()
    duties: tuple[DutyDone, ...] = ()
    new: int = 0
    done: int = 0
    overdue: int = 0
    satisfied: int = 0
    mostly: int = 0
    dissatisfied: int = 0
    not_counted: int = 0
    checks: int = 0
    ledgers_missed: int = 0
    findings: int = 0
    rectified: int = 0
    unanswered: tuple[Unanswered, ...] = ()


class Figures(Value):
    """All of a township's, and its late issues: whose deadlines were missed most often first."""

    places: tuple[PlaceFigures, ...]
    late: tuple[Late, ...] = ()


class Drawn(NamedTuple):
    """What comes of the log up to the head."""

    head: Head
    figures: Figures


@dataclass(frozen=True, slots=True)
class Asked:
    """Which bulletin is drawn up: of which township and month, and as of when what is due was missed."""

    township: str
    month: Period
    as_of: datetime


def figures_of(asked: Asked, events: Iterable[DomainEvent]) -> Figures:
    """From the events of TOPICS up to the head, in the log's order."""
    organisation: list[DomainEvent] = []
    streams: dict[UUID, list[DomainEvent]] = defaultdict(list)
    issues = IssuesOfMonth(asked.month)
    closed: list[DutyPeriodClosed] = []
    for event in events:
        kind = type(event)
        if kind in ISSUE_EVENTS:
            issues.take(event)
        elif kind in ORGANISATION_EVENTS:
            organisation.append(event)
        elif kind in SUBMISSION_EVENTS or kind in SPOT_CHECK_EVENTS:
            streams[event.originator_id].append(event)
        elif isinstance(event, DutyPeriodClosed) and event.last in asked.month:
            closed.append(event)
    where = _Where(fold_organisation(organisation), asked.township)
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for place, fields in (
        *_of_issues(issues, where), *_of_duties(closed, where), *_of_streams(streams.values(), asked, where)
    ):  # fmt: skip
        found[place].append(fields)
    lines = {place: _added(place, found[place]) for place in (*where.rows, *found)}
    return Figures(places=tuple(lines.values()), late=_late(issues, where))


class _Where:
    """Which row of the bulletin a place or village belongs to; none of another township's."""

    def __init__(self, organisation: Organisation, township: str) -> None:
        self._organisation = organisation
        self._township = township
        self.rows = (*sorted(stations_of(organisation, township)), township)

    def row(self, place: str) -> str | None:
        """The station's code, or of a village without one its own; of an office the township's."""
        return station_of(self._organisation, place, self._township)


def station_of(organisation: Organisation, place: str, township: str) -> str | None:
    """In which row of the township's bulletin a place stands; None: in none, it lies elsewhere."""
    if organisation.township_of(place) != township:
        return None
    station = organisation.within(place, PlaceKind.STATION)
    known = organisation.places[place]
    alone = place if known.kind is PlaceKind.VILLAGE else township
    return station.code if station else alone


Row = tuple[str, dict[str, object]]


def _of_issues(issues: IssuesOfMonth, where: _Where) -> Iterator[Row]:
    for village, counts in issues.counts().items():
        place = where.row(village)
        if place is not None:
            yield place, dict(counts)


def _late(issues: IssuesOfMonth, where: _Where) -> tuple[Late, ...]:
    found = [
        Late(issue=number, place=place, unit=unit, missed=missed)
        for number, village, unit, missed in issues.late()
        if (place := where.row(village)) is not None
    ]
    return tuple(sorted(found, key=lambda it: (-it.missed, it.issue))[:_LISTED_AT_MOST])


def _of_duties(closed: Iterable[DutyPeriodClosed], where: _Where) -> Iterator[Row]:
    for event in closed:
        place = where.row(event.place)
        asked, done = Counter[str](), Counter[str]()
        for tally in event.tallies:
            if tally.done is not None:
                asked[tally.rule] += tally.quota
                done[tally.rule] += min(tally.done, tally.quota)
        duties = tuple(
            DutyDone(rule=rule, period=event.period, asked=asked[rule], done=done[rule]) for rule in sorted(asked)
        )
        if place is not None:
            yield place, {"duties": duties}


def _of_streams(streams: Iterable[list[DomainEvent]], asked: Asked, where: _Where) -> Iterator[Row]:
    for history in streams:
        first = history[0]
        if isinstance(first, SubmissionsOpened):
            yield from _of_submissions(first.place, history, asked, where)
        elif (check := fold_check(history)) is not None and check.township == asked.township:
            yield from _of_check(check, asked)


def _of_submissions(place: str, history: list[DomainEvent], asked: Asked, where: _Where) -> Iterator[Row]:
    """What fell due within the month: "by the 31st" is late as the next one begins."""
    row, period = where.row(place), fold_submissions(history)
    if row is None or period is None:
        return
    due_by = min(asked.month.ends_at, asked.as_of)
    due = [it for it in period.items.values() if asked.month.starts_at < it.owed.due_at <= due_by]
    missing = tuple(_lacking(it) for it in due if it.missed or it.standing is not HandedIn.IN)
    if due:
        yield row, {"owed": len(due), "in_time": len(due) - len(missing), "missing": missing}


def _lacking(item: Item) -> Lacking:
    owed = item.owed
    came = item.standing is HandedIn.IN
    return Lacking(submission=owed.submission, owner=owed.owner, due_at=owed.due_at, came=came)


def _of_check(check: Check, asked: Asked) -> Iterator[Row]:
    of_month = check.period.startswith(asked.month.name)
    for station in check.stations:
        found = [it for it in check.findings.values() if it.station == station]
        open_ones = ((it, it.rectification) for it in found)
        unanswered = tuple(
            Unanswered(check_id=check.check_id, finding=it.number, unit=its.unit, due_at=its.due_at)
            for it, its in open_ones
            if its is not None and its.standing is Rectified.ORDERED and its.due_at < asked.as_of
        )
        yield station, {"unanswered": unanswered}
        if of_month:
            put_right = sum(it.rectification is not None and not it.is_open for it in found)
            missed = int(check.hand_in_missed)
            yield station, {"checks": 1, "ledgers_missed": missed, "findings": len(found), "rectified": put_right}


def _added(place: str, parts: Iterable[Mapping[str, object]]) -> PlaceFigures:
    """Numbers are added up, lists put one behind the other."""
    total = PlaceFigures(place=place).model_dump()
    for part in parts:
        for name, value in part.items():
            total[name] += value
    return PlaceFigures.model_validate(total)
