"""Counting duties, for any visits: order and repetition change nothing, more visits never make anything shorter."""

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.duty.counting import MEASURES, after_closing, tallies
from domain.duty.facts import Facts
from domain.duty.policy import CountedAt, Measure
from domain.duty.registers import NO_REGISTERS
from domain.household.words import WelfareReason
from domain.liaison.state import Priority
from domain.organisation.state import Organisation
from domain.periods import Cycle, Period
from domain.plan import load_plan
from domain.values import LOCAL_ZONE
from domain.visit.state import Visit
from domain.visit.words import VisitKind

MARCH = Period(date(2026, 3, 1), Cycle.MONTH)
OFFICERS = ("wang", "li", "zhang")
CX = load_plan("cx").duties


def visit(day: int, household: int, officers: tuple[str, ...], entered: int) -> Visit:
    at = datetime.combine(date(2026, 2, 15), time(9), LOCAL_ZONE) + timedelta(days=day)
    return Visit(
        entry=1,
        village="QS",
        kind=VisitKind.HOUSEHOLD,
        household=f"QS-{household:03}",
        place=None,
        officers=officers,
        arrived_at=at,
        left_at=None,
        issues=(),
        priority=None,
        entered_at=at + timedelta(days=entered),
        late=entered > 3,
    )


VISITS = st.lists(
    st.builds(
        visit,
        st.integers(0, 60),
        st.integers(0, 30),
        st.lists(st.sampled_from(OFFICERS), min_size=1, unique=True).map(tuple),
        st.integers(0, 30),
    ),
    max_size=60,
)
PRIORITY = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 4)), max_size=20)


def facts(visits: list[Visit], priority: list[tuple[int, int]]) -> Facts:
    listed = dict(priority)
    return Facts(
        period=MARCH,
        place="QS",
        at=CountedAt.STATION,
        villages=("QS",),
        organisation=Organisation(),
        visits=tuple(visits),
        priority=tuple(
            ("QS", Priority(f"QS-{number:03}", WelfareReason.AGE, planned)) for number, planned in listed.items()
        ),
        solved=(),
        registers=NO_REGISTERS,
        known_by=MARCH.ends_at,
    )


@given(VISITS, PRIORITY, st.randoms())
def test_given_any_visits_then_their_order_changes_no_count(visits: list[Visit], priority: Any, chance: Any) -> None:
    shuffled = visits[:]
    chance.shuffle(shuffled)
    for measure in Measure:
        for officer in (None, *OFFICERS):
            count = MEASURES[measure](facts(visits, priority), officer)
            again = MEASURES[measure](facts(shuffled, priority), officer)
            assert (count.done, count.part, count.of) == (again.done, again.part, again.of)


@given(VISITS, PRIORITY)
def test_given_any_visits_then_days_and_households_are_no_more_than_visits(visits: list[Visit], priority: Any) -> None:
    known = facts(visits, priority)
    for officer in (None, *OFFICERS):
        made = MEASURES[Measure.VISITS](known, officer).done or 0
        for measure in (Measure.DAYS, Measure.HOUSEHOLDS):
            assert 0 <= (MEASURES[measure](known, officer).done or 0) <= made
    of_all = MEASURES[Measure.VISITS](known, None).done or 0
    each = [MEASURES[Measure.VISITS](known, officer).done or 0 for officer in OFFICERS]
    assert max(each) <= of_all <= sum(each)


@given(VISITS, VISITS, PRIORITY)
def test_given_more_visits_then_no_count_is_less_and_no_shortfall_greater(
    visits: list[Visit], more: list[Visit], priority: Any
) -> None:
    assert CX is not None
    few, many = facts(visits, priority), facts([*visits, *more], priority)
    for measure in Measure:
        for officer in (None, *OFFICERS):
            assert (MEASURES[measure](few, officer).done or 0) <= (MEASURES[measure](many, officer).done or 0)
    for less, greater in zip(tallies(CX, few, (), None), tallies(CX, many, (), None), strict=True):
        assert less.shortfall >= greater.shortfall >= 0
        assert less.done is not None
        assert less.shortfall == max(0, less.quota - less.done)


@given(VISITS, PRIORITY)
def test_given_any_register_then_its_coverage_is_a_part_of_it_or_undefined(visits: list[Visit], priority: Any) -> None:
    count = MEASURES[Measure.PRIORITY_SHARE](facts(visits, priority), None)
    assert (count.done is None) == (count.of == 0)
    if count.done is not None:
        assert count.part is not None
        assert count.of is not None
        assert 0 <= count.part <= count.of
        assert count.done == count.part * 100 // count.of


@given(VISITS)
def test_given_any_visits_then_each_counts_in_one_period_or_as_entered_after_its_closing(visits: list[Visit]) -> None:
    closed = MARCH.starts_at + timedelta(days=3)
    known = facts(visits, [])
    for made in visits:
        counted_then = made.day < MARCH.first and made.entered_at <= closed
        told_now = after_closing(made, known, closed)
        counted_now = made in known.within
        later = made.day >= MARCH.after
        assert [counted_then, told_now, counted_now, later].count(True) == 1
        assert not after_closing(made, known, None)
