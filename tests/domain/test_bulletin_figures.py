"""The figures of a bulletin: submissions, duties, issues, ratings, spot checks, by station (D5, CX10, PC7)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fnmatch import fnmatch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.bulletin.figures import TOPICS, Asked, Figures, PlaceFigures, figures_of
from domain.duty.events import DutyPeriodClosed, Tally
from domain.events import DomainEvent
from domain.plan import load_plan
from domain.spot_check import commands as k
from domain.submission import commands as s
from domain.values import THE_PROCESS
from tests.support.bulletins import DAY, DRAWN, MARCH, a_month
from tests.support.handing_in import DUE, FORM, PHOTOS, Office, hand_in, of
from tests.support.memory_log import MemoryLog
from tests.support.spot_checks import AUDITOR, LEAD, MEMBER, a_draw, a_township, ask, county_events

STATIONS = Asked("YL", MARCH, DRAWN)
VILLAGES = Asked("T1", MARCH, DRAWN)


def figures(events: Iterable[DomainEvent], asked: Asked = STATIONS) -> dict[str, PlaceFigures]:
    return {line.place: line for line in figures_of(asked, events).places}


def of_log(log: MemoryLog, asked: Asked) -> dict[str, PlaceFigures]:
    return figures((event for events in log.streams.values() for event in events), asked)


# -- issues -------------------------------------------------------------------------------------------------------


def test_given_a_month_of_issues_then_each_station_has_its_new_done_overdue_and_ratings() -> None:
    found = figures((*county_events(), *a_month()))
    assert list(found) == ["YL1", "YL2", "YL"]
    counts = {place: (it.new, it.done, it.overdue) for place, it in found.items()}
    assert counts == {"YL1": (2, 2, 2), "YL2": (1, 1, 0), "YL": (0, 0, 0)}, "complaints about officials count nowhere"
    rated = {place: (it.satisfied, it.mostly, it.dissatisfied, it.not_counted) for place, it in found.items()}
    assert rated == {"YL1": (0, 1, 0, 0), "YL2": (0, 0, 0, 0), "YL": (0, 0, 0, 0)}, "as an issue was rated last"


def test_given_late_issues_then_those_missed_most_often_come_first_and_no_complaint_is_among_them() -> None:
    late = figures_of(STATIONS, (*county_events(), *a_month())).late
    assert [(it.issue, it.place, it.unit, it.missed) for it in late] == [
        ("QS-2026-0001", "YL1", "township", 2),
        ("QS-2026-0002", "YL1", "station:QS", 1),
    ]


def test_given_another_township_then_it_has_none_of_them() -> None:
    found = figures((*county_events(), *a_month()), Asked("DS", MARCH, DRAWN))
    assert all((it.new, it.done, it.overdue) == (0, 0, 0) for it in found.values())


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_given_the_same_events_whichever_stream_comes_first_then_the_figures_are_the_same(random: object) -> None:
    streams: dict[object, list[DomainEvent]] = {}
    for event in a_month():
        streams.setdefault(event.originator_id, []).append(event)
    turns = [key for key, events in streams.items() for _ in events]
    random.shuffle(turns)  # type: ignore[attr-defined]
    waiting = {key: iter(events) for key, events in streams.items()}
    assert _made(next(waiting[key]) for key in turns) == _made(a_month())


def _made(events: Iterable[DomainEvent]) -> Figures:
    return figures_of(STATIONS, (*county_events(), *events))


# -- what is handed in --------------------------------------------------------------------------------------------


def a_march() -> Office:
    """The photos came late, the form in time and signed, the register not at all."""
    office = Office("cx")
    office.open(MARCH)
    office.missing(DUE[PHOTOS])
    office.do(hand_in(PHOTOS, DUE[PHOTOS] + DAY))
    office.do(hand_in(FORM, DUE[FORM] - DAY, paper=None))
    office.do(of(s.SignHandIn, FORM, DUE[FORM] - DAY, by="lead"))
    return office


@pytest.mark.proves("CX10", "D5")
def test_given_what_came_late_and_what_never_came_then_both_are_missing_also_before_the_process_wrote_it_down() -> None:
    office = a_march()
    before = of_log(office, VILLAGES)["QS"]
    office.missing(DUE[FORM])
    after = of_log(office, VILLAGES)["QS"]
    for line in (before, after):
        assert (line.owed, line.in_time) == (3, 1)
        missing = {it.submission: (it.owner, it.due_at, it.came) for it in line.missing}
        assert missing == {
            "board_photos": ("QS", DUE[PHOTOS], True),
            "priority_register": ("QS", DUE[FORM], False),
        }
    assert of_log(office, VILLAGES)["LX"].owed == 0, "whose period was not opened owes nothing"


def test_given_what_is_due_in_another_month_then_that_months_bulletin_has_it() -> None:
    office = a_march()
    for month in (MARCH.previous(), MARCH.next()):
        assert of_log(office, Asked("T1", month, DRAWN + 60 * DAY))["QS"].owed == 0


def test_given_a_bulletin_before_it_was_due_then_nothing_is_missing_yet() -> None:
    line = of_log(a_march(), Asked("T1", MARCH, DUE[PHOTOS] + 2 * DAY))["QS"]
    assert (line.owed, len(line.missing)) == (1, 1)


# -- duties -------------------------------------------------------------------------------------------------------


def closed(place: str, last: date, *tallies: Tally) -> DutyPeriodClosed:
    (first, *_) = county_events()
    fields = {"villages": (), "first": MARCH.first, "last": last, "counted_to": DRAWN, "plan": "cx@1"}
    envelope = {name: getattr(first, name) for name in ("originator_id", "originator_version", "command_id")}
    said = {**envelope, **fields, "occurred_at": DRAWN, "actor": THE_PROCESS, "place": place, "period": "2026-03"}
    return DutyPeriodClosed(**said, tallies=tallies)


def a_tally(rule: str, quota: int, done: int | None, officer: str | None = None) -> Tally:
    return Tally(rule=rule, basis="CX9", officer=officer, quota=quota, done=done)


def test_given_closed_duties_then_what_was_done_of_what_was_asked_is_told_and_no_more_than_that() -> None:
    line = closed(
        "YL1", MARCH.last, a_tally("households", 20, 26), a_tally("days", 10, 4, "a"), a_tally("days", 10, 12, "b"),
        a_tally("register", 100, None),
    )  # fmt: skip
    shown = [(it.rule, it.asked, it.done) for it in figures((*county_events(), line))["YL1"].duties]
    assert shown == [("days", 20, 14), ("households", 20, 20)], "of nothing to divide by there is no rate"


def test_given_a_period_that_ended_in_another_month_then_it_is_not_told() -> None:
    line = closed("YL1", MARCH.first - DAY, a_tally("households", 20, 20))
    assert figures((*county_events(), line))["YL1"].duties == ()


# -- spot checks --------------------------------------------------------------------------------------------------


def supervised() -> MemoryLog:
    """Under plan pc a round finds something at YL1, to be put right by 20 March."""
    log = a_draw(a_township(plan=load_plan("pc")))
    log.do(ask(k.RecordInspection, at=MARCH.starts_at + 6 * DAY))
    return log


def inspected(log: MemoryLog) -> str:
    """The round's id."""
    asked = ask(k.RecordInspection, at=MARCH.starts_at + 6 * DAY)
    return str(asked.stream_id)


@pytest.mark.proves("PC7")
def test_given_a_rectification_that_was_asked_and_not_answered_then_the_next_bulletins_show_it_until_it_is() -> None:
    log = supervised()
    on = {"check_id": inspected(log)}
    at = MARCH.starts_at + 6 * DAY
    log.do(ask(k.RecordFinding, at=at, by=AUDITOR, **on))
    log.do(ask(k.OrderRectification, at=at, by=MEMBER, **on))
    line = of_log(log, STATIONS)["YL1"]
    assert (line.findings, line.rectified) == (1, 0)
    assert [(str(it.check_id), it.finding, it.unit) for it in line.unanswered] == [(inspected(log), 1, "YL1")]
    april = Asked("YL", MARCH.next(), _drawn_up(MARCH.next().next().first))
    assert [it.finding for it in of_log(log, april)["YL1"].unanswered] == [1]
    assert of_log(log, april)["YL1"].findings == 0, "found in the month before"
    log.do(ask(k.ReportRectification, at=MARCH.ends_at, by=LEAD, **on))
    assert of_log(log, april)["YL1"].unanswered == ()


def _drawn_up(day: date) -> datetime:
    return datetime.combine(day, DRAWN.timetz()) + timedelta(days=4)


def test_given_a_draw_of_which_nothing_was_handed_in_then_it_is_told_where_it_was() -> None:
    log = a_draw()
    (station,) = {it.station for events in log.streams.values() for it in events if hasattr(it, "head_hash")}
    log.do(ask(k.RecordMissedHandIn, at=MARCH.starts_at + 20 * DAY))
    found = of_log(log, STATIONS)
    assert (found[station].checks, found[station].ledgers_missed) == (1, 1)
    assert sum(it.checks for it in found.values()) == 1


def test_given_only_the_events_that_are_asked_for_then_the_figures_are_those_of_the_whole_log() -> None:
    for log, asked in ((supervised(), STATIONS), (a_march(), VILLAGES)):
        everything = [event for events in log.streams.values() for event in (*events, *a_month())]
        wanted = [it for it in everything if any(fnmatch(it.TOPIC, topic.replace("%", "*")) for topic in TOPICS)]
        assert len(wanted) <= len(everything)
        assert figures(wanted, asked) == figures(everything, asked)
