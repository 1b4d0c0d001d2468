"""Spot checks: drawn once a month, handed in within the week, found amiss, put right and re-checked (D6, CX11, PC7)."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain import errors as general
from domain.errors import HuiyinError
from domain.events import encode
from domain.organisation.commands import AppointOfficer, EndAppointment
from domain.periods import Cycle, Period
from domain.plan import PlanInvalid, load_plan, plan_of
from domain.privacy import is_sealed
from domain.spot_check import commands as c
from domain.spot_check import errors as refused
from domain.spot_check import events as e
from domain.spot_check.basis import Basis, basis_of, draw_from
from domain.spot_check.commands import SPOT_CHECK_COMMANDS, SpotCheckCommand
from domain.spot_check.decide import BEGINNINGS, DECISIONS, draw_moment
from domain.spot_check.policy import SpotChecks
from domain.spot_check.state import Check, fold
from domain.spot_check.words import CheckKind, Standing
from domain.values import Actor, Role
from tests.support.memory_log import MemoryLog
from tests.support.organisation import ask as ask_organisation
from tests.support.spot_checks import (
    AUDITOR,
    CHECK,
    DAY,
    DRAW,
    ISSUES,
    LEAD,
    MEMBER,
    MONTH,
    TOWNSHIP_LEAD,
    a_draw,
    a_head,
    a_township,
    ask,
    logged,
)

pytestmark = pytest.mark.proves("D6", "CX11")

WEEK_OVER = DRAW.replace(day=12, hour=23, minute=59, second=59)
DUE = DRAW.replace(day=20, hour=23, minute=59, second=59)
LATER = DRAW.replace(day=25)


def check_of(log: MemoryLog) -> Check:
    found = fold(log.history(CHECK))
    assert found is not None
    return found


def drawn_of(log: MemoryLog) -> e.SpotCheckDrawn:
    drawn = check_of(log).drawn
    assert drawn is not None
    return drawn


def refusal(log: MemoryLog, command: SpotCheckCommand, **now: Any) -> type[HuiyinError]:
    before = dict(log.streams)
    with pytest.raises(HuiyinError) as caught:
        log.do(command, **now)
    assert log.streams == before
    return caught.type


def station(log: MemoryLog) -> dict[str, str]:
    return {"station": check_of(log).stations[0]}


def handed_in(log: MemoryLog) -> MemoryLog:
    log.do(ask(c.HandInLedgers, items=check_of(log).missing))
    return log


def found(log: MemoryLog, **fields: Any) -> MemoryLog:
    log.do(ask(c.RecordFinding, **{**station(log), **fields}))
    return log


def ordered(log: MemoryLog) -> MemoryLog:
    log.do(ask(c.OrderRectification))
    return log


def reported(log: MemoryLog) -> MemoryLog:
    log.do(ask(c.ReportRectification, by=TOWNSHIP_LEAD))
    return log


def rechecked(log: MemoryLog) -> MemoryLog:
    log.do(ask(c.RecheckRectification))
    return log


BEFORE: Mapping[type[SpotCheckCommand], Callable[[], MemoryLog]] = {
    c.AnnounceSpotCheck: a_township,
    c.RecordInspection: a_township,
    c.HandInLedgers: a_draw,
    c.RemindHandIn: a_draw,
    c.RecordMissedHandIn: a_draw,
    c.RecordFinding: a_draw,
    c.OrderRectification: lambda: found(a_draw()),
    c.ReportRectification: lambda: ordered(found(a_draw())),
    c.RecordMissedRectification: lambda: ordered(found(a_draw())),
    c.RecheckRectification: lambda: reported(ordered(found(a_draw()))),
    c.CloseSpotCheck: lambda: rechecked(reported(ordered(found(handed_in(a_draw()))))),
}


def before(kind: type[SpotCheckCommand]) -> MemoryLog:
    """A log in which the command of this kind is accepted."""
    if kind is c.DrawSpotCheck:
        log = a_township()
        log.do(ask(c.AnnounceSpotCheck))
        return log
    return BEFORE[kind]()


def accepted(kind: type[SpotCheckCommand], log: MemoryLog, **fields: Any) -> SpotCheckCommand:
    """The command that this log accepts."""
    if kind is c.HandInLedgers:
        fields["items"] = check_of(log).missing
    if kind is c.RecordFinding:
        fields = {**station(log), **fields}
    if kind is c.ReportRectification:
        fields.setdefault("by", TOWNSHIP_LEAD)
    return ask(
        kind,
        at=LATER if kind in (c.RemindHandIn, c.RecordMissedHandIn, c.RecordMissedRectification) else DRAW,
        **fields,
    )


# -- for all of them ------------------------------------------------------------------------------------------------


def test_every_command_has_its_decision() -> None:
    assert {*BEGINNINGS, *DECISIONS} == set(SPOT_CHECK_COMMANDS)


@pytest.mark.parametrize("kind", SPOT_CHECK_COMMANDS, ids=lambda kind: kind.__name__)
def test_given_what_it_needs_when_asked_then_it_happens_once(kind: type[SpotCheckCommand]) -> None:
    log = before(kind)
    command = accepted(kind, log)
    (event,) = log.do(command)
    assert (event.originator_id, event.command_id) == (command.stream_id, command.command_id)
    again = fold(log.history(command.stream_id))
    assert again is not None
    assert again.version == event.originator_version
    if kind is not c.RecordFinding:  # several may be found
        refusal(log, command)


@pytest.mark.parametrize("kind", SPOT_CHECK_COMMANDS, ids=lambda kind: kind.__name__)
def test_given_any_other_role_then_it_is_refused(kind: type[SpotCheckCommand]) -> None:
    log = before(kind)
    for role in set(Role) - kind.ROLES:
        stranger = Actor(user="somebody", role=role)
        assert refusal(log, accepted(kind, log, by=stranger)) is general.RoleNotAllowed


@pytest.mark.parametrize("kind", [*DECISIONS], ids=lambda kind: kind.__name__)
def test_given_another_township_or_no_such_check_then_it_is_not_found(kind: type[SpotCheckCommand]) -> None:
    log = before(kind)
    assert refusal(log, accepted(kind, log, township="WS0")) is general.NotFound
    assert refusal(log, accepted(kind, log, check_id=ISSUES[0].originator_id)) is general.NotFound


@pytest.mark.parametrize("kind", [*DECISIONS], ids=lambda kind: kind.__name__)
def test_given_a_closed_check_then_nothing_more_happens_to_it(kind: type[SpotCheckCommand]) -> None:
    log = handed_in(a_draw())
    log.do(ask(c.CloseSpotCheck))
    assert refusal(log, accepted(kind, log)) is refused.CheckClosed


@pytest.mark.parametrize("kind", [*DECISIONS], ids=lambda kind: kind.__name__)
def test_given_nothing_drawn_yet_then_there_is_nothing_to_check(kind: type[SpotCheckCommand]) -> None:
    log = a_township()
    log.do(ask(c.AnnounceSpotCheck))
    fields = {"station": "YL1"} if kind is c.RecordFinding else {}
    assert refusal(log, ask(kind, **fields)) is refused.NotDrawnYet


CHECKERS = (c.RecordFinding, c.OrderRectification, c.RecheckRectification, c.CloseSpotCheck)


@pytest.mark.parametrize("kind", CHECKERS, ids=lambda kind: kind.__name__)
def test_given_somebody_who_serves_at_the_station_then_they_do_not_check_it(kind: type[SpotCheckCommand]) -> None:
    log = before(kind)
    (checked,) = check_of(log).stations
    log.do(ask_organisation(AppointOfficer, officer="member2", role=Role.CASE_HANDLER, place=checked))
    assert refusal(log, accepted(kind, log, by=MEMBER)) is refused.ChecksOneself
    standing_in = Actor(user="secretary", role=Role.COMMITTEE_MEMBER, on_behalf_of="member2")
    assert refusal(log, accepted(kind, log, by=standing_in)) is refused.ChecksOneself
    assert log.do(accepted(kind, log, by=AUDITOR))


# -- announcing and drawing -----------------------------------------------------------------------------------------


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


# -- handing in -----------------------------------------------------------------------------------------------------


def test_given_items_one_by_one_when_handed_in_then_what_is_missing_shrinks() -> None:
    log = a_draw()
    first, *others = drawn_of(log).items
    (event,) = log.do(ask(c.HandInLedgers, items=(first, first), at=DRAW + DAY))
    assert isinstance(event, e.LedgersHandedIn)
    assert (event.items, event.missing, event.late) == ((first,), len(others), False)
    assert refusal(log, ask(c.HandInLedgers, items=(first,))) is refused.NotOfThisCheck
    assert refusal(log, ask(c.HandInLedgers, items=("QS-2026-0999",))) is refused.NotOfThisCheck
    assert refusal(log, ask(c.HandInLedgers)) is refused.NotOfThisCheck
    (late,) = log.do(ask(c.HandInLedgers, items=tuple(others), at=WEEK_OVER + DAY))
    assert isinstance(late, e.LedgersHandedIn)
    assert late.late
    assert check_of(log).all_in


def test_given_somebody_of_another_station_then_they_hand_nothing_in() -> None:
    log = a_draw()
    stranger = Actor(user="ws-lead", role=Role.STATION_LEAD)
    assert refusal(log, ask(c.HandInLedgers, items=check_of(log).missing, by=stranger)) is refused.NotChecked


def test_given_the_week_then_it_is_reminded_and_missed_each_once_and_not_too_early() -> None:
    log = a_draw()
    drawn = drawn_of(log)
    assert drawn.hand_in_by == WEEK_OVER
    assert drawn.remind_at == DRAW.replace(day=10)
    assert refusal(log, ask(c.RemindHandIn, at=DRAW + 4 * DAY)) is general.NotDueYet
    log.do(ask(c.RemindHandIn, at=DRAW.replace(day=10)))
    assert refusal(log, ask(c.RemindHandIn, at=DRAW.replace(day=11))) is general.AlreadySaid
    assert refusal(log, ask(c.RecordMissedHandIn, at=WEEK_OVER - DAY)) is general.NotDueYet
    (missed,) = log.do(ask(c.RecordMissedHandIn, at=WEEK_OVER))
    assert isinstance(missed, e.HandInMissed)
    assert missed.missing == drawn.items
    assert refusal(log, ask(c.RecordMissedHandIn, at=LATER)) is general.AlreadySaid


def test_given_everything_handed_in_then_nobody_is_reminded_and_nothing_is_missed() -> None:
    log = handed_in(a_draw())
    for kind in (c.RemindHandIn, c.RecordMissedHandIn):
        assert refusal(log, ask(kind, at=LATER)) is general.AlreadySaid


# -- findings and rectification -------------------------------------------------------------------------------------


def test_given_a_finding_in_an_issue_then_its_words_are_sealed_under_the_households_key() -> None:
    log = a_draw()
    item = drawn_of(log).items[0]
    log = reported(ordered(found(log, item=item)))
    log.do(ask(c.RecheckRectification))
    words = [
        getattr(it, name)
        for it in log.history(CHECK)
        for name in ("problem", "requirement", "measures", "opinion")
        if hasattr(it, name)
    ]
    assert len(words) == 4
    assert all(is_sealed(each) for each in words)
    stored = b"".join(encode(it) for it in log.history(CHECK))
    assert "凭据".encode() not in stored


def test_given_a_finding_about_the_station_at_large_then_it_names_no_household() -> None:
    log = found(a_draw())
    finding = check_of(log).findings[1]
    assert (finding.item, finding.household) == (None, None)
    assert not is_sealed(finding.problem)


def test_given_an_issue_that_was_not_drawn_or_another_station_then_nothing_is_found_there() -> None:
    log = a_draw()
    other = next(it.number for it in ISSUES if it.number not in drawn_of(log).items)
    assert refusal(log, ask(c.RecordFinding, **station(log), item=other)) is refused.NotOfThisCheck
    elsewhere = {"YL1": "YL2", "YL2": "YL1"}[station(log)["station"]]
    assert refusal(log, ask(c.RecordFinding, station=elsewhere)) is refused.NotOfThisCheck


def test_given_somebody_who_handled_the_issue_then_they_do_not_judge_it() -> None:
    log = a_draw()
    item = drawn_of(log).items[0]
    handled = Actor(user="handler", role=Role.AUDITOR)  # who logged it, now an auditor
    log.do(ask_organisation(EndAppointment, officer="handler", place="QS"))
    assert refusal(log, ask(c.RecordFinding, **station(log), item=item, by=handled)) is general.SamePerson
    assert log.do(ask(c.RecordFinding, **station(log), by=handled))


def test_given_an_inspected_village_then_a_complaint_about_an_official_is_none_of_its_issues() -> None:
    about = logged("BC-2026-0300", concerns="lead")
    log = a_township(about)
    inspection = ask(c.RecordInspection, stations=("YL2",), by=MEMBER)
    log.do(inspection)
    asked = {"check_id": inspection.stream_id, "station": "YL2", "by": MEMBER}
    assert refusal(log, ask(c.RecordFinding, item=about.number, **asked)) is refused.NotOfThisCheck
    assert refusal(log, ask(c.RecordFinding, item="BC-2026-0999", **asked)) is refused.NotOfThisCheck
    assert log.do(ask(c.RecordFinding, item="BC-2026-0001", **asked))


def test_given_a_rectification_when_sent_back_then_it_is_due_again_and_re_checked_again() -> None:
    log = reported(ordered(found(a_draw())))
    again = ask(c.RecheckRectification, accepted=False, due_on=date(2026, 3, 30), opinion="仍缺两份。")
    log.do(again)
    rectification = check_of(log).findings[1].rectification
    assert rectification is not None
    assert (rectification.standing, rectification.rounds, rectification.due_at.day) == (Standing.ORDERED, 2, 30)
    assert refusal(handed_in(log), ask(c.CloseSpotCheck)) is refused.RectificationOpen
    reported(log)
    log.do(ask(c.RecheckRectification, key="second", opinion="已补齐。"))
    assert not check_of(log).open_findings
    log.do(ask(c.CloseSpotCheck))


def test_given_whoever_reported_it_then_they_do_not_re_check_it() -> None:
    log = ordered(found(a_draw()))
    log.do(ask_organisation(AppointOfficer, officer="member2", role=Role.STATION_LEAD, place="YL"))
    log.do(ask(c.ReportRectification, by=Actor(user="member2", role=Role.STATION_LEAD)))
    assert refusal(log, ask(c.RecheckRectification, by=MEMBER)) is general.SamePerson
    deputy = Actor(user="secretary", role=Role.COMMITTEE_MEMBER, on_behalf_of="member2")
    assert refusal(log, ask(c.RecheckRectification, by=deputy)) is general.SamePerson


def test_given_the_wrong_moment_then_a_rectification_goes_no_further() -> None:
    log = found(a_draw())
    stands = refused.RectificationStands
    assert refusal(log, ask(c.ReportRectification)) is stands
    assert refusal(log, ask(c.RecheckRectification)) is stands
    assert refusal(log, ask(c.RecordMissedRectification, at=LATER)) is stands
    assert refusal(log, ask(c.OrderRectification, finding=2)) is refused.NoSuchFinding
    assert refusal(log, ask(c.OrderRectification, unit="WS")) is refused.NotOfThisCheck
    assert refusal(log, ask(c.OrderRectification, due_on=date(2026, 3, 4))) is general.PromiseInThePast
    ordered(log)
    assert refusal(log, ask(c.OrderRectification, key="again")) is stands
    assert (
        refusal(log, ask(c.ReportRectification, by=Actor(user="ws-lead", role=Role.STATION_LEAD))) is refused.NotChecked
    )


def test_given_a_day_that_passed_then_it_is_recorded_once_and_the_report_is_late() -> None:
    log = ordered(found(a_draw()))
    assert refusal(log, ask(c.RecordMissedRectification, at=DUE - DAY)) is general.NotDueYet
    log.do(ask(c.RecordMissedRectification, at=DUE))
    assert refusal(log, ask(c.RecordMissedRectification, at=LATER)) is general.AlreadySaid
    (late,) = log.do(ask(c.ReportRectification, at=LATER, by=TOWNSHIP_LEAD))
    assert isinstance(late, e.RectificationReported)
    assert late.late


def test_given_a_recheck_then_it_says_until_when_or_accepts() -> None:
    for fields in ({"accepted": True, "due_on": date(2026, 3, 30)}, {"accepted": False}):
        with pytest.raises(ValidationError, match="Say until when"):
            ask(c.RecheckRectification, **fields)


# -- closing, inspections -------------------------------------------------------------------------------------------


def test_given_ledgers_still_to_come_then_it_is_not_closed_until_they_came_or_were_missed() -> None:
    log = a_draw()
    assert refusal(log, ask(c.CloseSpotCheck)) is refused.LedgersOutstanding
    log.do(ask(c.RecordMissedHandIn, at=LATER))
    (closed,) = log.do(ask(c.CloseSpotCheck, at=LATER))
    assert isinstance(closed, e.SpotCheckClosed)
    assert (closed.findings, closed.rectified) == (0, 0)


@pytest.mark.parametrize("kind", [CheckKind.FULL, CheckKind.UNANNOUNCED, CheckKind.SIT_IN])
def test_given_an_inspection_then_findings_follow_as_in_a_monthly_check(kind: CheckKind) -> None:
    log = a_township()
    inspection = ask(c.RecordInspection, kind=kind, stations=("YL2", "YL1"))
    (event,) = log.do(inspection)
    assert isinstance(event, e.InspectionRecorded)
    assert (event.kind, event.period, event.stations) == (kind, "2026-03-05", ("YL1", "YL2"))
    of = {"check_id": inspection.stream_id}
    log.do(ask(c.RecordFinding, **of))
    log.do(ask(c.OrderRectification, **of))
    assert refusal(log, ask(c.CloseSpotCheck, **of)) is refused.RectificationOpen
    log.do(ask(c.ReportRectification, by=LEAD, **of))
    log.do(ask(c.RecheckRectification, **of))
    log.do(ask(c.CloseSpotCheck, **of))
    assert refusal(log, ask(c.HandInLedgers, **of)) is refused.CheckClosed


def test_given_an_inspection_of_the_same_day_and_stations_then_it_is_recorded_once() -> None:
    log = a_township()
    log.do(ask(c.RecordInspection, stations=("YL1", "YL2")))
    again = ask(c.RecordInspection, stations=("YL2", "YL1"), at=DRAW + timedelta(hours=1))
    assert refusal(log, again) is general.AlreadySaid
    assert refusal(log, ask(c.RecordInspection, stations=("WS",))) is refused.NotOfThisCheck
    with pytest.raises(ValidationError, match="named once"):
        ask(c.RecordInspection, stations=("YL1", "YL1"))


def test_given_somebody_who_serves_there_then_they_do_not_inspect_it() -> None:
    log = a_township()
    log.do(ask_organisation(AppointOfficer, officer="member2", role=Role.STATION_LEAD, place="QS"))
    assert refusal(log, ask(c.RecordInspection, by=MEMBER)) is refused.ChecksOneself
    assert log.do(ask(c.RecordInspection, by=MEMBER, stations=("YL2",)))


def test_given_a_history_of_something_else_then_it_is_no_check() -> None:
    assert fold(ISSUES[:1]) is None
