"""Whatever is adopted whenever: nothing that was decided changes, what happened earlier still counts as it did then."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.adoption.book import InForce, PlanBook, book_of
from domain.adoption.state import Adoptions, Proposal, Standing, canonical, digest_of
from domain.commands import Command
from domain.deadlines import Deadline
from domain.errors import HuiyinError
from domain.events import DomainEvent
from domain.plan import Plan, load_plan, plan_keys
from tests.support.adoption import version
from tests.support.casework import STATES, Case, case, office
from tests.support.office import START, TOWNSHIP

CX: Final = load_plan("cx")
HURRIED: Final = version(
    CX, 2, feedback={"max_reopenings": 0}, committee={"cut_off_day": 1, "quorum": 7}, extensions={"max_count": 0}
)
PLANS: Final = st.sampled_from([HURRIED, *map(load_plan, plan_keys())])
MOMENTS: Final = st.timedeltas(timedelta(days=-1), timedelta(days=400)).map(lambda passed: START + passed)
PLACES: Final = st.sampled_from([None, TOWNSHIP, "外山镇"])
LIVES: Final = st.sampled_from(sorted(STATES)).map(case)
always = settings(derandomize=True, deadline=None, max_examples=60)


@st.composite
def books(draw: st.DrawFn) -> PlanBook:
    """Up to three plans adopted, for the county or a township."""
    adopted = tuple(
        InForce(draw(PLANS), draw(MOMENTS), frozenset({place}) if (place := draw(PLACES)) else None)
        for _ in range(draw(st.integers(1, 3)))
    )
    return PlanBook(CX, adopted)


def retold(life: Case, book: PlanBook, now: datetime | None = None) -> Iterator[tuple[Command, dict[UUID, int], Case]]:
    """The same commands once more under these plans, as far as they go: each, what was there before it, the case after.

    With `now`, all of them are recorded only then.
    """
    told = Case(life.issue_id, now=START, office=replace(office(), plans=lambda: book))
    for command in life.commands:
        before = {stream: len(events) for stream, events in told.streams.items()}
        try:
            told = told.after(command, now)
        except HuiyinError:
            return
        yield command, before, told


def deadlines(event: DomainEvent) -> list[Deadline]:
    found = getattr(event, "deadline", None)
    return [found] if isinstance(found, Deadline) else []


@always
@given(LIVES, books())
def test_given_any_life_when_anything_is_adopted_then_each_decision_counts_by_the_plan_of_its_own_time(
    life: Case, book: PlanBook
) -> None:
    for command, before, told in retold(life, book):
        in_force = book.in_force(command.occurred_at, TOWNSHIP)
        for stream, events in told.streams.items():
            for event in events[before.get(stream, 0) :]:
                assert all(counted.plan == in_force.id for counted in deadlines(event))


@always
@given(LIVES, PLANS, st.integers(0, 20), st.booleans())
def test_given_any_life_when_a_plan_is_adopted_amid_it_then_everything_before_is_as_without_it(
    life: Case, plan: Plan, step: int, late: bool
) -> None:
    since = life.commands[step % len(life.commands)].occurred_at + timedelta(seconds=1)
    book = PlanBook(CX, (InForce(plan, since),))
    recorded_at = life.now + timedelta(days=1) if late else None
    earlier = [told for command, _, told in retold(life, book, recorded_at) if command.occurred_at < since]
    untouched = [told for _, _, told in retold(life, PlanBook(CX), recorded_at)]
    for with_it, without in zip(earlier, untouched, strict=False):
        assert with_it.streams == without.streams
    assert earlier


@always
@given(st.lists(st.tuples(PLANS, MOMENTS, PLACES), max_size=6), MOMENTS, PLACES)
def test_given_adoptions_recorded_in_any_order_then_what_was_in_force_at_a_moment_is_never_changed_by_a_later_one(
    chosen: list[tuple[Plan, datetime, str | None]], at: datetime, place: str | None
) -> None:
    adopted: tuple[Proposal, ...] = ()
    for number, (plan, since, township) in enumerate(chosen):
        before = book_of(Adoptions(adopted=adopted), CX).in_force(at, place)
        document = canonical(plan)
        proposal = Proposal(
            UUID(int=number), plan, document, digest_of(document), since.date(), township, "admin",
            frozenset({"admin"}), Standing.ADOPTED, since, "admin2",
        )  # fmt: skip
        adopted = (*adopted, proposal)
        after = book_of(Adoptions(adopted=adopted), CX).in_force(at, place)
        if since > at or township not in (None, place):
            assert after == before
