"""The draw of a spot check: anybody gets the same, nobody chooses it, and every candidate is as likely (D6, CX11)."""

import subprocess
from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.spot_check.drawing import Head, digest_of, drawn, head_of, seed_of

pytestmark = pytest.mark.proves("D6", "CX11")

HEAD = head_of(
    41,
    UUID("11111111-2222-4333-8444-555555555555"),
    3,
    datetime(2026, 3, 5, 1, 0, 0, 250, tzinfo=UTC),
    b'{"occurred_at":"2026-03-05T09:00:00+08:00"}',
)
BYTES_HASH = "07baeb2698f6fea318819b9ee4209aacf155926a857a6dad6607668d5e334ade"
HEAD_HASH = "0479f93f156251ac13ea602ad08c34e99931e5e4841d3d222ae4f4dedafb4059"
SEED = "84db479baf954da7c7b05a788d60d936e6ba21ee854f1dadcdef70dd26de4e40"
STATION = "YL2"
DRAWN = ("QS-2026-0009", "QS-2026-0012", "QS-2026-0001")
DIGEST = "6042a568f82c614e2ec0b8caf47be311a12a6885459c4dd72635e5df07a3531b"
STATIONS = ("YL1", "YL2", "YL3")
NUMBERS = tuple(f"QS-2026-{serial:04d}" for serial in range(1, 31))
names = st.lists(st.text("ABC0123456789-", min_size=1, max_size=12), max_size=30)


def test_given_the_vector_then_head_seed_and_draw_are_as_written_down() -> None:
    assert HEAD.bytes_hash == BYTES_HASH
    assert HEAD.hash == HEAD_HASH
    assert seed_of(HEAD, "YL", "2026-03") == SEED
    assert drawn(SEED, STATIONS, 1) == (STATION,)
    assert drawn(SEED, NUMBERS, 3) == DRAWN
    assert digest_of(NUMBERS) == DIGEST


def test_given_nothing_but_a_shell_then_the_seed_comes_out_the_same() -> None:
    lines = f"huiyin-spot-check-1\n{HEAD_HASH}\nYL\n2026-03\n"
    done = subprocess.run(["/usr/bin/sha256sum"], input=lines.encode(), capture_output=True, check=True)
    assert done.stdout.split()[0].decode() == SEED


@pytest.mark.parametrize(
    "other",
    [
        {"position": 42},
        {"version": 4},
        {"stream": UUID("11111111-2222-4333-8444-555555555556")},
        {"recorded_at": datetime(2026, 3, 5, 1, 0, 0, 251, tzinfo=UTC)},
        {"bytes_hash": sha256(b'{"occurred_at":"2026-03-05T09:00:01+08:00"}').hexdigest()},
    ],
    ids=lambda other: next(iter(other)),
)
def test_given_a_head_that_differs_in_one_byte_then_the_seed_is_another(other: dict[str, object]) -> None:
    changed = Head.model_validate({**dict(HEAD), **other})
    assert changed.hash != HEAD.hash
    assert seed_of(changed, "YL", "2026-03") != SEED


def test_given_another_township_or_month_then_the_seed_is_another() -> None:
    assert len({seed_of(HEAD, *of) for of in (("YL", "2026-03"), ("WS0", "2026-03"), ("YL", "2026-04"))}) == 3


@given(candidates=names, seed=st.text("0123456789abcdef", min_size=64, max_size=64), number=st.integers(1, 8))
def test_given_any_candidates_in_any_order_then_the_same_are_drawn_each_once(
    candidates: list[str], seed: str, number: int
) -> None:
    found = drawn(seed, candidates, number)
    assert found == drawn(seed, reversed(candidates), number) == drawn(seed, candidates * 2, number)
    assert len(found) == min(number, len(set(candidates))) == len(set(found))
    assert set(found) <= set(candidates)
    assert drawn(seed, candidates, number + 1)[:number] == found


@given(candidates=names, one=st.text("ABC0123456789-", min_size=1, max_size=12))
def test_given_one_candidate_more_then_the_digest_is_another(candidates: list[str], one: str) -> None:
    assert (digest_of([*candidates, one]) == digest_of(candidates)) == (one in candidates)


def test_given_many_months_then_each_candidate_is_drawn_as_often_by_chance() -> None:
    """Chi-square with 29 degrees of freedom: 58.3 is passed by chance once in a thousand; the seeds are fixed."""
    months = [f"{year}-{month:02d}" for year in range(1900, 2150) for month in range(1, 13)]
    counts = Counter(number for month in months for number in drawn(seed_of(HEAD, "YL", month), NUMBERS, 3))
    assert set(counts) == set(NUMBERS)
    expected = len(months) * 3 / len(NUMBERS)
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 58.3


def test_given_many_months_then_each_station_is_drawn_as_often_by_chance() -> None:
    """Chi-square with 2 degrees of freedom: 13.8 is passed by chance once in a thousand; the seeds are fixed."""
    months = [f"{year}-{month:02d}" for year in range(1900, 2150) for month in range(1, 13)]
    counts = Counter(drawn(seed_of(HEAD, "YL", month), STATIONS, 1)[0] for month in months)
    expected = len(months) / len(STATIONS)
    assert sum((counts[station] - expected) ** 2 / expected for station in STATIONS) < 13.8
