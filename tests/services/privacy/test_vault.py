"""The vault: what is sealed opens under its own household's key, in its own place, until the key is gone."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.errors import Unavailable
from domain.privacy import ERASED, UNREADABLE, is_sealed
from domain.values import SEALED
from services.privacy.vault import REMEMBERED_SECONDS, Vault
from tests.support.vault import MemoryKeys

WORDS = "王某 13800000000\n住在桥头"
PLACE = "issue.logged:description:1"


class Watch:
    """A monotonic clock to set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def vault(keys: MemoryKeys, watch: Watch) -> Vault:
    return Vault(keys, watch)


def test_given_words_when_sealed_then_they_open_again_and_look_different_each_time(vault: Vault) -> None:
    first, second = (vault.seal("QS/QS-001", PLACE, WORDS) for _ in range(2))
    assert is_sealed(first)
    assert first != second
    assert "13800000000" not in first
    assert vault.open_all([first, "plain", second, ""]) == [WORDS, "plain", WORDS, ""]


def test_given_sealed_words_moved_elsewhere_then_they_do_not_open(vault: Vault) -> None:
    sealed = vault.seal("QS/QS-001", PLACE, WORDS)
    vault.seal("QS/QS-002", PLACE, WORDS)
    moved = [sealed.replace("description", "title"), sealed.replace("QS-001", "QS-002"), sealed.replace("|1|", "|2|")]
    assert vault.open_all(moved) == [UNREADABLE, UNREADABLE, ERASED]


@pytest.mark.parametrize(
    "damaged",
    [SEALED, SEALED + "1|", SEALED + "1|QS/QS-001|1|a:b:1|AAAA", SEALED + "1|QS/QS-001|1|a:b:1|A", SEALED + "2|x"],
)
def test_given_a_damaged_text_then_it_is_unreadable_and_nothing_breaks(vault: Vault, damaged: str) -> None:
    vault.seal("QS/QS-001", PLACE, WORDS)
    assert vault.open_all([damaged]) == [UNREADABLE]


def test_given_a_destroyed_key_then_its_words_are_erased_within_seconds(
    vault: Vault, keys: MemoryKeys, watch: Watch
) -> None:
    mine, other = vault.seal("QS/QS-001", PLACE, WORDS), vault.seal("QS/QS-002", PLACE, WORDS)
    assert vault.open_all([mine]) == [WORDS]
    keys.destroy("QS/QS-001")
    watch.now += REMEMBERED_SECONDS
    assert vault.open_all([mine, other]) == [ERASED, WORDS]


def test_given_the_key_store_away_then_nothing_is_sealed_and_nothing_shown(
    vault: Vault, keys: MemoryKeys, watch: Watch
) -> None:
    sealed = vault.seal("QS/QS-001", PLACE, WORDS)
    keys.away = True
    watch.now += REMEMBERED_SECONDS
    with pytest.raises(Unavailable):
        vault.seal("QS/QS-001", PLACE, WORDS)
    assert vault.open_all([sealed, "plain"]) == [UNREADABLE, "plain"]
    keys.away = False
    assert vault.open_all([sealed]) == [WORDS]


def test_given_many_texts_then_the_key_store_is_asked_once_and_then_not_for_seconds(
    vault: Vault, keys: MemoryKeys, watch: Watch
) -> None:
    texts = [vault.seal(f"QS/QS-{n}", PLACE, WORDS) for n in range(200)]
    before = keys.asked
    assert vault.open_all(texts) == [WORDS] * 200
    assert vault.open_all(texts) == [WORDS] * 200
    assert keys.asked == before + 1
    watch.now += REMEMBERED_SECONDS
    vault.open_all(texts)
    assert keys.asked == before + 2


def test_given_many_threads_then_each_opens_what_each_sealed(vault: Vault) -> None:
    together = threading.Barrier(8)

    def seal_and_open(thread: int) -> bool:
        together.wait()
        return all(
            vault.open_all([vault.seal(f"QS/QS-{n % 5}", PLACE, f"{thread} {n}")]) == [f"{thread} {n}"]
            for n in range(50)
        )

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(seal_and_open, range(8)))
