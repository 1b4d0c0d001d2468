"""`huiyin files check`: whatever is missing or altered is named by its issue; the next run ends what one left."""

from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.issue.commands import LogIssue
from projections.registry import PROJECTIONS
from services.cli import files as cli
from services.files import checking
from services.files.checking import Checking
from services.files.problems import StoreAway
from services.files.store import Folder, name_of
from services.persistence.file_checks import faulty
from tests.projections.ledger import Log
from tests.services.files.conftest import Cabinet
from tests.support.casework import command


def check(cabinet: Cabinet) -> tuple[list[tuple[str | None, str]], list[tuple[int, int]]]:
    """What is wrong, and how it went."""
    steps: list[tuple[int, int]] = []
    found = Checking(cabinet.files.store, cabinet.database.app_dsn).run(lambda *it: steps.append(it))
    return [(fault.number, fault.fault) for fault in found], steps


def followed(cabinet: Cabinet) -> None:
    """The read models know the issues."""
    with closing(Log(cabinet.database)) as log:
        log.seal()
        for projection in PROJECTIONS:
            projection.apply(log.follower, log.read())


def test_given_files_that_are_well_then_the_check_says_so(cabinet: Cabinet) -> None:
    for _ in range(3):
        cabinet.take_in()
    followed(cabinet)
    assert check(cabinet) == ([], [(0, 3), (3, 3)])


def test_given_missing_and_altered_files_then_they_are_told_by_issue_until_they_are_mended(cabinet: Cabinet) -> None:
    rows = [cabinet.take_in() for _ in range(3)]
    numbers = {cabinet.name(row): row for row in rows}
    followed(cabinet)
    first = cabinet.folder / name_of(rows[0].file_id)
    kept = first.read_bytes()
    first.write_bytes(kept[:-1] + b"!")
    (cabinet.folder / name_of(rows[1].file_id, preview=True)).unlink()
    found, _ = check(cabinet)
    assert len(numbers) == 3
    assert found == [("QS-2026-0001", "altered"), ("QS-2026-0002", "missing")]
    with psycopg.connect(cabinet.database.app_dsn) as connection:
        assert faulty(connection) == 2
    first.write_bytes(kept)
    assert check(cabinet)[0] == [("QS-2026-0002", "missing")]


def test_given_a_digest_that_nobody_uploaded_then_the_check_names_its_issue(cabinet: Cabinet) -> None:
    cabinet.casework.handle(command(LogIssue, at=cabinet.clock.now, photos=("ab" * 32,)))
    followed(cabinet)
    assert check(cabinet)[0] == [("QS-2026-0001", "unknown")]


def test_given_a_check_that_was_interrupted_then_the_next_goes_on(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        cabinet.take_in()
    followed(cabinet)
    monkeypatch.setattr(checking, "_AT_ONCE", 2)
    honest, asked = Folder.get, 0

    def breaks_down(self: Folder, name: str) -> bytes | None:
        nonlocal asked
        asked += 1
        if asked == 6:
            raise StoreAway
        return honest(self, name)

    monkeypatch.setattr(Folder, "get", breaks_down)
    with pytest.raises(StoreAway):
        check(cabinet)
    assert check(cabinet) == ([], [(2, 4), (4, 4)])
    assert check(cabinet)[1][0] == (0, 4)


def test_given_the_command_then_it_tells_in_words_and_by_its_status(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    row = cabinet.take_in()
    cabinet.name(row)
    followed(cabinet)
    from services.files import opening

    def opened(_: Any) -> Checking:
        return Checking(cabinet.files.store, cabinet.database.app_dsn)

    monkeypatch.setattr(opening, "open_checking", opened)
    cli.check()
    assert "齐全" in capsys.readouterr().out
    cabinet.files.store.remove(name_of(row.file_id))
    with pytest.raises(cli.typer.Exit):
        cli.check()
    said = capsys.readouterr().out
    assert "QS-2026-0001" in said
    assert "缺失" in said
    assert "handler" in said
