"""Full inspections 全面检查: so many a year as the plan asks; told of in time, counted once (CX11)."""

from datetime import date, datetime, timedelta

import pytest

from domain.duty import commands as c
from domain.duty import errors as refused
from domain.duty.state import fold
from domain.periods import Cycle
from domain.plan import load_plan
from domain.spot_check.commands import RecordInspection
from domain.spot_check.words import CheckKind
from domain.values import LOCAL_ZONE
from tests.support.duties import PLACE, YEAR, Township, of, of_process
from tests.support.memory_log import refusal
from tests.support.office import plan_with
from tests.support.spot_checks import ask
from workflows.duties import duties_wanted

RULE = "full_inspections"
COMMITTEE = {"committee", *(f"member{nth}" for nth in range(2, 8))}


def inspected(log: Township, *days: date, kind: CheckKind = CheckKind.FULL, entered: int = 0) -> Township:
    """On each of these days the station QS was inspected, and that was written down so many days later."""
    for day in days:
        at = datetime.combine(day, datetime.min.time().replace(hour=10), LOCAL_ZONE)
        asked = ask(RecordInspection, at=at, township=PLACE, kind=kind, stations=("QS",))
        log.do(asked, now=at + timedelta(days=entered))
    return log


@pytest.mark.proves("CX11", "D6")
def test_given_one_inspection_when_the_year_nears_its_end_then_those_who_may_inspect_are_told_once() -> None:
    log = inspected(Township("cx"), date(2026, 5, 6))
    log.open(YEAR)
    known = fold(log.history(c.duties_id_of(PLACE, "2026")))
    assert known is not None
    assert known.remind_at == YEAR.ends_at - timedelta(days=60)
    remind = of_process(c.RemindDuties, YEAR, known.remind_at)
    (told,) = log.do(remind)
    assert of(told.missing, RULE).shortfall == 1  # type: ignore[attr-defined]
    assert set(told.told) >= COMMITTEE  # type: ignore[attr-defined]
    assert "handler" not in told.told  # type: ignore[attr-defined]
    assert refusal(log, remind) is refused.PeriodNotOpen


@pytest.mark.proves("CX11", "D6")
@pytest.mark.parametrize(("made", "shortfall"), [((), 2), ((3,), 1), ((3, 9), 0), ((3, 6, 9), 0)])
def test_given_so_many_when_the_year_is_over_then_the_shortfall_is_recorded_once(
    made: tuple[int, ...], shortfall: int
) -> None:
    log = inspected(Township("cx"), *(date(2026, month, 6) for month in made))
    closed = log.close(YEAR)
    tally = of(closed.tallies, RULE)
    assert (tally.quota, tally.done, tally.shortfall, tally.basis) == (2, len(made), shortfall, "CX11")
    assert (set(closed.told or ()) >= COMMITTEE) == bool(shortfall)
    assert refusal(log, of_process(c.CloseDutyPeriod, YEAR, YEAR.ends_at + timedelta(9))) is refused.PeriodNotOpen


@pytest.mark.proves("CX11")
def test_given_rounds_other_years_and_other_townships_then_they_are_no_full_inspections_of_this_one() -> None:
    log = inspected(Township("cx"), date(2026, 3, 5), kind=CheckKind.UNANNOUNCED)
    inspected(log, date(2025, 12, 30), date(2027, 1, 2))
    log.do(ask(RecordInspection, township="T2", stations=("WS",)))
    assert of(log.close(YEAR).tallies, RULE).done == 0


def test_given_a_plan_without_inspections_or_without_duties_then_each_asks_what_it_says() -> None:
    asked = load_plan("cx")
    assert asked.counted is not None
    assert [key for key in asked.counted.quotas if key not in (asked.duties.quotas if asked.duties else ())] == [RULE]
    assert load_plan("pc").counted == load_plan("pc").duties
    alone = asked.model_copy(update={"duties": None}).counted
    assert alone is not None
    assert (set(alone.quotas), alone.grace_days) == ({RULE}, 0)
    none = plan_with(spot_checks={"full_inspections_a_year": 0})
    assert none.counted == none.duties


@pytest.mark.proves("CX11")
def test_given_the_calendar_then_each_township_has_its_year() -> None:
    organisation = Township("cx").organisation()
    yearly = {it.place for it in duties_wanted(organisation, load_plan("cx")) if it.cycle is Cycle.YEAR}
    assert {"T1", "T2"} <= yearly
