"""The issue ledger: what its rows say of named lives, and the questions it answers."""

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from domain.events import DomainEvent
from domain.issue import commands as c
from domain.issue import events as e
from domain.issue.words import Stage
from projections.issue_ledger import ISSUE_LEDGER, LedgerFilter, Sort, entries, entry, page
from projections.issue_ledger_fold import LedgerRow
from projections.places import PLACES
from tests.projections.ledger import Log, interleaved, taken_in
from tests.support.casework import START, Case, case


def row(life: Case) -> LedgerRow:
    """The ledger's row of this case's issue."""
    found: LedgerRow = taken_in(ISSUE_LEDGER, interleaved([life]))[life.issue_id]
    return found


def moment(life: Case, kind: type[DomainEvent]) -> Any:
    """When it happened, the last time."""
    return [event.occurred_at for event in life.events if type(event) is kind][-1]


def test_given_an_issue_just_logged_then_its_row_holds_what_the_form_asks() -> None:
    life = case("logged")
    logged = life.events[0]
    assert isinstance(logged, e.IssueLogged)
    seen = row(life)
    assert (seen.number, seen.village, seen.channel, seen.household) == ("QS-2026-0001", "QS", "visit", "QS-012")
    assert (seen.title, seen.description, seen.plan) == (logged.title, logged.description, logged.plan)
    assert (seen.due_at, seen.due_rule, seen.due_amount, seen.due_unit) == (
        logged.deadline.due_at, "on_site", logged.deadline.amount, "working",
    )  # fmt: skip
    assert seen.due_provisional is logged.deadline.provisional
    assert (seen.logged_at, seen.changed_at, seen.recorded_at) == (START, START, START + timedelta(minutes=1))
    assert (seen.completed_at, seen.replied_at, seen.rating, seen.closed_at) == (None, None, None, None)


def test_given_a_settled_issue_then_measures_and_every_date_are_told() -> None:
    life = case("settled")
    seen = row(life)
    assert seen.measures == "当场换了灯泡。"
    assert seen.completed_at == moment(life, e.IssueFixedOnSite)
    assert seen.replied_at == seen.first_replied_at == moment(life, e.ReplyGiven)
    assert seen.closed_at == moment(life, e.IssueClosed)
    assert (seen.rating, seen.stage, seen.due_at, seen.due_rule) == ("satisfied", Stage.SETTLED, None, None)


@pytest.mark.parametrize(
    ("state", "measures", "completed_by"),
    [
        ("resolved", "更换了三盏路灯。", e.IssueResolved),
        ("submission", "更换灯杆与灯具。", None),
        ("inspection", "全部完工。", None),
        ("reply", "全部完工。", e.WorksAccepted),
        ("declined", "更换灯杆与灯具。", e.SubmissionDeclined),
        ("county_resolved", "更换灯杆与灯具。", e.CountyAnswered),
        ("county_sent_back", "更换灯杆与灯具。", None),
    ],
)
def test_given_other_ways_to_an_end_then_measures_and_completion_follow(
    state: str, measures: str, completed_by: type[DomainEvent] | None
) -> None:
    seen = row(case(state))
    assert seen.measures == measures
    assert seen.completed_at == (moment(case(state), completed_by) if completed_by else None)


@pytest.mark.parametrize(
    ("state", "remark"),
    [
        ("escalated", "村里没有升降车。"),
        ("deferred", "已研究。"),
        ("returned", "已研究。"),
        ("declined", "已研究。"),
        ("county_resolved", "县里已安排。"),
        ("withdrawn", "群众自行解决。"),
        ("merged", "同一处路灯。"),
        ("split", "两件事。"),
    ],
)
def test_given_reasons_then_the_last_ones_are_the_remark(state: str, remark: str) -> None:
    assert row(case(state)).remark == remark


def test_given_misses_and_notices_then_they_are_counted_for_good() -> None:
    missed = case("missed")
    seen = row(missed)
    assert (seen.missed, seen.notices, seen.stage) == (1, 1, Stage.LOGGED)
    later = row(missed.do(c.FixOnSite))
    assert (later.missed, later.notices, later.due_rule) == (1, 1, "reply")


def test_given_an_extension_then_the_deadline_moves_and_is_counted() -> None:
    before, after = row(case("logged")), row(case("extension_asked").do(c.GrantExtension, by="lead"))
    assert before.due_at is not None
    assert after.due_at is not None
    assert after.due_at > before.due_at
    assert after.extensions == 1


def test_given_works_then_the_percent_follows_the_reports() -> None:
    assert row(case("works")).percent is None
    assert row(case("reported")).percent == 40
    assert row(case("inspection")).percent == 100
    assert row(case("inspection").do(c.OrderRework)).percent == 99


def test_given_a_reopened_issue_then_the_dates_of_its_end_are_gone_but_the_first_answer_stays() -> None:
    seen = row(case("dissatisfied"))
    assert (seen.completed_at, seen.replied_at, seen.closed_at) == (None, None, None)
    assert seen.first_replied_at == moment(case("dissatisfied"), e.ReplyGiven)
    assert (seen.rating, seen.reopenings, seen.tier) == ("dissatisfied", 1, "township")
    assert seen.unit == "township"


def test_given_a_duplicate_then_both_rows_tell() -> None:
    rows = taken_in(ISSUE_LEDGER, interleaved([case("absorbing").do(c.FixOnSite).do(c.GiveReply)]))
    kept, duplicate = sorted(rows.values(), key=lambda it: it.number)
    assert (duplicate.merged_into, duplicate.stage) == (kept.issue_id, Stage.MERGED)
    assert duplicate.replied_at == kept.replied_at


def test_given_a_split_issue_then_each_part_names_it() -> None:
    life = case("split")
    parts = [it for it in taken_in(ISSUE_LEDGER, interleaved([life])).values() if it.issue_id != life.issue_id]
    assert [part.split_from for part in parts] == [life.issue_id] * 2


# -- on the database ------------------------------------------------------------------------------------------------


def test_given_a_row_in_the_database_then_it_comes_back_as_it_was_folded(log: Log) -> None:
    log.append(case("settled"), case("handling", household="QS-020"))
    log.settle()
    log.fill(ISSUE_LEDGER, PLACES)
    folded = ISSUE_LEDGER.fold(log.read(), {})
    assert len(folded) == 2
    for wanted in folded.values():
        line = entry(log.connection, wanted.number)
        assert line is not None
        assert {field.name: getattr(line, field.name) for field in fields(wanted)} == {
            field.name: getattr(wanted, field.name) for field in fields(wanted)
        }
        assert line.village_name == "青石村"


def test_given_a_merged_issue_then_its_line_names_the_other_ones_number(log: Log) -> None:
    life = case("merged")
    log.append(life)
    log.fill(ISSUE_LEDGER)
    lines = list(entries(log.connection))
    merged = next(line for line in lines if line.issue_id == life.issue_id)
    kept = next(line for line in lines if line.issue_id != life.issue_id)
    assert merged.merged_into_number == kept.number


def test_given_an_unknown_number_then_there_is_no_line(log: Log) -> None:
    assert entry(log.connection, "QS-2026-0001") is None


def test_given_pages_then_they_hold_every_line_once_in_the_order_of_logging(log: Log) -> None:
    cases = [case("logged", at=START + timedelta(days=n // 3), household=f"QS-{n:03d}") for n in range(10)]
    log.append(*cases)
    log.fill(ISSUE_LEDGER)
    everything = [line.number for line in entries(log.connection)]
    assert len(everything) == 10
    for sort in (Sort.OLDEST, Sort.NEWEST):
        pages, cursor = [], None
        while lines := page(log.connection, after=cursor, limit=3, sort=sort):
            pages += [line.number for line in lines]
            cursor = (lines[-1].logged_at, lines[-1].number)
        assert pages == (everything[::-1] if sort is Sort.NEWEST else everything)


def test_given_filters_then_only_those_lines_come(log: Log) -> None:
    log.append(
        case("logged"),
        case("at_department", key="department"),
        case("logged", village="LX", category="environment", channel="hotline"),
        case("settled", key="done"),
    )
    log.fill(ISSUE_LEDGER)

    def found(**wanted: Any) -> list[str]:
        return [f"{line.village}/{line.stage}" for line in entries(log.connection, LedgerFilter(**wanted))]

    assert found(village="LX") == ["LX/logged"]
    assert sorted(found(village="QS")) == ["QS/escalated", "QS/logged", "QS/settled"]
    assert found(stage=Stage.SETTLED) == ["QS/settled"]
    assert found(category="environment", channel="hotline") == ["LX/logged"]
    assert found(unit="department:construction") == ["QS/escalated"]
    assert sorted(found(open_only=True)) == ["LX/logged", "QS/escalated", "QS/logged"]
    assert found(village="WS") == []


def test_given_a_moment_then_overdue_is_what_is_open_and_was_due_before_it(log: Log) -> None:
    log.append(case("logged"), case("closed", key="closed"))
    log.fill(ISSUE_LEDGER)
    logged = next(line for line in entries(log.connection) if line.stage == Stage.LOGGED)
    assert logged.due_at is not None
    for moment_, overdue in [(logged.due_at, []), (logged.due_at + timedelta(seconds=1), [logged.number])]:
        assert [line.number for line in page(log.connection, LedgerFilter(overdue_at=moment_))] == overdue
    long_after = LedgerFilter(overdue_at=START + timedelta(days=400))
    assert [line.number for line in entries(log.connection, long_after)] == [logged.number]
