"""How much was done of what the plan asks? Pure counting over facts: one function a measure, the table in the middle.

A visit counts for the day on which it was made, once for each officer who was there, however often it was written down.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from domain.duty.events import Tally
from domain.duty.facts import Facts
from domain.duty.policy import Duties, Measure, Quota
from domain.visit.state import Visit
from domain.visit.words import VisitKind

Officer = str | None


@dataclass(frozen=True, slots=True)
class Count:
    """Of a share: `part` of `of`. `visits`: those that made it up."""

    done: int | None
    part: int | None = None
    of: int | None = None
    visits: tuple[Visit, ...] = ()


def by(officer: Officer, visits: Iterable[Visit]) -> tuple[Visit, ...]:
    """The visits at which somebody was; None: everybody's."""
    return tuple(visit for visit in visits if officer is None or officer in visit.officers)


def households_in(visits: Iterable[Visit]) -> frozenset[tuple[str, str]]:
    """The households that were visited at home, each once."""
    return frozenset(
        (visit.village, visit.household)
        for visit in visits
        if visit.kind is VisitKind.HOUSEHOLD and visit.household is not None
    )


def _visits(facts: Facts, officer: Officer) -> Count:
    visits = by(officer, facts.within)
    return Count(len(visits), visits=visits)


def _days(facts: Facts, officer: Officer) -> Count:
    visits = by(officer, facts.within)
    return Count(len({visit.day for visit in visits}), visits=visits)


def _households(facts: Facts, officer: Officer) -> Count:
    visits = by(officer, facts.within)
    return Count(len(households_in(visits)), visits=visits)


def _links(facts: Facts, officer: Officer) -> Count:
    return Count(sum(household is not None for _, household in _linked(facts, officer)))


def _linked_share(facts: Facts, officer: Officer) -> Count:
    visits = by(officer, facts.within)
    linked = {(village, household) for village, household in _linked(facts, officer) if household is not None}
    return _share(len(linked & households_in(visits)), len(linked), visits)


def _village_share(facts: Facts, officer: Officer) -> Count:
    """Every household of the villages to which somebody is linked, whoever of the office went there."""
    villages = facts.villages if officer is None else dict.fromkeys(village for village, _ in facts.links(officer))
    known = {(village, household) for village in villages for household in facts.households(village)}
    return _share(len(known & households_in(facts.within)), len(known), facts.within)


def _priority_share(facts: Facts, _: Officer) -> Count:
    """Households on the priority register that were visited as often as planned."""
    made: dict[tuple[str, str], int] = {}
    for visit in facts.within:
        if visit.household is not None:
            made[visit.village, visit.household] = made.get((visit.village, visit.household), 0) + 1
    kept = sum(made.get((village, listed.household), 0) >= listed.planned for village, listed in facts.priority)
    return _share(kept, len(facts.priority), facts.within)


def _difficulties(facts: Facts, officer: Officer) -> Count:
    """The fewest for any household, or (linked to none) any village to which somebody is linked: each is owed some."""
    every = _linked(facts, officer)
    linked = [link for link in every if link[1] is not None] or every
    solved = [(village, it.household) for village, it in facts.solved if officer in (None, it.officer)]
    return Count(min((solved.count(link) for link in linked), default=None))


def _cases_share(facts: Facts, officer: Officer) -> Count:
    """Cases led that were the business of a visit by whoever leads them."""
    led = [case for case in facts.cases_led if officer in (None, case.leader)]
    carried = [it for it in led if any(it.number in visit.issues for visit in by(it.leader, facts.within))]
    return _share(len(carried), len(led), facts.within)


def _inspections(facts: Facts, _: Officer) -> Count:
    """Full inspections of the township (CX11): owed by its committee and auditors together."""
    return Count(facts.full_inspections)


def _linked(facts: Facts, officer: Officer) -> tuple[tuple[str, str | None], ...]:
    if officer is not None:
        return facts.links(officer)
    return tuple(dict.fromkeys(link for each in facts.organisation.links for link in facts.links(each)))


def _share(part: int, of: int, visits: tuple[Visit, ...]) -> Count:
    """In whole percents, rounded down: of nothing there is none."""
    return Count(part * 100 // of if of else None, part, of, visits)


MEASURES: Final[Mapping[Measure, Callable[[Facts, Officer], Count]]] = {
    Measure.VISITS: _visits,
    Measure.DAYS: _days,
    Measure.HOUSEHOLDS: _households,
    Measure.LINKS: _links,
    Measure.LINKED_SHARE: _linked_share,
    Measure.VILLAGE_SHARE: _village_share,
    Measure.PRIORITY_SHARE: _priority_share,
    Measure.DIFFICULTIES: _difficulties,
    Measure.CASES_SHARE: _cases_share,
    Measure.INSPECTIONS: _inspections,
}


def tallies(duties: Duties, facts: Facts, rota: Iterable[str], closed_before: datetime | None) -> tuple[Tally, ...]:
    """Each quota of the period, for each officer that it binds. `closed_before`: up to when the last period counted."""
    due = [
        (key, quota, officer)
        for key, quota in duties.quotas.items()
        if (quota.per, quota.at) == (facts.period.cycle, facts.at)
        and (not quota.months or facts.period.first.month in quota.months)
        for officer in _bound(quota, facts, rota)
    ]
    return tuple(_tally(key, quota, officer, facts, closed_before) for key, quota, officer in due)


def _bound(quota: Quota, facts: Facts, rota: Iterable[str]) -> tuple[Officer, ...]:
    if quota.on_rota:
        return tuple(sorted(set(rota)))
    return facts.officers(quota.who) if quota.who else (None,)


def _tally(key: str, quota: Quota, officer: Officer, facts: Facts, closed_before: datetime | None) -> Tally:
    count = MEASURES[quota.measure](facts, officer)
    return Tally(
        rule=key,
        basis=quota.basis,
        measure=quota.measure,
        officer=officer,
        quota=quota.least,
        done=count.done,
        part=count.part,
        of=count.of,
        shortfall=0 if count.done is None else max(0, quota.least - count.done),
        late=sum(visit.late for visit in count.visits),
        after_closing=sum(after_closing(visit, facts, closed_before) for visit in by(officer, facts.visits)),
    )


def after_closing(visit: Visit, facts: Facts, closed_before: datetime | None) -> bool:
    """Made in the period before, and entered when that one was closed already."""
    return closed_before is not None and visit.day in facts.period.previous() and visit.entered_at > closed_before


def issues_of(visits: Iterable[Visit]) -> tuple[str, ...]:
    """What was raised, each issue once."""
    return tuple(dict.fromkeys(number for visit in visits for number in visit.issues))


def on(day: date, visits: Iterable[Visit]) -> tuple[Visit, ...]:
    """The visits of one day."""
    return tuple(visit for visit in visits if visit.day == day)
