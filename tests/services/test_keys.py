"""Key files: made once, alone readable, never replaced."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.embedded import MachineProblem
from services.keys import KEY_BYTES, load_or_create


def test_given_no_key_when_asked_twice_then_it_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    first = load_or_create(tmp_path, "receipt")
    assert len(first) == KEY_BYTES
    assert load_or_create(tmp_path, "receipt") == first
    assert stat.S_IMODE((tmp_path / "keys" / "receipt.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_given_two_names_when_asked_then_the_keys_differ(tmp_path: Path) -> None:
    assert load_or_create(tmp_path, "receipt") != load_or_create(tmp_path, "codec")


def test_given_many_callers_at_once_when_asked_then_all_get_the_same_key_and_no_draft_stays(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as callers:
        keys = set(callers.map(lambda _: load_or_create(tmp_path, "codec"), range(64)))
    assert len(keys) == 1
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["codec.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_given_others_can_read_the_key_when_asked_then_it_is_refused(tmp_path: Path, mode: int) -> None:
    load_or_create(tmp_path, "receipt")
    (tmp_path / "keys" / "receipt.key").chmod(mode)
    with pytest.raises(MachineProblem, match="chmod 600") as refused:
        load_or_create(tmp_path, "receipt")
    assert refused.value.code == "key-readable-by-others"


def test_given_a_cut_off_key_when_asked_then_it_is_refused_and_kept(tmp_path: Path) -> None:
    key = load_or_create(tmp_path, "receipt")
    path = tmp_path / "keys" / "receipt.key"
    path.write_bytes(key[:-1])
    with pytest.raises(MachineProblem) as refused:
        load_or_create(tmp_path, "receipt")
    assert refused.value.code == "key-damaged"
    assert path.read_bytes() == key[:-1]
