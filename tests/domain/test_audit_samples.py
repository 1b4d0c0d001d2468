"""Samples of auditors: asked for before the seed can be known, drawn once, and drawn again by anybody."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from pydantic import ValidationError

from domain.audit import commands as c
from domain.audit import errors as refused
from domain.audit.sampling import HAPPENED, Criteria, basis_of, sample_from
from domain.audit.words import SampleKind
from domain.events import DomainEvent
from tests.support.audits import a_sample, ask
from tests.support.casework import START, STATES, case
from tests.support.memory_log import refusal
from tests.support.spot_checks import ISSUES, a_head, a_township, logged


def _hash(*lines: str) -> str:
    return sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def test_given_a_sample_then_plain_sha_256_draws_the_same() -> None:
    sample = a_sample(a_township())
    drawn = sample.drawn
    assert drawn is not None
    assert drawn.seed == _hash("huiyin-audit-sample-1", drawn.head_hash, str(sample.sample_id))
    numbers = [it.number or "" for it in ISSUES]
    assert drawn.items == tuple(sorted(numbers, key=lambda number: _hash(drawn.seed, number))[:3])
    assert (drawn.counted, drawn.digest) == (27, _hash(*sorted(numbers)))


def test_given_what_was_asked_is_not_sealed_yet_then_nothing_is_drawn_and_later_it_is_once() -> None:
    log = a_township()
    log.head = None
    asked = ask(c.AskAuditSample)
    log.do(asked)
    assert refusal(log, ask(c.DrawAuditSample, of=asked.stream_id)) is refused.SampleNotSealed
    log.head = a_head()
    log.do(ask(c.DrawAuditSample, of=asked.stream_id))
    again = ask(c.DrawAuditSample, of=asked.stream_id, key="again")
    assert refusal(log, again) is refused.AlreadyDrawn


def test_given_a_village_and_days_then_only_what_happened_there_and_then_is_drawn_from() -> None:
    day = START.date()
    of = {"kind": SampleKind.LOGGED, "sample_id": a_head().stream}
    late = logged("QS-2026-0200", occurred_at=START + timedelta(days=40))
    events = (*ISSUES, late, logged("QS-2026-0201", concerns="lead"))
    everywhere = basis_of(a_head(), Criteria(**of), events).candidates
    assert "QS-2026-0201" not in everywhere
    assert "QS-2026-0200" in everywhere
    there = basis_of(a_head(), Criteria(**of, village="QS", since=day, until=day), events).candidates
    assert set(there) == {it.number for it in ISSUES if it.village == "QS"}


@pytest.mark.parametrize("kind", SampleKind)
def test_given_any_life_then_its_issue_is_of_a_kind_if_that_happened_to_it(kind: SampleKind) -> None:
    for name in STATES:
        events: tuple[DomainEvent, ...] = case(name).events
        found = basis_of(a_head(), Criteria(a_head().stream, kind), events).candidates
        happened = any(isinstance(event, HAPPENED[kind]) for event in events)
        concerned = getattr(events[0], "concerns", None) is not None or getattr(events[0], "number", None) is None
        assert bool(found) is (happened and not concerned), name


def test_given_fewer_candidates_than_asked_for_then_all_are_drawn() -> None:
    basis = basis_of(a_head(), Criteria(a_head().stream, SampleKind.LOGGED, village="BC"), ISSUES)
    assert len(sample_from(basis, a_head().stream, 50).items) == 9


def test_given_days_out_of_order_then_the_form_is_refused() -> None:
    with pytest.raises(ValidationError, match="last day"):
        ask(c.AskAuditSample, since=date(2026, 3, 2), until=date(2026, 3, 1))
