"""An office with files: real PostgreSQL, a folder, the households' keys, and casework that names files."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.casework import Casework
from domain.issue.commands import LogIssue
from services.bootstrap import open_casework
from services.files.claiming import Matter, claimed
from services.files.kept import Files, Upload
from services.files.store import name_of
from services.persistence.file_book import FileRow
from services.persistence.household_keys import HouseholdKeys
from services.privacy.vault import Vault
from tests.support.casework import Clock, command, office
from tests.support.files import files_of, photo
from tests.support.postgres import Database


@dataclass(frozen=True)
class Cabinet:
    """Where files are, and what names them."""

    database: Database
    clock: Clock
    keys: HouseholdKeys
    casework: Casework
    files: Files
    folder: Path

    def take_in(self, *, household: str | None = "QS-012", user: str = "handler", raw: bytes | None = None) -> FileRow:
        """A new photo of somebody."""
        content = photo(colour=f"#{uuid4().hex[:6]}") if raw is None else raw
        row, repeated = self.files.take_in(Upload(uuid4(), user, "QS", household, content))
        assert not repeated
        return row

    def name(self, row: FileRow) -> UUID:
        """An issue that is logged with this photo, as the door does it; its id."""
        asked = command(LogIssue, key=uuid4().hex, at=self.clock.now, photos=(row.digest,), household=row.household)
        with claimed(self.files.book, row.uploaded_by, Matter(asked.stream_id, "QS", row.household), (row.digest,)):
            return self.casework.handle(asked).stream_id

    def read(self, row: FileRow) -> FileRow | None:
        """The file as the table has it now."""
        return self.files.book.of_upload(row.upload_id)

    def contents(self, row: FileRow) -> list[Path]:
        """What lies of it in the folder."""
        paths = (self.folder / name_of(row.file_id, preview=preview) for preview in (False, True))
        return [path for path in paths if path.exists()]

    def sql(self, statement: str, *parameters: object) -> None:
        """As the office's own role."""
        self.files.book._connections.execute(statement, parameters)

    def age(self, row: FileRow, *columns: str) -> None:
        """Two days pass for this file, at whatever table's times."""
        import psycopg

        with psycopg.connect(self.database.superuser_dsn, autocommit=True) as connection:
            for column in columns or ("uploaded_at",):
                connection.execute(
                    f"update file set {column} = {column} - interval '2 days' where file_id = %s", (row.file_id,)
                )


@pytest.fixture
def cabinet(database: Database, clock: Clock, tmp_path: Path) -> Iterator[Cabinet]:
    """A cabinet of its own."""
    keys = HouseholdKeys(database.keys_dsn, b"k" * 32)
    vault = Vault(keys)
    joined = replace(office(clock), vault=vault)
    with (
        closing(open_casework(database.app_dsn, joined)) as casework,
        closing(files_of(database.app_dsn, tmp_path / "files", vault)) as files,
    ):
        yield Cabinet(database, clock, keys, casework, files, tmp_path / "files")
