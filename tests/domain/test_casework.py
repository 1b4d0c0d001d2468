"""The one door for writes, on a real database: each command has one effect, one answer; refused, it leaves nothing."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from domain.casework import Casework
from domain.commands import Command
from domain.errors import (
    CannotMerge,
    CommandReused,
    HuiyinError,
    InTheFuture,
    NotFound,
    RoleNotAllowed,
    StaleVersion,
    Unavailable,
    UnknownCategory,
    WrongStage,
)
from domain.events import DomainEvent
from domain.fund.commands import AdjustBudget, ConfirmAdjustment, SetBudget
from domain.issue import commands as c
from domain.issue.decide import DECISIONS
from domain.issue.events import IssueLogged, TranchePaid
from domain.meeting.commands import RecordMeeting
from services.bootstrap import open_casework
from tests.support.casework import START, STATES, Clock, case, command, live_through, office
from tests.support.examples import UNDER_ANOTHER_OFFICE, example
from tests.support.postgres import Database
from tests.support.vault import opened

CHANGED_BY_OTHERS_LAST = {"absorbing"}


@pytest.fixture
def log(database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The database itself, past the door."""
    with psycopg.connect(database.owner_dsn, autocommit=True) as connection:
        yield connection


def rows(log: psycopg.Connection[tuple[object, ...]]) -> tuple[object, ...]:
    """How many events, commands and numbers there are."""
    counted = log.execute(
        "select (select count(*) from ledger_events), (select count(*) from command_log),"
        " (select count(*) from issue_number)"
    ).fetchone()
    assert counted is not None
    return counted


# -- one answer --------------------------------------------------------------------------------------------------


@pytest.mark.proves("L1")
def test_given_a_report_when_logged_then_it_has_a_number_and_a_receipt(casework: Casework) -> None:
    outcome = casework.handle(command(c.LogIssue))
    assert (outcome.number, outcome.version, outcome.repeated) == ("QS-2026-0001", 1, False)
    assert outcome.receipt_code is not None
    assert len(outcome.receipt_code) == 19
    assert casework.issue_id("QS-2026-0001") == outcome.stream_id


@pytest.mark.proves("L1")
def test_given_villages_and_years_when_logged_then_each_counts_for_itself(casework: Casework) -> None:
    late = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight of the new year, at the office
    reports = [
        command(c.LogIssue, key=1),
        command(c.LogIssue, key=2, village="LX"),
        command(c.LogIssue, key=3, at=late),
        command(c.LogIssue, key=4, at=late - timedelta(hours=1)),
    ]
    numbers = [casework.handle(report).number for report in reports]
    assert numbers == ["QS-2026-0001", "LX-2026-0001", "QS-2026-0002", "QS-2025-0001"]


def test_given_every_state_when_lived_through_the_door_then_the_log_holds_just_what_was_decided(
    casework: Casework, clock: Clock
) -> None:
    for state in STATES:
        life = case(state, key=state)
        outcome = live_through(casework, clock, life)
        kept = [_unnumbered(opened(event)) for event in casework.history(life.issue_id)]
        assert kept == [_unnumbered(event) for event in life.events], state
        issue = casework.issue(life.issue_id)
        assert issue is not None
        assert issue == replace(life.issue, number=issue.number, place=issue.place)
        lately = casework.lately.of(life.issue_id)
        assert lately == issue or (lately is None and state in CHANGED_BY_OTHERS_LAST), state
        assert outcome.version == len(list(casework.history(outcome.stream_id)))


def _unnumbered(event: DomainEvent) -> DomainEvent:
    """Numbers are the log's to give; and another issue of this log may have waited for its money."""
    if isinstance(event, TranchePaid):
        return event.model_copy(update={"exception": None, "exception_reasons": None})
    return event.model_copy(update={"number": None}) if isinstance(event, IssueLogged) else event


@pytest.mark.proves("L14")
def test_given_an_action_when_recorded_then_both_times_are_kept(
    casework: Casework, clock: Clock, log: psycopg.Connection[tuple[object, ...]]
) -> None:
    live_through(casework, clock, case("fixed"))
    ((recorded, now),) = log.execute("select recorded_at, now() from ledger_events where originator_version = 2")
    assert isinstance(recorded, datetime)
    assert isinstance(now, datetime)
    assert abs(now - recorded) < timedelta(minutes=1)
    (_, fixed) = casework.history(case("fixed").issue_id)
    assert fixed.occurred_at == case("fixed").now


# -- once only (L14) ---------------------------------------------------------------------------------------------


def test_given_the_same_report_twice_when_logged_then_the_answer_is_the_same(casework: Casework, clock: Clock) -> None:
    asked = command(c.LogIssue)
    first = casework.handle(asked)
    clock.advance(timedelta(minutes=3))
    again = casework.handle(asked.model_copy(update={"occurred_at": clock.now}))
    assert again == replace(first, repeated=True)
    assert len(list(casework.history(first.stream_id))) == 1


@pytest.mark.proves("L14")
def test_given_any_command_twice_when_handled_then_it_has_one_effect(
    casework: Casework, clock: Clock, log: psycopg.Connection[tuple[object, ...]]
) -> None:
    for kind in DECISIONS.keys() - UNDER_ANOTHER_OFFICE:
        shown = example(kind, key=kind.__name__)
        live_through(casework, clock, shown.case)
        clock.set(max(clock.now, shown.asked.occurred_at))
        first, before = casework.handle(shown.asked), rows(log)
        assert not first.repeated, kind
        assert casework.handle(shown.asked) == replace(first, repeated=True), kind
        assert rows(log) == before, kind


def test_given_the_database_goes_away_amid_a_repeat_then_it_is_unavailable_and_the_next_repeat_is_answered(
    casework: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = casework.handle(command(c.LogIssue))

    def away(*_: object) -> None:
        raise OperationalError("connection lost")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Casework, "issue", away)
        with pytest.raises(Unavailable):
            casework.handle(command(c.LogIssue))
    assert casework.handle(command(c.LogIssue)) == replace(first, repeated=True)


def test_given_the_same_id_for_something_else_when_handled_then_it_is_refused(casework: Casework) -> None:
    asked = command(c.LogIssue)
    logged = casework.handle(asked)
    with pytest.raises(CommandReused):
        casework.handle(asked.model_copy(update={"description": "别的事。"}))
    with pytest.raises(CommandReused):
        casework.handle(command(c.FixOnSite, logged.stream_id, command_id=asked.command_id))
    assert len(list(casework.history(logged.stream_id))) == 1


def test_given_a_refused_command_when_sent_again_later_then_it_is_decided_anew(casework: Casework) -> None:
    casework.handle(command(c.LogIssue))
    reply = command(c.GiveReply, case("logged").issue_id)
    with pytest.raises(WrongStage):
        casework.handle(reply)
    casework.handle(command(c.FixOnSite, case("logged").issue_id))
    assert not casework.handle(reply).repeated


# -- the version that was read -----------------------------------------------------------------------------------


def test_given_it_changed_since_it_was_read_when_handled_then_it_is_stale(casework: Casework) -> None:
    logged = casework.handle(command(c.LogIssue))
    fix = command(c.FixOnSite, logged.stream_id)
    with pytest.raises(StaleVersion):
        casework.handle(fix, expected_version=2)
    assert casework.handle(fix, expected_version=1).version == 2
    with pytest.raises(StaleVersion):
        casework.handle(command(c.GiveReply, logged.stream_id), expected_version=1)
    assert casework.handle(fix, expected_version=1).repeated


def test_given_somebody_else_wrote_meanwhile_then_no_decision_rests_on_what_was_remembered(
    casework: Casework, database: Database, clock: Clock
) -> None:
    logged = casework.handle(command(c.LogIssue))
    with closing(open_casework(database.app_dsn, office(clock))) as elsewhere:
        assert elsewhere.handle(command(c.FixOnSite, logged.stream_id)).version == 2
        # A refusal by the state of long ago is none: the reply may be given now, also with the version that was read.
        assert casework.handle(command(c.GiveReply, logged.stream_id), expected_version=2).version == 3
        # What was open long ago is closed now: refused by the log's own state, and nothing written.
        with pytest.raises(HuiyinError):
            elsewhere.handle(command(c.GiveReply, logged.stream_id, key="again"))
        with pytest.raises(StaleVersion):
            elsewhere.handle(command(c.DeliverReply, logged.stream_id), expected_version=2)
    assert len(list(casework.history(logged.stream_id))) == 3


def test_given_a_budget_that_changed_since_it_was_read_when_set_then_it_is_stale(casework: Casework) -> None:
    casework.handle(command(SetBudget))
    casework.handle(command(AdjustBudget), expected_version=1)
    with pytest.raises(StaleVersion):
        casework.handle(command(ConfirmAdjustment), expected_version=1)


# -- refused means nothing ---------------------------------------------------------------------------------------


REFUSED: list[tuple[Command, type[HuiyinError]]] = [
    (command(c.LogIssue, category="gossip", key=1), UnknownCategory),
    (command(c.LogIssue, by="finance", key=2), RoleNotAllowed),
    (command(c.FixOnSite, UUID(int=1)), NotFound),
    (command(SetBudget, by="lead"), RoleNotAllowed),
    (command(RecordMeeting, by="lead"), RoleNotAllowed),
    (command(SetBudget, at=START + timedelta(days=1)), InTheFuture),
]


def test_given_a_refusal_then_nothing_was_written_and_no_number_lost(
    casework: Casework, log: psycopg.Connection[tuple[object, ...]]
) -> None:
    for asked, refusal in REFUSED:
        with pytest.raises(refusal):
            casework.handle(asked)
        assert rows(log) == (0, 0, 0)
    assert casework.handle(command(c.LogIssue)).number == "QS-2026-0001"


def test_given_an_unknown_number_then_it_is_not_found(casework: Casework) -> None:
    with pytest.raises(NotFound):
        casework.issue_id("QS-2026-9999")


def test_given_ids_of_other_things_then_they_are_not_taken_for_issues_meetings_or_funds(
    casework: Casework, clock: Clock
) -> None:
    life = case("tabled")
    live_through(casework, clock, life)
    meeting = casework.handle(command(RecordMeeting)).stream_id
    logged = casework.handle(command(c.LogIssue, key="another")).stream_id
    assert casework.issue(meeting) is None
    with pytest.raises(NotFound):
        casework.handle(command(c.FixOnSite, meeting))
    with pytest.raises(CannotMerge):
        casework.handle(command(c.MergeIssue, logged, into=meeting))
    with pytest.raises(NotFound):
        casework.handle(life.command(c.DecideSubmission, meeting_id=logged, at=life.now))
    with pytest.raises(HuiyinError):
        casework.handle(command(c.AllocateFunding, life.issue_id, fund_id=logged))


# -- receipts (L1) -----------------------------------------------------------------------------------------------


def test_given_a_receipt_code_then_the_database_does_not_hold_it(
    casework: Casework, log: psycopg.Connection[tuple[object, ...]]
) -> None:
    code = casework.handle(command(c.LogIssue)).receipt_code
    assert code is not None
    plain = code.replace("-", "")
    ((state,),) = log.execute("select convert_from(state, 'UTF8') from ledger_events")
    assert '"receipt_hash":"' in str(state)
    tables = [str(name) for (name,) in log.execute("select tablename from pg_tables where schemaname = 'public'")]
    assert {"ledger_events", "command_log", "issue_number"} <= set(tables)
    for table in tables:
        dumped = log.execute(f"select coalesce(string_agg(t::text, chr(10)), '') from \"{table}\" t").fetchone()  # type: ignore[arg-type]
        for written in (code, plain, code.lower(), plain.lower(), code.encode().hex(), plain.encode().hex()):
            assert written not in str(dumped)


def test_given_a_lost_answer_when_repeated_then_the_household_still_gets_its_code(casework: Casework) -> None:
    asked = command(c.LogIssue, command_id=uuid4())
    assert casework.handle(asked).receipt_code == casework.handle(asked).receipt_code
