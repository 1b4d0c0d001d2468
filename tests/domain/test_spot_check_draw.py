"""Spot checks are announced and drawn once a month, so that anybody can do it again (D6, CX11)."""

from datetime import date, timedelta

import pytest

from domain import errors as general
from domain.periods import Cycle, Period
from domain.plan import PlanInvalid, load_plan, plan_of
from domain.spot_check import commands as c
from domain.spot_check import errors as refused
from domain.spot_check import events as e
from domain.spot_check.basis import Basis, basis_of, draw_from
from domain.spot_check.decide import draw_moment
from domain.spot_check.policy import SpotChecks
from tests.support.memory_log import refusal
from tests.support.spot_checks import (
    AUDITOR,
    DAY,
    DRAW,
    MONTH,
    a_draw,
    a_head,
    a_township,
    ask,
    check_of,
    drawn_of,
    logged,
)

pytestmark = pytest.mark.proves("D6", "CX11")


def test_given_the_day_of_the_draw_when_announced_then_the_plans_rules_are_fixed() -> None:
    (event,) = a_township().do(ask(c.AnnounceSpotCheck))
    assert isinstance(event, e.SpotCheckAnnounced)
    assert (event.draw_at, event.items, event.hand_in_days, event.plan) == (DRAW, 10, 7, "cx@1")
    assert (event.villages, event.basis) == (("BC", "LX", "QS"), "CX11")


def test_given_a_moment_before_the_draw_or_long_after_then_it_is_not_announced() -> None:
    log = a_township()
    asked = ask(c.AnnounceSpotCheck, at=DRAW - DAY)
    assert refusal(log, asked, now=DRAW - timedelta(seconds=1)) is general.NotDueYet
    assert refusal(log, asked, now=DRAW + 63 * DAY) is refused.MonthNotOpen
    assert refusal(log, ask(c.AnnounceSpotCheck, township="XX")) is refused.NoSuchTownship


def test_given_a_plan_without_spot_checks_then_there_are_none() -> None:
    log = a_township(plan=load_plan("ll"))
    for kind in (c.AnnounceSpotCheck, c.RecordInspection):
        assert refusal(log, ask(kind)) is refused.NoSpotChecks


def test_given_nothing_announced_or_no_head_then_nothing_is_drawn() -> None:
    log = a_township()
    assert refusal(log, ask(c.DrawSpotCheck)) is general.NotFound
    log.do(ask(c.AnnounceSpotCheck))
    log.head = None
    assert refusal(log, ask(c.DrawSpotCheck)) is refused.HeadNotSealed


def test_given_a_head_when_drawn_then_the_event_holds_all_that_it_takes_to_do_it_again() -> None:
    log = a_draw()
    event = drawn_of(log)
    events = [it for stream in a_township().streams.values() for it in stream]
    again = draw_from(basis_of(event.head, "YL", events), MONTH, 10, 2)
    assert again is not None
    assert event.head_hash == event.head.hash == a_head().hash
    assert (event.seed, event.station, event.items) == (again.seed, again.station, again.items)
    assert (event.stations_digest, event.items_digest) == (again.stations_digest, again.items_digest)
    assert event.stations_counted == 2
    assert event.items_counted == {"YL1": 18, "YL2": 9}[event.station]
    assert len(event.items) == min(10, event.items_counted)
    assert {item.partition("-")[0] for item in event.items} <= set(event.villages)


def test_given_the_same_head_whoever_asks_and_whenever_then_the_same_is_drawn() -> None:
    usual, late = a_draw(), a_township()
    late.do(ask(c.AnnounceSpotCheck, by=AUDITOR, at=DRAW + 9 * DAY))
    late.do(ask(c.DrawSpotCheck, by=AUDITOR, at=DRAW + 10 * DAY))
    assert drawn_of(late).items == drawn_of(usual).items
    assert drawn_of(late).seed == drawn_of(usual).seed
    assert drawn_of(late).hand_in_by - drawn_of(usual).hand_in_by == 10 * DAY, "nobody is late because the process was"


def test_given_one_issue_more_in_the_station_then_the_digest_and_count_are_others() -> None:
    usual = drawn_of(a_draw())
    village = usual.villages[0]
    more = drawn_of(a_draw(a_township(logged(f"{village}-2026-0100"))))
    assert more.station == usual.station
    assert more.items_counted == usual.items_counted + 1
    assert more.items_digest != usual.items_digest
    assert more.seed == usual.seed


def test_given_a_complaint_about_an_official_then_it_is_never_drawn() -> None:
    complaints = tuple(logged(f"{village}-2026-0200", concerns="lead") for village in ("QS", "BC"))
    assert drawn_of(a_draw(a_township(*complaints))).items_digest == drawn_of(a_draw()).items_digest


def test_given_a_station_drawn_lately_then_another_is_drawn_unless_there_is_none() -> None:
    basis = Basis(a_head(), "YL", {"YL1": ("QS",), "YL2": ("BC",)}, {"YL1": (), "YL2": ()}, {"2026-02": "YL1"})
    assert basis.stations("2026-03", 0) == ("YL1", "YL2")
    assert basis.stations("2026-03", 1) == basis.stations("2026-04", 2) == ("YL2",)
    assert basis.stations("2026-05", 2) == ("YL1", "YL2")
    both = Basis(basis.head, "YL", basis.villages, basis.issues, {"2026-02": "YL1", "2026-01": "YL2"})
    assert both.stations("2026-03", 2) == ("YL1", "YL2")


def test_given_no_issue_at_all_then_a_station_is_drawn_and_hands_in_its_ledgers_once() -> None:
    log = a_draw(a_township(issues=()))
    assert drawn_of(log).items == ()
    (event,) = log.do(ask(c.HandInLedgers))
    assert isinstance(event, e.LedgersHandedIn)
    assert check_of(log).all_in
    assert refusal(log, ask(c.HandInLedgers, key="again")) is refused.NotOfThisCheck


@pytest.mark.parametrize(("month", "day"), [("2026-03", 31), ("2026-02", 28), ("2028-02", 29)])
def test_given_a_short_month_then_the_draw_is_on_its_last_day(month: str, day: int) -> None:
    period = Period(date.fromisoformat(f"{month}-01"), Cycle.MONTH)
    policy = SpotChecks(basis="CX11", draw_day=31, items=1, hand_in_days=7)
    assert draw_moment(policy, period).date() == date.fromisoformat(f"{month}-{day}")


def test_given_a_reminder_before_the_draw_then_the_plan_is_refused_by_path() -> None:
    raw = load_plan("cx").model_dump(mode="json", exclude_none=True)
    raw["spot_checks"]["remind_before"] = 7
    with pytest.raises(PlanInvalid, match="spot_checks: 提醒"):
        plan_of(raw)
