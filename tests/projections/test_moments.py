"""Another time, told from the log, is what was there then: against snapshots taken live, and with late records."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from domain.events import DomainEvent
from domain.issue.events import ISSUE_EVENTS
from domain.issue.evolve import fold
from projections.dashboard import DASHBOARD
from projections.dashboard_source import When
from projections.issue_ledger import ISSUE_LEDGER
from projections.moments import counts_from, each_told_by
from projections.past import rows_at
from projections.projection import Recorded
from tests.projections.ledger import Log, interleaved, numbered
from tests.projections.lives import LIVES
from tests.support.casework import case

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
Snapshot = Mapping[str, Mapping[UUID, Any]]


@cache
def issues_events() -> tuple[DomainEvent, ...]:
    return tuple(it for it in numbered(interleaved(LIVES[::5])) if type(it) in ISSUE_EVENTS)


@dataclass(frozen=True)
class Office:
    """A log written while snapshots of its tables were taken: before the first event, and after each."""

    log: Sequence[Recorded]
    snapshots: Sequence[Snapshot]


@cache
def an_office(*delays: int) -> Office:
    """Every event is recorded some minutes after the one before."""
    rows: dict[str, dict[UUID, Any]] = {model.name: {} for model in (ISSUE_LEDGER, DASHBOARD)}
    log, snapshots, now = [], [_kept(rows)], BEGAN
    for position, event in enumerate(issues_events()):
        now += timedelta(minutes=delays[position % len(delays)])
        log.append(Recorded(position, now, event))
        for model in (ISSUE_LEDGER, DASHBOARD):
            rows[model.name] = model.fold([log[-1]], rows[model.name])
        snapshots.append(_kept(rows))
    return Office(log, snapshots)


def _kept(rows: Mapping[str, Mapping[UUID, Any]]) -> Snapshot:
    return {name: {key: copy(row) for key, row in table.items()} for name, table in rows.items()}


def by_stream(log: Iterable[Recorded]) -> list[Recorded]:
    return sorted(log, key=lambda it: (it.event.originator_id, it.event.originator_version))


def told(log: Iterable[Recorded], when: When) -> Snapshot:
    found = list(each_told_by(by_stream(log), when))
    return {model.name: model.fold(found, {}) for model in (ISSUE_LEDGER, DASHBOARD)}


@seed(43)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(delays=st.lists(st.integers(1, 10_000), min_size=1, max_size=40), at=st.lists(st.floats(0, 1), min_size=4))
def test_given_any_moment_then_what_was_known_is_the_snapshot_that_was_taken(
    delays: list[int], at: list[float]
) -> None:
    office = an_office(*delays)
    for share in at[:4]:
        nth = int(share * len(office.log))
        moment = office.log[nth - 1].recorded_at if nth else BEGAN
        assert told(office.log, When(known_at=moment)) == office.snapshots[nth]
        assert told(office.log, When(known_at=moment + timedelta(seconds=59))) == office.snapshots[nth]


@seed(43)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(minutes=st.lists(st.integers(0, 90 * 24 * 60), min_size=3, max_size=3))
def test_given_nothing_recorded_late_then_what_had_happened_is_what_was_known(minutes: list[int]) -> None:
    log = [it._replace(recorded_at=since) for it, (since, _) in _with_times(an_office(1).log)]
    first = min(it.recorded_at for it in log)
    for later in minutes:
        moment = first + timedelta(minutes=later)
        assert told(log, When(as_of=moment)) == told(log, When(known_at=moment))


def _with_times(log: Sequence[Recorded]) -> list[tuple[Recorded, tuple[datetime, datetime]]]:
    streams: dict[UUID, list[Recorded]] = {}
    for it in log:
        streams.setdefault(it.event.originator_id, []).append(it)
    return [pair for stream in streams.values() for pair in zip(stream, counts_from(stream), strict=True)]


@seed(43)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(held_back=st.integers(1, 400), known_after=st.integers(1, 10_000))
def test_given_a_late_record_then_it_moves_what_had_happened_and_never_what_was_known(
    held_back: int, known_after: int
) -> None:
    """The last event of one issue comes in from a village without signal, long after everything else."""
    log = an_office(7).log
    streams = sorted({it.event.originator_id for it in log})
    last = max(
        (it for it in log if it.event.originator_id == streams[held_back % len(streams)]), key=lambda it: it.position
    )
    before = [it for it in log if it is not last]
    arrived = log[-1].recorded_at + timedelta(minutes=known_after)
    after = [*before, last._replace(recorded_at=arrived)]
    for it in (log[0], log[len(log) // 2], log[-1]):
        assert told(after, When(known_at=it.recorded_at)) == told(before, When(known_at=it.recorded_at))
    counted = dict(_with_times(by_stream(after)))[after[-1]][0]
    assert told(after, When(as_of=counted)) != told(before, When(as_of=counted))
    assert told(after, When(as_of=counted, known_at=log[-1].recorded_at)) == told(before, When(as_of=counted))
    earlier = counted - timedelta(microseconds=1)
    assert told(after, When(as_of=earlier)) == told(before, When(as_of=earlier))


@seed(43)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(share=st.floats(0, 1))
def test_given_any_moment_then_what_counted_is_a_history_that_the_domain_can_fold(share: float) -> None:
    log = an_office(3).log
    moments = sorted(it.event.occurred_at for it in log)
    moment = moments[int(share * (len(moments) - 1))]
    streams: dict[UUID, list[DomainEvent]] = {}
    for it in each_told_by(by_stream(log), When(as_of=moment)):
        streams.setdefault(it.event.originator_id, []).append(it.event)
    for events in streams.values():
        issue = fold(events)
        assert issue is not None
        assert issue.version == len(events)


def test_given_a_real_log_then_rows_as_known_are_the_live_table_of_then(log: Log) -> None:
    kept = []
    for nth, state in enumerate(("closed", "works", "settled", "fixed")):
        log.append(case(state, key=str(nth)))
        (now,) = log.query("select clock_timestamp()")[0]
        kept.append((now, {row.issue_id: replace(row) for row in ISSUE_LEDGER.fold(log.read(), {}).values()}))
    for now, live in kept:
        assert {row.issue_id: row for row in rows_at(log.connection, ISSUE_LEDGER, known_at=now)} == live
