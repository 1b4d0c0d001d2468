"""The rule of four eyes, asked of the log again: honest lives pass; any approval by whom it bars is found. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid5

import pytest

from domain.bulletin.events import BulletinCorrected, BulletinIssued, ItemNamed, ItemTakenOff
from domain.events import DomainEvent, encode
from domain.fund.events import AdjustmentProposed, BudgetAdjusted, RoundConfirmed, RoundProposed
from domain.issue.events import IssueLogged
from domain.values import Actor
from projections.log_reader import SealedEvent
from services.audit.verify_four_eyes import OF_ISSUES, OF_ONESELF, OF_STREAMS, FourEyes
from services.audit.verify_streams import Order, Told, walk
from services.audit.verify_times import Bounds, Times
from tests.projections.lives import LIVES
from tests.support.casework import START

RECORDED = timedelta(minutes=1)
START_ID = uuid5(LIVES[0].issue.issue_id, "other streams")
BASIC = ("originator_version", "command_id")
STREAMS = [events for life in LIVES for events in life.streams.values()]


def told(events: Iterable[DomainEvent]) -> list[Told]:
    """A stream as it is read, recorded a minute after each happened."""
    return [
        Told(
            SealedEvent(nth, it.originator_id, it.originator_version, it.TOPIC, encode(it), it.occurred_at + RECORDED),
            it,
        )
        for nth, it in enumerate(events)
    ]


def by(event: DomainEvent, persons: Iterable[str]) -> DomainEvent:
    """The same in the name of the first of these."""
    return event.model_copy(update={"actor": Actor(user=min(persons), role=event.actor.role)})


def looked_at(stream: Sequence[Told]) -> FourEyes:
    check = FourEyes()
    check.take_stream(stream)
    return check


def barred_of(events: Sequence[DomainEvent]) -> list[tuple[int, frozenset[str]]]:
    """Where an approval stands in an issue's history, and whom it bars."""
    found: list[tuple[int, frozenset[str]]] = []

    def before(issue: Any, event: DomainEvent, sealed: SealedEvent) -> None:
        barred = OF_ISSUES.get(type(event))
        if barred is not None and (persons := barred(issue)):
            found.append((sealed.position, persons))

    walk(told(events), before)
    return found


def test_given_honest_lives_then_nobody_approved_their_own_and_every_order_and_time_is_right() -> None:
    order, times = Order(), Times(Bounds([]), datetime.max.replace(tzinfo=UTC) - timedelta(days=1))
    for events in STREAMS:
        stream = told(events)
        assert looked_at(stream).faults.count == 0
        order.take_stream(stream)
        times.take_stream(stream)
    assert (order.faults.count, times.faults.count) == (0, 0)


@pytest.mark.parametrize("kind", OF_ISSUES, ids=lambda kind: kind.__name__)
def test_given_any_approval_by_whom_it_bars_then_it_is_found(kind: type[DomainEvent]) -> None:
    forged = 0
    for events in STREAMS:
        for nth, barred in barred_of(events) if isinstance(events[0], IssueLogged) else ():
            if type(events[nth]) is not kind or forged:
                continue
            stream = told([*events[:nth], by(events[nth], barred)])
            (fault,) = looked_at(stream).faults.found("four_eyes", 0).faults
            assert (fault.kind, fault.where.version) == ("same-person", nth + 1)
            forged += 1
    assert forged


def made(kind: type[DomainEvent], version: int, person: str, **fields: Any) -> DomainEvent:
    """An event with what the rule looks at, and nothing else."""
    actor = Actor(user=person, role="committee_member")
    stream = uuid5(START_ID, kind.TOPIC.partition(".")[0])
    envelope = {"originator_id": stream, "originator_version": version, "occurred_at": START, "command_id": stream}
    return kind.model_construct(**envelope, actor=actor, **fields)


def of_stream(events: Sequence[DomainEvent]) -> FourEyes:
    """As a stream, which holds no bytes: the rule does not look at them."""
    sealed = (SealedEvent(nth, it.originator_id, nth + 1, it.TOPIC, b"{}", START) for nth, it in enumerate(events))
    return looked_at([Told(one, it) for one, it in zip(sealed, events, strict=True)])


@pytest.mark.parametrize("pair", OF_STREAMS, ids=lambda pair: pair.approval.__name__)
@pytest.mark.parametrize(("approver", "faults"), [("an", 1), ("bo", 0)])
def test_given_a_pair_of_another_stream_then_only_another_person_may(pair: Any, approver: str, faults: int) -> None:
    proposal = made(pair.proposals[0], 1, "an", **({pair.by[1]: 1} if pair.by and pair.by[1] not in BASIC else {}))
    matter = {pair.by[0]: getattr(proposal, pair.by[1])} if pair.by else {}
    assert of_stream([proposal, made(pair.approval, 2, approver, **matter)]).faults.count == faults


def test_given_another_matter_or_an_earlier_proposal_then_it_bars_nobody() -> None:
    rounds = [made(RoundProposed, 1, "an", round=1), made(RoundProposed, 2, "bo", round=2)]
    assert of_stream([*rounds, made(RoundConfirmed, 3, "an", round=2)]).faults.count == 0
    assert of_stream([*rounds, made(RoundConfirmed, 3, "bo", round=2)]).faults.count == 1
    again = [made(AdjustmentProposed, 1, "an"), made(AdjustmentProposed, 2, "bo")]
    assert of_stream([*again, made(BudgetAdjusted, 3, "an")]).faults.count == 0


def test_given_a_bulletin_then_none_of_those_who_named_somebody_issues_it() -> None:
    hands = [made(ItemNamed, 1, "an"), made(ItemTakenOff, 2, "bo")]
    for person, faults in (("an", 1), ("bo", 1), ("cai", 0)):
        assert of_stream([*hands, made(BulletinIssued, 3, person)]).faults.count == faults
    assert of_stream([*hands, made(BulletinIssued, 3, "cai"), made(BulletinCorrected, 4, "cai")]).faults.count == 1


@pytest.mark.parametrize("kind", OF_ONESELF, ids=lambda kind: kind.__name__)
def test_given_a_post_for_oneself_then_it_is_found(kind: type[DomainEvent]) -> None:
    field = OF_ONESELF[kind]
    assert of_stream([made(kind, 1, "an", **{field: "an"})]).faults.count == 1
    assert of_stream([made(kind, 1, "an", **{field: "bo"})]).faults.count == 0
