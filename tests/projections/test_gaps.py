"""The sealer's memory of missing ids: ranges behave as the plain set of ids that they stand for."""

from hypothesis import given
from hypothesis import strategies as st

from projections.gaps import Gaps, gaps_between

Ids = st.sets(st.integers(1, 60)).map(sorted)


def _ids(gaps: Gaps) -> list[int]:
    return [it for first, last in zip(*gaps.ranges, strict=True) for it in range(first, last + 1)]


@given(above=st.integers(0, 20), seen=Ids)
def test_ranges_between_seen_ids_are_exactly_the_missing_ones(above: int, seen: list[int]) -> None:
    seen = [it for it in seen if it > above]
    missing = [it for first, last in gaps_between(above, seen) for it in range(first, last + 1)]
    assert missing == sorted(set(range(above + 1, max(seen, default=above))) - set(seen))


@given(seen=Ids, appeared=Ids)
def test_what_appears_is_taken_out_and_the_rest_stays(seen: list[int], appeared: list[int]) -> None:
    gaps = Gaps()
    gaps.open(gaps_between(0, seen), bound=9)
    before = _ids(gaps)
    gaps.settle([it for it in appeared if it in before], oldest_running=9)
    assert _ids(gaps) == [it for it in before if it not in appeared]
    assert gaps.lowest == min(_ids(gaps), default=None)


def test_a_gap_lives_as_long_as_its_owner_may_be_running() -> None:
    gaps = Gaps()
    gaps.open([(3, 4)], bound=100)
    gaps.open([(8, 8)], bound=200)
    gaps.settle([], oldest_running=100)
    assert _ids(gaps) == [3, 4, 8], "the bound itself may still be running"
    gaps.settle([], oldest_running=101)
    assert _ids(gaps) == [8]
    gaps.settle([], oldest_running=201)
    assert (len(gaps), gaps.lowest) == (0, None)


def test_an_id_that_appears_in_the_snapshot_that_ends_its_gap_is_not_lost() -> None:
    gaps = Gaps()
    gaps.open([(3, 5)], bound=100)
    gaps.settle([4], oldest_running=500)
    assert _ids(gaps) == []


def test_parts_of_a_gap_keep_its_bound() -> None:
    gaps = Gaps()
    gaps.open([(3, 5)], bound=100)
    gaps.settle([4], oldest_running=50)
    gaps.settle([], oldest_running=100)
    assert _ids(gaps) == [3, 5]
    gaps.settle([], oldest_running=101)
    assert _ids(gaps) == []
