"""What holds for all read models: no event is overlooked, stages agree with the domain, and batches do not matter."""

from collections.abc import Sequence
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.fund.events import FUND_EVENTS
from domain.issue import events as e
from domain.issue.state import Issue
from domain.meeting.events import MeetingHeld
from projections.appraisal import CASES
from projections.dashboard import DASHBOARD
from projections.issue_history import ISSUE_HISTORY
from projections.issue_ledger import ISSUE_LEDGER
from projections.per_issue import BrokenStream, PerIssue
from projections.projection import Projection, Recorded, UnknownEvent
from projections.receipt import RECEIPT
from projections.registry import PROJECTIONS
from tests.projections.ledger import OF_OTHER_STREAMS, Log, interleaved, numbered, taken_in
from tests.projections.lives import LIVES, issues
from tests.support.casework import case

PER_ISSUE: Sequence[PerIssue[Any]] = (ISSUE_LEDGER, DASHBOARD, CASES)
EVERY_ISSUE = [(issue, events) for life in LIVES for issue, events in issues(life)]


def test_the_lives_of_these_tests_hold_every_event_there_is() -> None:
    seen = {type(event) for life in LIVES for events in life.streams.values() for event in events}
    assert seen == e.ISSUE_EVENTS | {MeetingHeld} | FUND_EVENTS


@pytest.mark.parametrize("model", [*PER_ISSUE, RECEIPT], ids=lambda model: model.name)
def test_each_model_names_every_event_of_an_issue_once(model: PerIssue[Any]) -> None:
    named = [*model.begins, *model.changes, *model.passes_over]
    assert len(named) == len(set(named))
    assert set(named) == model.follows == e.ISSUE_EVENTS


@pytest.mark.parametrize(
    ("issue", "events"), EVERY_ISSUE, ids=[f"{it.stage}-{n}" for n, (it, _) in enumerate(EVERY_ISSUE)]
)
def test_given_any_life_then_the_rows_stand_where_the_domain_says(issue: Issue, events: Sequence[Any]) -> None:
    due_at = issue.deadline.due_at if issue.deadline else None
    row = taken_in(ISSUE_LEDGER, events)[issue.issue_id]
    assert (row.stage, row.due_at, row.tier, row.department) == (issue.stage, due_at, issue.tier, issue.department)
    assert (row.unit, row.person) == (issue.responsible.unit, issue.responsible.person)
    assert (row.number, row.version, row.logged_at) == (issue.number, issue.version, issue.logged_at)
    assert (row.category, row.place, row.household) == (issue.category, issue.place, issue.household)
    assert (row.leader, row.cause, row.reopenings) == (issue.leader, issue.cause, issue.reopenings)
    assert (row.replied_at is not None) == issue.replied
    assert row.due_rule == (issue.deadline.rule if issue.deadline else None)

    counted = taken_in(DASHBOARD, events)[issue.issue_id]
    assert (counted.stage, counted.due_at, counted.tier) == (issue.stage, due_at, issue.tier)
    assert (counted.department, counted.category) == (issue.department, issue.category)

    judged = taken_in(CASES, events)[issue.issue_id]
    assert (judged.stage, judged.due_at, judged.department) == (issue.stage, due_at, issue.department)
    assert (judged.unit, judged.person) == (issue.responsible.unit, issue.responsible.person)
    assert (judged.missed_person is not None) <= issue.missed


@pytest.mark.parametrize("model", PER_ISSUE, ids=lambda model: model.name)
def test_given_an_event_nobody_listed_then_the_model_refuses_to_go_on(model: PerIssue[Any]) -> None:
    class SomethingNew(e.IssueAssigned):
        pass

    life = case("handling")
    unheard_of = SomethingNew.model_construct(**{**dict(life.events[-1]), "originator_version": 4})
    with pytest.raises(UnknownEvent):
        taken_in(model, [*life.events, unheard_of])


@pytest.mark.parametrize("model", PER_ISSUE, ids=lambda model: model.name)
def test_given_a_stream_without_its_beginning_or_with_two_then_the_model_refuses(model: PerIssue[Any]) -> None:
    logged, fixed = case("fixed").events
    with pytest.raises(BrokenStream):
        taken_in(model, [fixed])
    with pytest.raises(BrokenStream):
        taken_in(model, [logged, fixed, logged])


EVERYTHING = list(numbered(interleaved(LIVES)))


@pytest.fixture
def at_once() -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each read model after the whole log in one batch, once they were made: the same for every example."""
    return {}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.sets(st.integers(1, len(EVERYTHING) - 1), max_size=40))
def test_given_the_log_cut_into_any_batches_then_the_rows_are_the_same(
    log: Log, at_once: dict[str, list[tuple[Any, ...]]], cuts: set[int]
) -> None:
    if not log.read():
        log.settle()
        log.append(*LIVES)
    recorded = log.read()
    ends = [*sorted(cuts), len(recorded)]
    batches = [recorded[first:end] for first, end in zip([0, *ends], ends, strict=False)]
    for projection in (model for model in PROJECTIONS if model not in OF_OTHER_STREAMS):
        if projection.name not in at_once:
            at_once[projection.name] = _rows_after(log, projection, [recorded])
        assert _rows_after(log, projection, batches) == at_once[projection.name]


def _rows_after(log: Log, projection: Projection, batches: Sequence[Sequence[Recorded]]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    with log.follower.transaction() as undone:
        for batch in batches:
            projection.apply(log.follower, batch)
        rows = log.rows(projection)
        raise psycopg.Rollback(undone)
    assert rows
    return rows


def test_given_the_same_events_twice_then_history_refuses_the_second_time(log: Log) -> None:
    log.append(case("fixed"))
    ISSUE_HISTORY.apply(log.follower, log.read())
    with pytest.raises(psycopg.errors.UniqueViolation):
        ISSUE_HISTORY.apply(log.follower, log.read())
