"""Small counts are not told, and cannot be computed: the tests know the method, see what is published, and try."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product

import pytest

from projections.suppression import beside, large_enough, part

Table = tuple[int, ...]
TOP = 8
"""Counts tried go up to here; what is told lies between 5 and TOP."""


def named(table: Table, kind: str) -> dict[str, int]:
    return {f"{kind}{nth}": count for nth, count in enumerate(table)}


def pairs(villages: int, categories: int) -> Iterator[tuple[Table, Table]]:
    """Every way in which one whole can lie in so many villages and so many categories."""
    by_sum: dict[int, list[Table]] = defaultdict(list)
    for table in product(range(TOP + 1), repeat=categories):
        by_sum[sum(table)].append(table)
    for table in product(range(TOP + 1), repeat=villages):
        yield from ((table, other) for other in by_sum[sum(table)])


def published(one: Table, other: Table) -> tuple[Mapping[str, int], Mapping[str, int]]:
    return large_enough(named(one, "v")), beside(named(one, "v"), named(other, "c"))


@pytest.mark.parametrize(("villages", "categories"), [(1, 2), (2, 1), (2, 2), (3, 2), (2, 3)])
def test_given_what_is_published_when_solved_for_what_is_hidden_then_nothing_is_certain(
    villages: int, categories: int
) -> None:
    """Whoever knows the method runs it over every possible truth and keeps those that would be published like this."""
    truths: dict[str, list[Table]] = defaultdict(list)
    for one, other in pairs(villages, categories):
        truths[str(published(one, other))].append((*one, *other))
    tried = 0
    for possible in truths.values():
        shown, shown_beside = published(possible[0][:villages], possible[0][villages:])
        if TOP in {*shown.values(), *shown_beside.values()}:
            continue  # the largest count tried: what would lie beyond was not tried
        names = [*named(possible[0][:villages], "v"), *named(possible[0][villages:], "c")]
        for place, name in enumerate(names):
            if name not in {**shown, **shown_beside}:
                tried += 1
                assert len({truth[place] for truth in possible}) > 1, (shown, shown_beside, name, possible[:3])
    assert tried


def test_given_counts_then_those_under_five_are_not_told() -> None:
    assert large_enough({"a": 4, "b": 5, "c": 0, "d": 12}) == {"b": 5, "d": 12}


def test_given_a_second_way_to_count_the_same_when_it_leaves_things_open_then_it_is_told() -> None:
    assert beside({"a": 3, "b": 2, "c": 9}, {"x": 10, "y": 4}) == {"x": 10}
    assert beside({"a": 9, "b": 8}, {"x": 10, "y": 7}) == {"x": 10, "y": 7}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 9, "b": 8}, {"x": 15, "y": 2}),  # 17 in all, so y would be 2
        ({"a": 9, "b": 8}, {"x": 17, "y": 0, "z": 0}),  # nothing is left for y and z
        ({"a": 9, "b": 8}, {"x": 9, "y": 4, "z": 4}),  # 8 are left, and neither can be more than 4
        ({"a": 15, "b": 2}, {"x": 9, "y": 8}),  # the other way round
    ],
)
def test_given_a_second_way_that_would_tell_then_nothing_of_it_is_told(
    one: dict[str, int], other: dict[str, int]
) -> None:
    assert beside(one, other) == {}


@pytest.mark.parametrize(
    ("count", "wholes", "told"),
    [
        (5, (10,), 5),
        (10, (10,), 10),  # all of them: nobody is left over
        (4, (20,), None),
        (8, (10,), None),  # the two left over would be told
        (5, (20, 8), None),
        (5, (20, 10), 5),
        (5, (20, None), 5),
        (0, (20,), None),
    ],
)
def test_given_a_part_of_what_is_told_then_it_and_what_it_leaves_are_large_or_it_is_not_told(
    count: int, wholes: tuple[int | None, ...], told: int | None
) -> None:
    assert part(count, *wholes) == told
