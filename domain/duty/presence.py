"""Who had to be there on service days and by the rota, who was, and what was raised? Pure, as counting.py."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from domain.duty.counting import issues_of, on
from domain.duty.events import Attendance, Tally, Turn
from domain.duty.facts import Facts
from domain.duty.policy import Duties, RotaRules, ServiceDay, Weekday
from domain.periods import Cycle
from domain.visit.state import Visit
from domain.workdays import HolidayTable

ROTA: Final = "rota"
"""The rule under which presence by the rota is told."""
_WEEKDAYS: Final = tuple(Weekday)


def attendances(
    duties: Duties, facts: Facts, turns: Iterable[Turn], holidays: HolidayTable, up_to: date
) -> tuple[Attendance, ...]:
    """Each service day and day of the rota of the period, up to a day; in the order of the plan, then of the days."""
    if facts.period.cycle is not Cycle.MONTH:
        return ()
    fixed = (
        _attended(key, day, facts.officers(rule.who), _there(facts, rule, day))
        for key, rule in duties.service_days.items()
        if rule.at is facts.at
        for day in days_of(rule, facts, holidays)
    )
    return tuple(it for it in (*fixed, *_by_rota(duties, facts, turns)) if it.day <= up_to)


def days_of(rule: ServiceDay, facts: Facts, holidays: HolidayTable) -> tuple[date, ...]:
    """The service days that fall into the period."""
    wanted = {_WEEKDAYS.index(weekday) for weekday in rule.weekdays}
    return tuple(
        day
        for day in facts.period.days()
        if (day.day in rule.days or day.weekday() in wanted)
        and (not rule.working_days_only or holidays.is_working_day(day))
    )


def _there(facts: Facts, rule: ServiceDay, day: date) -> tuple[Visit, ...]:
    return tuple(visit for visit in on(day, facts.within) if visit.kind in rule.kinds)


def _by_rota(duties: Duties, facts: Facts, turns: Iterable[Turn]) -> Iterator[Attendance]:
    kinds = duties.rota.kinds if duties.rota else ()
    visits = [visit for visit in facts.within if not kinds or visit.kind in kinds]
    due: dict[date, list[str]] = {}
    for turn in turns:
        due.setdefault(turn.day, []).append(turn.officer)
    for day, officers in sorted(due.items()):
        yield _attended(ROTA, day, tuple(sorted(officers)), on(day, visits))


def _attended(rule: str, day: date, due: tuple[str, ...], visits: tuple[Visit, ...]) -> Attendance:
    present = frozenset(officer for visit in visits for officer in visit.officers)
    return Attendance(
        rule=rule,
        day=day,
        due=due,
        present=tuple(sorted(present)),
        absent=tuple(officer for officer in due if officer not in present),
        issues=issues_of(visits),
        missed=not present,
    )


def presence(duties: Duties, days: Iterable[Attendance]) -> tuple[Tally, ...]:
    """How often each was there of how often they had to be; where nobody in particular is due, somebody."""
    held: dict[tuple[str, str | None], list[bool]] = {}
    for day in days:
        for officer in day.due or (None,):
            there = not day.missed if officer is None else officer in day.present
            held.setdefault((day.rule, officer), []).append(there)
    return tuple(
        Tally(
            rule=rule,
            basis=_basis(duties, rule),
            officer=officer,
            quota=len(there),
            done=sum(there),
            shortfall=len(there) - sum(there),
        )
        for (rule, officer), there in held.items()
    )


def _basis(duties: Duties, rule: str) -> str:
    found: ServiceDay | RotaRules | None = duties.service_days.get(rule, duties.rota)
    return found.basis if found else ""
