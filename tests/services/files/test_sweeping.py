"""What nothing names after a day is removed, what an event names never; and nobody loses a photo to a lost line."""

import pytest

from domain.errors import RoleNotAllowed, Unavailable
from services.files.claiming import Matter, claimed
from services.files.problems import FileNotForThis, StoreAway
from services.files.sweeping import Sweeping, sweeping_beside
from tests.services.files.conftest import Cabinet
from tests.support.waiting import eventually


def swept(cabinet: Cabinet) -> int:
    return Sweeping(cabinet.files, cabinet.casework).step()


def test_given_a_file_that_nothing_names_then_it_is_removed_after_a_day(cabinet: Cabinet) -> None:
    young, old = cabinet.take_in(), cabinet.take_in()
    cabinet.age(old)
    assert swept(cabinet) == 1
    assert cabinet.read(old) is None
    assert not cabinet.contents(old)
    assert len(cabinet.contents(young)) == 2
    assert swept(cabinet) == 0


def test_given_a_file_that_an_event_names_then_it_stays_for_good(cabinet: Cabinet) -> None:
    row = cabinet.take_in()
    cabinet.name(row)
    cabinet.age(row, "uploaded_at", "claimed_at")
    assert swept(cabinet) == 0
    assert len(cabinet.contents(row)) == 2


def test_given_a_line_lost_after_it_was_recorded_then_the_log_tells_that_the_file_is_named(cabinet: Cabinet) -> None:
    row = cabinet.take_in()
    cabinet.name(row)
    cabinet.sql("update file set named_at = null where digest = $1 returning 1", row.digest)
    cabinet.age(row, "uploaded_at", "claimed_at")
    assert swept(cabinet) == 0
    found = cabinet.read(row)
    assert found is not None
    assert found.named_at is not None


def test_given_a_command_that_never_came_to_be_then_its_file_is_removed_like_any_other(cabinet: Cabinet) -> None:
    row = cabinet.take_in()
    matter = Matter(row.upload_id, "QS", "QS-012")
    with pytest.raises(Unavailable), claimed(cabinet.files.book, "handler", matter, (row.digest,)):
        raise Unavailable
    cabinet.age(row, "uploaded_at", "claimed_at")
    assert swept(cabinet) == 1
    assert not cabinet.contents(row)


def test_given_a_refusal_then_the_file_can_be_named_elsewhere_but_not_meanwhile(
    cabinet: Cabinet,
) -> None:
    row = cabinet.take_in()
    one, other = (Matter(cabinet.take_in().file_id, "QS", "QS-012") for _ in range(2))

    def refused() -> None:
        with pytest.raises(FileNotForThis), claimed(cabinet.files.book, "handler", other, (row.digest,)):
            raise AssertionError("two matters have it")
        raise RoleNotAllowed

    with pytest.raises(RoleNotAllowed), claimed(cabinet.files.book, "handler", one, (row.digest,)):
        refused()
    with claimed(cabinet.files.book, "handler", other, (row.digest,)):
        pass
    found = cabinet.read(row)
    assert found is not None
    assert found.claimed_for == other.stream_id


def test_given_an_upload_that_died_halfway_then_the_same_again_makes_it_whole(cabinet: Cabinet) -> None:
    row = cabinet.take_in()
    cabinet.sql("update file set stored_at = null where file_id = $1 returning 1", row.file_id)
    assert cabinet.files.book.these([row.digest]) == {}
    cabinet.age(row)
    assert swept(cabinet) == 1
    assert not cabinet.contents(row)


def test_given_a_store_that_is_away_then_nothing_is_taken_in_and_the_step_comes_again(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = cabinet.take_in()
    cabinet.age(old)
    steps = []

    def away(*_: object) -> None:
        steps.append(1)
        raise StoreAway

    with monkeypatch.context() as broken:
        broken.setattr(type(cabinet.files.store), "put", away)
        with pytest.raises(Unavailable):
            cabinet.take_in()
        broken.setattr(type(cabinet.files.store), "remove", away)
        before = len(steps)
        with sweeping_beside(Sweeping(cabinet.files, cabinet.casework).step, each_seconds=0.01):
            eventually(lambda: len(steps) > before + 1)
    assert swept(cabinet) == 1
