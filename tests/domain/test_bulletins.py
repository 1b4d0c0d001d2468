"""The monthly bulletin: opened, drawn up, named in, issued, corrected; accept, refuse, repeat (MZ6)."""

from datetime import date, datetime

import pytest

from domain import errors as general
from domain.bulletin import commands as c
from domain.bulletin import errors as refused
from domain.bulletin import events as e
from domain.bulletin.words import Cause, Correction, Handling
from domain.events import DomainEvent, encode
from domain.periods import Cycle
from domain.plan import load_plan
from domain.values import Actor, Role
from tests.support.bulletins import (
    AUDITOR,
    BULLETIN,
    CHAIR,
    DAY,
    DRAWN,
    MARCH,
    MEMBER,
    a_log,
    an_issue,
    ask,
    bulletin_of,
    drawn_up,
    issued,
)
from tests.support.memory_log import MemoryLog, refusal
from tests.support.spot_checks import a_head

LIMIT = load_plan("cx").bulletin.issue_by(MARCH)  # type: ignore[union-attr]


def told(log: MemoryLog, command: c.BulletinCommand, now: datetime | None = None) -> DomainEvent:
    (event,) = log.do(command, now=now)
    return event


# -- drawn up -----------------------------------------------------------------------------------------------------


def test_given_the_day_when_opened_then_the_rules_of_the_plan_are_fixed() -> None:
    opened = told(a_log(), ask(c.OpenBulletin))
    assert isinstance(opened, e.BulletinOpened)
    assert (opened.plan, opened.basis, opened.draw_up_at, opened.issue_by) == ("cx@1", "CX10", DRAWN, LIMIT)
    assert opened.villages == ("BC", "LX", "QS")
    assert (DRAWN.date(), LIMIT.date()) == (date(2026, 4, 5), date(2026, 4, 10))


def test_given_a_day_too_early_another_period_no_township_or_no_such_plan_then_nothing_is_opened() -> None:
    assert refusal(a_log(), ask(c.OpenBulletin), now=DRAWN - DAY) is general.InTheFuture
    assert refusal(a_log(), ask(c.OpenBulletin, at=DRAWN - DAY)) is general.NotDueYet
    assert refusal(a_log(), ask(c.OpenBulletin, cycle=Cycle.YEAR, first=date(2026, 1, 1))) is refused.NoBulletin
    assert refusal(a_log(), ask(c.OpenBulletin, place="YL1")) is refused.NoBulletin
    assert refusal(a_log(), ask(c.OpenBulletin, place="XX")) is refused.NoBulletin
    assert refusal(a_log(plan=load_plan("ll")), ask(c.OpenBulletin)) is refused.NoBulletin


def test_given_a_bulletin_when_opened_or_drawn_up_again_then_it_stays_as_it_is() -> None:
    log = drawn_up()
    assert refusal(log, ask(c.OpenBulletin, at=DRAWN + DAY)) is general.AlreadySaid
    assert refusal(log, ask(c.DrawUpBulletin, at=DRAWN + DAY)) is general.AlreadySaid


def test_given_a_log_that_is_not_sealed_that_far_then_it_waits() -> None:
    log = a_log()
    log.do(ask(c.OpenBulletin))
    log.head = None
    assert refusal(log, ask(c.DrawUpBulletin)) is refused.BulletinNotSealed
    assert refusal(log, ask(c.IssueBulletin)) is refused.NotDrawnUp
    assert refusal(a_log(), ask(c.DrawUpBulletin)) is general.NotFound


@pytest.mark.proves("MZ6")
def test_given_late_issues_when_drawn_up_then_they_are_proposed_with_their_offices_and_the_committee_is_told() -> None:
    log = a_log()
    log.do(ask(c.OpenBulletin))
    drawn = told(log, ask(c.DrawUpBulletin, at=DRAWN + DAY))
    assert isinstance(drawn, e.BulletinDrawnUp)
    assert (drawn.head, drawn.as_of, drawn.issue_by) == (a_head(), DRAWN, LIMIT)
    shown = [(it.item, it.issue, it.place, it.unit, it.handling) for it in drawn.proposed]
    assert shown == [
        (1, "QS-2026-0001", "YL1", "township", Handling.LATE),
        (2, "QS-2026-0002", "YL1", "station:QS", Handling.LATE),
    ]
    assert drawn.told[0] == "committee"


def test_given_a_plan_that_proposes_one_then_the_latest_is_proposed() -> None:
    known = load_plan("cx")
    assert known.bulletin is not None
    plan = known.model_copy(update={"bulletin": known.bulletin.model_copy(update={"propose_at_most": 1})})
    assert [it.named.issue for it in bulletin_of(drawn_up(a_log(plan=plan))).standing] == ["QS-2026-0001"]


# -- named --------------------------------------------------------------------------------------------------------


@pytest.mark.proves("MZ6")
def test_given_an_idle_handling_when_named_then_the_office_that_answers_for_it_and_no_person_is_written_down() -> None:
    log = drawn_up()
    event = told(log, ask(c.NameInBulletin))
    assert isinstance(event, e.ItemNamed)
    named = event.named
    assert (named.item, named.issue, named.place, named.unit) == (3, "LX-2026-0001", "YL1", "station:QS")
    assert (named.handling, named.post) == (Handling.IDLE, Role.STATION_LEAD)
    responsible = next(iter(log.issues_numbered(("LX-2026-0001",)).values())).responsible.person
    assert responsible.encode() not in encode(event).replace(b"case_handler", b"")


def test_given_a_complaint_another_township_or_the_same_again_then_it_is_not_named() -> None:
    far = an_issue("DS-2026-0001", 5)
    for number in ("QS-2026-0003", "QS-2026-9999", "DS-2026-0001"):
        assert refusal(drawn_up(a_log(far)), ask(c.NameInBulletin, issue=number)) is refused.NotToBeNamed
    again = ask(c.NameInBulletin, issue="QS-2026-0002", handling=Handling.LATE)
    assert refusal(drawn_up(), again) is refused.NotToBeNamed


def test_given_whoever_answers_for_the_issue_then_they_neither_name_it_nor_take_it_off() -> None:
    log = drawn_up()
    (issue,) = log.issues_numbered(("QS-2026-0002",)).values()
    mine = Actor(user=issue.responsible.person, role=Role.COMMITTEE_MEMBER)
    named = ask(c.NameInBulletin, issue="QS-2026-0002", by=mine)
    assert refusal(log, named) is general.SamePerson
    assert refusal(log, ask(c.TakeOffBulletin, item=2, by=mine)) is general.SamePerson


def test_given_an_item_when_taken_off_then_it_is_named_no_more_and_cannot_be_taken_off_twice() -> None:
    log = drawn_up()
    off = told(log, ask(c.TakeOffBulletin))
    assert isinstance(off, e.ItemTakenOff)
    assert (off.item, off.cause) == (1, Cause.JUSTIFIED)
    assert [it.named.item for it in bulletin_of(log).standing] == [2]
    assert refusal(log, ask(c.TakeOffBulletin)) is refused.NoSuchItem
    assert refusal(log, ask(c.TakeOffBulletin, item=9)) is refused.NoSuchItem


# -- issued -------------------------------------------------------------------------------------------------------


@pytest.mark.proves("MZ6")
def test_given_a_bulletin_when_issued_then_it_holds_what_stands_and_those_who_answer_for_it_are_told() -> None:
    log = drawn_up()
    log.do(ask(c.TakeOffBulletin))
    done = told(log, ask(c.IssueBulletin))
    assert isinstance(done, e.BulletinIssued)
    assert (done.items, done.late) == ((2,), False)
    assert {"lead", "handler"} <= set(done.told)


@pytest.mark.parametrize("hand", [ask(c.NameInBulletin, by=CHAIR), ask(c.TakeOffBulletin, by=CHAIR)])
def test_given_whoever_named_or_took_off_something_then_another_person_issues_it(hand: c.BulletinCommand) -> None:
    log = drawn_up()
    log.do(hand)
    assert refusal(log, ask(c.IssueBulletin)) is general.SamePerson
    assert isinstance(told(log, ask(c.IssueBulletin, by=MEMBER)), e.BulletinIssued)


def test_given_an_auditor_then_they_name_and_do_not_issue() -> None:
    assert refusal(drawn_up(), ask(c.IssueBulletin, by=AUDITOR)) is general.RoleNotAllowed


def test_given_an_issued_bulletin_then_nothing_in_it_is_changed() -> None:
    for command in (ask(c.NameInBulletin), ask(c.TakeOffBulletin), ask(c.IssueBulletin, by=MEMBER)):
        assert refusal(issued(), command.model_copy(update={"occurred_at": DRAWN + DAY})) is refused.BulletinIsIssued


def test_given_a_day_that_is_over_then_it_is_told_once_and_issued_late() -> None:
    log = drawn_up()
    assert refusal(log, ask(c.RecordBulletinOverdue, at=LIMIT - DAY)) is general.NotDueYet
    overdue = told(log, ask(c.RecordBulletinOverdue, at=LIMIT))
    assert isinstance(overdue, e.BulletinOverdue)
    assert (overdue.issue_by, overdue.told[0]) == (LIMIT, "committee")
    assert refusal(log, ask(c.RecordBulletinOverdue, at=LIMIT + DAY)) is general.AlreadySaid
    late = told(log, ask(c.IssueBulletin, at=LIMIT + DAY))
    assert isinstance(late, e.BulletinIssued)
    assert late.late
    assert refusal(issued(), ask(c.RecordBulletinOverdue, at=LIMIT)) is general.AlreadySaid


def test_given_an_issue_told_as_of_an_earlier_day_then_it_is_late_by_when_it_was_entered() -> None:
    backdated = told(drawn_up(), ask(c.IssueBulletin, at=LIMIT - DAY), now=LIMIT + DAY)
    assert isinstance(backdated, e.BulletinIssued)
    assert backdated.late


# -- corrected ----------------------------------------------------------------------------------------------------


def test_given_an_issued_bulletin_when_corrected_then_a_further_one_strikes_and_the_first_stays() -> None:
    log = issued()
    before = log.streams[BULLETIN]
    log.streams[an_issue("QS-2026-0009", 30).originator_id] = (an_issue("QS-2026-0009", 30),)
    corrected = told(log, ask(c.CorrectBulletin, at=DRAWN + 2 * DAY))
    assert isinstance(corrected, e.BulletinCorrected)
    assert (corrected.number, corrected.reason, corrected.struck) == (1, Correction.WRONGLY_NAMED, (1,))
    assert corrected.figures.places[0].new == 3, "what was recorded late counts now"
    assert log.streams[BULLETIN][:-1] == before
    state = bulletin_of(log)
    assert state.drawn is not None
    assert state.drawn.figures.places[0].new == 2
    assert [it.named.item for it in state.standing] == [2]
    again = ask(c.CorrectBulletin, at=DRAWN + 3 * DAY)
    assert refusal(log, again) is refused.NoSuchItem


def test_given_whoever_issued_it_or_nothing_issued_then_it_is_not_corrected() -> None:
    assert refusal(issued(), ask(c.CorrectBulletin, at=DRAWN + 2 * DAY, by=CHAIR)) is general.SamePerson
    assert refusal(drawn_up(), ask(c.CorrectBulletin)) is refused.BulletinNotIssued
