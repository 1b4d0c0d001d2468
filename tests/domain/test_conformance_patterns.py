"""From where on does something look like gaming? Each pattern just beyond its limit, and just before it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from domain.conformance import habits, patterns
from domain.conformance.deviations import At, Deviation, Kind
from domain.conformance.facts import Answer, Claim, Facts
from domain.conformance.thresholds import THRESHOLDS
from domain.periods import Cycle
from domain.values import LOCAL_ZONE

NOON = datetime(2026, 3, 2, 12, tzinfo=LOCAL_ZONE)


def at(nth: int, days: float = 0, *, by: str = "handler", version: int = 1) -> At:
    issue_id = uuid5(UUID(int=0), str(nth))
    return At(issue_id, f"QS-2026-{nth:04}", version, "issue.logged", NOON + timedelta(days=days), by)


def facts(nth: int, days: float = 0, *, by: str = "handler", **known: Any) -> Facts:
    """Issue number `nth`, logged so many days later; everything else as given."""
    logged = at(nth, days, by=by)
    given = {"household": f"QS-{nth:03}", "category": "other", **known}
    fixed = {name: given.pop(name) for name in ("household", "category")}
    return Facts(
        logged.issue_id, logged.number, "QS", **fixed, plan="cx@1", imported=False, logged=logged, refers_back=False,
        **given,
    )  # fmt: skip


def kinds(found: Any) -> list[Kind]:
    deviations: list[Deviation] = list(found)
    return [it.kind for it in deviations]


@pytest.mark.parametrize(("days", "named"), [(14, 1), (14.1, 0), (42, 0)])
def test_given_a_look_back_that_fails_then_it_was_closed_too_soon_within_two_weeks(days: float, named: int) -> None:
    case = facts(1, closed=[at(1, 0, version=5)], reopened=[at(1, days, version=7)])

    assert len(kinds(patterns.closed_too_soon([case]))) == named


@pytest.mark.parametrize(("issues", "cause", "named"), [(3, None, 1), (2, None, 0), (5, "one-pump", 0)])
def test_given_one_answer_to_several_then_three_without_a_common_cause_are_copied(
    issues: int, cause: str | None, named: int
) -> None:
    cases = [facts(nth, answers=[Answer(at(nth), b"alike")], cause=cause) for nth in range(issues)]

    assert len(kinds(patterns.copied_answers(cases))) == named


def test_given_one_household_with_one_answer_thrice_then_nothing_is_copied() -> None:
    cases = [facts(nth, answers=[Answer(at(nth), b"alike")], household="QS-012") for nth in range(3)]

    assert kinds(patterns.copied_answers(cases)) == []


@pytest.mark.parametrize(
    ("days", "places", "named"),
    [(30, (None, None), 1), (31, (None, None), 0), (5, (b"well", b"well"), 1), (5, (b"well", b"school"), 0)],
)
def test_given_a_matter_of_the_same_household_then_it_is_filed_anew_within_a_month_unless_elsewhere(
    days: float, places: tuple[bytes | None, bytes | None], named: int
) -> None:
    first = facts(1, household="QS-012", ended=[at(1, 0, version=4)], place=places[0])
    second = facts(2, days, household="QS-012", place=places[1])

    assert len(kinds(patterns.refiled([first, second]))) == named


def test_given_it_says_what_it_repeats_then_it_is_not_filed_anew() -> None:
    first = facts(1, household="QS-012", ended=[at(1, 0, version=4)])
    second = facts(2, 5, household="QS-012")
    second.refers_back = True

    assert kinds(patterns.refiled([first, second])) == []


@pytest.mark.parametrize(("steps", "apart", "named"), [(3, 0, 1), (2, 0, 0), (3, 5, 0)])
def test_given_steps_said_to_have_been_in_time_then_three_recorded_in_a_week_are_dated_back(
    steps: int, apart: float, named: int
) -> None:
    cases = [facts(nth, claims=[Claim(at(nth, 0), NOON + timedelta(days=10 + nth * apart))]) for nth in range(steps)]

    assert len(kinds(patterns.backdated(cases))) == named


@pytest.mark.parametrize(("last", "before", "named"), [(10, 5, 1), (9, 5, 0), (10, 150, 0)])
def test_given_an_assessment_then_ten_in_its_last_days_are_a_rush_unless_every_week_is(
    last: int, before: int, named: int
) -> None:
    end = (datetime(2026, 4, 1, tzinfo=LOCAL_ZONE) - NOON).days
    moments = [*(end - nth * 60 / before for nth in range(1, before)), *([end - 1] * last)]
    cases = [facts(nth, struck_off_by_people=[at(nth, days)]) for nth, days in enumerate(moments)]

    assert len(kinds(habits.rushes(cases, lambda _: Cycle.QUARTER))) == named


@pytest.mark.parametrize(("last", "early", "named"), [(5, 1, 1), (4, 0, 0), (5, 2, 0)])
def test_given_extensions_then_four_of_five_on_the_last_day_are_a_habit(last: int, early: int, named: int) -> None:
    asked = [*([True] * last), *([False] * early)]
    cases = [facts(nth, asked_to_extend=[(at(nth), on_last)]) for nth, on_last in enumerate(asked)]

    assert len(kinds(habits.last_day_extensions(cases))) == named


@pytest.mark.parametrize(("back", "others", "named"), [(5, 2, 1), (4, 2, 0), (5, 1, 0)])
def test_given_two_who_look_back_on_each_other_then_it_takes_five_each_and_others_who_could(
    back: int, others: int, named: int
) -> None:
    pairs = [("a", "b")] * 5 + [("b", "a")] * back + [("c", f"other{nth}") for nth in range(others)]
    cases = [facts(nth, looked_back=[(at(nth, by=looker), handler)]) for nth, (handler, looker) in enumerate(pairs)]

    assert len(kinds(habits.mutual_look_backs(cases))) == named


@pytest.mark.parametrize(("own", "of_others", "named"), [(20, 0.5, 1), (19, 0.5, 0), (20, 0.9, 0)])
def test_given_everything_fixed_on_site_then_it_is_named_where_others_do_not(
    own: int, of_others: float, named: int
) -> None:
    cases = [facts(nth, by="quick", on_site=True) for nth in range(own)]
    cases += [facts(100 + nth, by=f"h{nth}", on_site=nth < of_others * 20) for nth in range(20)]

    assert len(kinds(habits.all_on_site(cases))) == named


def test_every_limit_says_why() -> None:
    assert all(it.why and it.unit for it in THRESHOLDS.values())
