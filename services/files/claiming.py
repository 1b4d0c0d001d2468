"""May this command name these files? Those that its own actor uploaded for this matter, and those it named before.

Called by the door before casework: replays and imports know nothing of it. Unknown, erased and other people's files
are one refusal. A file is claimed for one matter before the command is decided, so that two cannot both have it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import psycopg

from domain.errors import HuiyinError, Unavailable
from services.files.problems import FileNotForThis
from services.persistence.file_book import FileBook, FileRow


@dataclass(frozen=True, slots=True)
class Matter:
    """What a command is about: the stream its events go to, and whom its files may show."""

    stream_id: UUID
    place: str
    household: str | None = None

    def owns(self, row: FileRow, user: str) -> bool:
        """Whether this person may name the file here."""
        if row.erased_at is not None:
            return False
        if row.claimed_for is not None:
            return row.claimed_for == self.stream_id
        return (row.uploaded_by, row.place, row.household) == (user, self.place, self.household)


@contextmanager
def claimed(book: FileBook, user: str, matter: Matter, digests: Sequence[str]) -> Iterator[None]:
    """The files are the matter's, if what is done within succeeds. Raises FileNotForThis, psycopg.Error."""
    if not digests:
        yield
        return
    newly = _claim(book, user, matter, digests)
    try:
        yield
    except Unavailable:
        raise  # it may have been recorded; the sweep finds out (sweeping.py)
    except HuiyinError:
        book.release(newly, matter.stream_id)
        raise
    with suppress(psycopg.Error):  # it is recorded; the sweep says so, too
        book.named(digests, matter.stream_id)


def _claim(book: FileBook, user: str, matter: Matter, digests: Sequence[str]) -> list[str]:
    rows = book.these(digests)
    if len(rows) < len(digests) or not all(matter.owns(row, user) for row in rows.values()):
        raise FileNotForThis
    wanted = [digest for digest, row in rows.items() if row.claimed_for is None]
    got = book.claim(wanted, matter.stream_id) if wanted else set()
    if len(got) < len(wanted):  # another command was quicker
        book.release(list(got), matter.stream_id)
        raise FileNotForThis
    return wanted
