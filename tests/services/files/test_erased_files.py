"""A household's erasure takes its photos along: not shown any more, unreadable at once, removed soon; digests stand."""

import hashlib

import pytest

from services.files.kept import CONTENT, PREVIEW
from services.files.problems import FileErased, FileLost
from services.files.store import name_of
from services.files.sweeping import Sweeping
from tests.services.files.conftest import Cabinet

SUBJECT = "QS/QS-012"


def destroy(cabinet: Cabinet) -> None:
    """The household's key goes; the vault here never had it in mind."""
    cabinet.keys.retire(SUBJECT)
    assert cabinet.keys.destroy(SUBJECT, cabinet.keys.last_generation(SUBJECT)) == 1


def test_given_a_destroyed_key_then_content_and_preview_open_no_more_and_the_digest_fits(
    cabinet: Cabinet,
) -> None:
    row = cabinet.take_in()
    box = cabinet.files.store.get(name_of(row.file_id))
    cabinet.files.seal._vault._known.clear()
    destroy(cabinet)
    for part in (CONTENT, PREVIEW):
        with pytest.raises(FileErased):
            cabinet.files.content(row, part)
    assert hashlib.sha256(box or b"").hexdigest() == row.digest


def test_given_an_erased_household_then_its_files_are_gone_and_those_of_others_stay(cabinet: Cabinet) -> None:
    mine, others, nobodys = cabinet.take_in(), cabinet.take_in(household="QS-013"), cabinet.take_in(household=None)
    cabinet.name(mine)
    assert cabinet.files.book.erase_household("QS", "QS-012", 1) == 1
    (found,) = cabinet.files.book.these([mine.digest]).values()
    with pytest.raises(FileErased):
        cabinet.files.content(found)
    assert Sweeping(cabinet.files, cabinet.casework).step() == 1
    assert not cabinet.contents(mine)
    assert cabinet.files.book.these([mine.digest])[mine.digest].asked is None
    assert cabinet.files.content(others)
    assert cabinet.files.content(nobodys)


def test_given_a_later_generation_then_it_is_not_erased_with_the_earlier(cabinet: Cabinet) -> None:
    row = cabinet.take_in()
    assert cabinet.files.book.erase_household("QS", "QS-012", (row.generation or 0) - 1) == 0
    assert cabinet.files.content(row)


def test_given_a_content_moved_to_another_file_then_it_does_not_open(cabinet: Cabinet) -> None:
    one, other = cabinet.take_in(), cabinet.take_in()
    box = cabinet.files.store.get(name_of(one.file_id)) or b""
    with pytest.raises(FileLost):
        cabinet.files.seal.open(other, CONTENT, box)
    with pytest.raises(FileLost):
        cabinet.files.seal.open(one, PREVIEW, box)
