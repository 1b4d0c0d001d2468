"""The inbox: whom each event tells what, who sees it, and that nobody who is named is forgotten."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import events as i
from domain.meeting import commands as mc
from domain.meeting import events as m
from domain.organisation import commands as oc
from domain.organisation.decide import decide
from domain.periods import Cycle, Period
from domain.spot_check.commands import RemindHandIn
from domain.spot_check.events import SpotCheckDrawn
from domain.streams import EVERY_EVENT
from projections.inbox import INBOX, InboxRow, page, told_by, unread
from projections.inbox_sentences import SENTENCES
from projections.inbox_tellings import NAMING, PASSED, SILENT, TELLINGS
from projections.projection import Recorded, UnknownEvent
from projections.rebuild import compare, rebuild
from services.persistence.scope import Scope, scoped
from tests.projections.ledger import Log
from tests.projections.lives import LIVES
from tests.support.casework import COMMITTEE, Case, case
from tests.support.duties import Township
from tests.support.duty_month import a_month
from tests.support.examples import due_moment
from tests.support.meetings import Town
from tests.support.organisation import ask, county
from tests.support.organisation import context as organised
from tests.support.spot_checks import CHECK, DRAW, a_draw, a_head, a_township
from tests.support.spot_checks import ask as ask_of_check

REMINDED = {("handler", "reminder")}


def rows(events: Iterable[DomainEvent]) -> list[InboxRow]:
    recorded = [Recorded(nth, event.occurred_at, event) for nth, event in enumerate(events)]
    return list(told_by(recorded, {}))


def told(life: Case) -> set[tuple[str, str]]:
    """Who was told what by the last command."""
    last = life.events[-1].command_id
    positions = {nth for nth, event in enumerate(life.events) if event.command_id == last}
    return {(row.addressee, row.kind) for row in rows(life.events) if row.position in positions}


# -- the table -------------------------------------------------------------------------------------------------------


def test_every_event_that_names_people_tells_them_or_is_said_to_tell_nobody() -> None:
    named = {kind for kind in EVERY_EVENT if NAMING & kind.model_fields.keys()}
    assert named <= TELLINGS.keys() | PASSED, "say in projections/inbox_tellings.py whom it tells, or that it does not"
    assert not TELLINGS.keys() & (PASSED | SILENT)


def test_every_kind_has_its_sentence_and_every_sentence_its_kind() -> None:
    assert {telling.kind for tellings in TELLINGS.values() for telling in tellings} == SENTENCES.keys()
    assert all(label.zh and label.en for label in SENTENCES.values())


def test_given_an_event_that_names_people_and_is_in_no_table_then_the_inbox_refuses_to_go_on() -> None:
    class SomebodyNamed(i.IssueAssigned):
        pass

    life = case("handling")
    unheard_of = SomebodyNamed.model_construct(**dict(life.events[-1]))
    with pytest.raises(UnknownEvent):
        rows([*life.events, unheard_of])


# -- who is told -----------------------------------------------------------------------------------------------------


@pytest.mark.proves("L4")
@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (case("logged"), set()),  # who logged it answers for it, and knows
        (case("logged", by="household"), {("handler", "responsible")}),
        (case("escalated"), {("township-head", "responsible")}),
        (case("handling"), {("handler", "accepted"), ("township-head", "accepted")}),
        (case("submission"), {("lead", "to_sign")}),
        (case("awaiting_committee"), {("handler", "signed")}),
        (case("tabled"), {("handler", "tabled"), ("lead", "tabled")}),
        (case("declined"), {("handler", "declined"), ("lead", "declined")}),
        (case("works"), {("lead", "paid")}),
        (case("inspection"), {("lead", "to_inspect")}),
        (case("review"), {("handler", "review_asked"), ("lead", "to_review")}),
        (case("dissatisfied"), {("township-head", "reopened")}),
        (case("extension_asked"), {("lead", "extension_asked")}),
        (case("extension_asked").do(c.GrantExtension, by="lead"), {("handler", "extension_granted")}),
        (case("extension_asked").do(c.RefuseExtension, by="lead"), {("handler", "extension_refused")}),
        (case("logged").do(c.RemindHolder, at=due_moment(c.RemindHolder, case("logged").issue)), REMINDED),
        (case("missed"), {("handler", "missed"), ("handler", "supervised"), ("township-head", "supervision")}),
        (case("handling", key="leader").do(c.AssignLeader), {("committee", "leading")}),
        (case("handling", key="moved").do(c.AssignIssue), {("handler2", "responsible")}),
    ],
    ids=lambda it: "" if isinstance(it, set) else it.events[-1].TOPIC,
)
def test_given_a_step_then_those_concerned_are_told_and_not_who_did_it(
    life: Case, expected: set[tuple[str, str]]
) -> None:
    assert told(life) == expected


def test_given_a_deadline_then_it_stands_beside_the_notice_with_when_it_began() -> None:
    life = case("missed")
    (missed,) = (row for row in rows(life.events) if row.kind == "missed")
    event = next(event for event in life.events if isinstance(event, i.DeadlineMissed))
    assert (missed.due_at, missed.since, missed.issue_id) == (event.due_at, event.occurred_at, life.issue_id)


def test_given_a_record_of_an_earlier_system_then_it_tells_nobody_anything() -> None:
    old = case("fixed", source="old-7", by="household", channel="hotline")
    assert rows(old.events) == []


@pytest.mark.proves("D1")
def test_given_an_agenda_then_each_member_is_told_until_when_it_meets() -> None:
    town = Town()
    town.issue()
    drawn = town.draw()
    agenda = [row for row in rows(town.streams[drawn.meeting_id]) if row.kind == "agenda"]
    assert {row.addressee for row in agenda} == set(COMMITTEE)
    assert {(row.due_at, row.place, row.issue_id) for row in agenda} == {(drawn.meet_by, drawn.township, None)}


@pytest.mark.proves("D1")
def test_given_a_meeting_without_a_quorum_then_the_members_are_told_that_it_failed() -> None:
    town = Town()
    town.issue()
    drawn = town.draw()
    town.do(mc.SignIn)
    town.do(mc.FailMeeting)
    failed = {row.addressee for row in rows(town.streams[drawn.meeting_id]) if row.kind == "meeting_failed"}
    assert failed >= set(COMMITTEE) - {"committee"}  # who was there and said so knows it
    assert isinstance(town.streams[drawn.meeting_id][-1], m.MeetingFailed)


@pytest.mark.proves("D1")
def test_given_minutes_that_nobody_confirms_then_who_may_is_reminded_and_it_is_told_upwards() -> None:
    town = Town()
    issue = town.issue()
    meeting = town.draw().meeting_id
    town.sit(COMMITTEE[:5])
    town.do(mc.CloseMeeting, carried_over=(issue,))
    confirm_by = town.meeting().confirm_by
    assert confirm_by is not None
    town.do(mc.RemindMinutes, at=confirm_by - timedelta(days=1))
    town.do(mc.RecordUnconfirmedMinutes, at=confirm_by)
    told = {kind: {row.addressee: row.due_at for row in rows(town.streams[meeting]) if row.kind == kind}
            for kind in ("minutes", "minutes_due", "minutes_overdue")}  # fmt: skip
    there = dict.fromkeys(COMMITTEE[1:5], confirm_by)
    assert told == {
        "minutes": there,
        "minutes_due": there,
        "minutes_overdue": {**there, COMMITTEE[0]: confirm_by, "county-office": confirm_by},
    }


@pytest.mark.proves("D2", "D3")
def test_given_a_month_of_duties_then_those_on_the_rota_short_or_in_charge_are_told() -> None:
    town = Township("cx")
    period = Period(date(2026, 3, 1), Cycle.MONTH)
    town.open(period, "QS")
    assert {(it.addressee, it.kind) for it in rows([town.remind(period, "QS")])} == {
        ("handler", "duties_missing"), ("lead", "duties_missing")
    }  # fmt: skip
    month = a_month()
    events = [event for stream in month.streams.values() for event in stream if event.TOPIC.startswith("duty.")]
    short = {(it.addressee, it.kind) for it in rows(events) if it.kind == "duties_short"}
    assert short == {("wang", "duties_short"), ("zhang", "duties_short")}


def test_given_a_spot_check_then_those_in_charge_of_the_station_are_told_until_when() -> None:
    township = a_township()
    township.head = a_head(b"by which the first station is drawn")
    log = a_draw(township)
    log.do(ask_of_check(RemindHandIn, at=DRAW + timedelta(days=5)))
    (drawn,) = (event for event in log.history(CHECK) if isinstance(event, SpotCheckDrawn))
    assert drawn.station == "YL1"
    assert {(it.addressee, it.kind, it.due_at) for it in rows(list(log.history(CHECK)))} == {
        (who, kind, drawn.hand_in_by)
        for who in ("handler", "handler2", "lead", "lead2")
        for kind in ("spot_check", "ledgers_due")
    }


def test_given_a_deputy_named_then_both_are_told() -> None:
    events = decide(county(), ask(oc.NameDeputy), organised())
    assert {(row.addressee, row.kind) for row in rows(events)} == {("handler2", "deputy"), ("lead", "deputised")}


# -- the rows --------------------------------------------------------------------------------------------------------


def test_given_every_life_then_no_row_holds_a_word_or_number_of_a_household(log: Log) -> None:
    log.append(*LIVES)
    log.fill(INBOX)
    words = {event.description for life in LIVES for event in life.events if isinstance(event, i.IssueLogged)}
    found = repr(log.rows(INBOX))
    assert "QS-012" not in found
    assert not [word for word in words if word in found]


def test_given_the_table_then_a_rebuild_makes_the_same_rows(log: Log) -> None:
    log.append(*LIVES)
    recorded = log.read()
    for each in recorded:
        INBOX.apply(log.follower, [each])
    one_by_one = log.rows(INBOX)
    log.query("insert into follower_position (name, position) values ('inbox', %s) returning 1", len(recorded) - 1)
    assert not next(iter(compare(log.database.owner_dsn, ["inbox"]))).differences
    rebuild(log.database.owner_dsn, ["inbox"])
    assert log.rows(INBOX) == one_by_one


# -- who sees them ---------------------------------------------------------------------------------------------------


def seen(log: Log, **scope: Any) -> list[tuple[str, str | None]]:
    with (
        psycopg.connect(log.database.app_dsn, autocommit=True) as app,
        scoped(app, Scope(**{name: frozenset(people) for name, people in scope.items()})),
    ):
        return [(notice.addressee, notice.number) for notice in page(app)]


def test_given_a_person_then_they_see_their_own_rows_only_and_deputies_both(log: Log) -> None:
    log.append(case("missed"), case("escalated"))
    log.fill(INBOX)
    assert {who for who, _ in seen(log, people=["handler"])} == {"handler"}
    assert {who for who, _ in seen(log, people=["handler", "township-head"])} == {"handler", "township-head"}
    assert seen(log, people=["lead2"]) == seen(log) == seen(log, villages=["QS"]) == []


def test_given_a_complaint_then_whoever_it_bars_sees_nothing_of_it_though_it_was_told_to_them(log: Log) -> None:
    log.append(case("feedback", key="complaint", village="LX", concerns="lead2", by="household"))
    log.fill(INBOX)
    (who,) = {who for who, _ in seen(log, people=["township-head", "lead2", "handler2"])}
    assert who == "township-head"
    assert seen(log, people=["township-head"], barred=["lead2"]) == []


def test_given_pages_then_they_follow_each_other_and_unread_counts_what_is_newer(log: Log) -> None:
    log.append(*LIVES)
    log.fill(INBOX)
    with (
        psycopg.connect(log.database.app_dsn, autocommit=True) as app,
        scoped(app, Scope(people=frozenset({"handler"}))),
    ):
        everything = page(app, limit=1000)
        first = page(app, limit=3)
        second = page(app, before=first[-1].position, limit=3)
        assert [*first, *second] == everything[:6]
        assert all(notice.number and notice.zh and notice.en for notice in everything)
        newest = everything[0].position
        assert unread(app, -1) == (len(everything), newest)
        assert unread(app, everything[2].position) == (2, newest)
        assert unread(app, newest) == (0, -1)
        assert page(app, after=everything[2].position) == everything[:2]
