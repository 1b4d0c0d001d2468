"""Is every photo and paper still there, as it was taken in? Read, hashed, compared; no household's key is needed.

Called by `huiyin files check`. What one run did not finish the next goes on with; a file that was mended is well again.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from services.files.store import Store, name_of
from services.persistence import file_checks
from services.persistence.file_checks import Fault, Unchecked
from services.persistence.scope import Scope, scoped

_AT_ONCE: Final = 100

Progress = Callable[[int, int], None]
"""Files looked at in this round, of how many."""


class Checking:
    """Checks the files of one installation. `dsn`: role huiyin_app."""

    def __init__(self, store: Store, dsn: str) -> None:
        self._store = store
        self._dsn = dsn

    def run(self, progress: Progress) -> list[Fault]:
        """One round to its end; everything that is wrong, by issue. Raises psycopg.Error, StoreAway."""
        with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection:
            going, _ = file_checks.round_under_way(connection)
            progress(*file_checks.progress(connection, going))
            while some := file_checks.unchecked(connection, going, _AT_ONCE):
                for each in some:
                    file_checks.checked(connection, each.file_id, self._fault(each))
                progress(*file_checks.progress(connection, going))
            file_checks.end(connection, going)
            with _everything(connection):
                return file_checks.faults(connection)

    def _fault(self, each: Unchecked) -> str | None:
        found = {self._of(each, each.digest, preview=False)}
        if each.preview_digest is not None:
            found.add(self._of(each, each.preview_digest, preview=True))
        return next((fault for fault in ("missing", "altered") if fault in found), None)

    def _of(self, each: Unchecked, digest: str, *, preview: bool) -> str | None:
        box = self._store.get(name_of(each.file_id, preview=preview))
        if box is None:
            return "missing"
        return None if hashlib.sha256(box).hexdigest() == digest else "altered"


@contextmanager
def _everything(connection: psycopg.Connection) -> Iterator[None]:
    with scoped(connection, Scope.whole()):
        yield
