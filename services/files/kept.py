"""Takes photos and papers in, and gives them out again: made over, sealed, stored, and known by a digest.

Called by the API's door for files. Whose business a file is, is decided before it is asked for here.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from domain.errors import CommandReused, Unavailable
from services.files.making import Made, make_over
from services.files.problems import FileEmpty, FileErased, FileLost, FileTooLarge, StoreAway, TooManyWaiting
from services.files.sealing import FileSeal
from services.files.store import Store, name_of
from services.persistence.file_book import FileBook, FileRow

MOST_BYTES: Final = 15_000_000
MOST_WAITING: Final = 100
"""Files of one person within a day that nothing names yet."""
CONTENT: Final = "content"
PREVIEW: Final = "preview"


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody sends: `place` and `household` are whom it shows (a village's household, or only a place)."""

    upload_id: UUID
    user: str
    place: str
    household: str | None
    raw: bytes
    keep_position: bool = False


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one installation. `digest_secret`: of what tells repeats, as commands' (services/keys.py)."""

    book: FileBook
    store: Store
    seal: FileSeal
    digest_secret: bytes

    def close(self) -> None:
        """Close the connections that only files use."""
        self.book.close()

    def take_in(self, upload: Upload) -> tuple[FileRow, bool]:
        """The file, and whether it had been taken in before. Raises Unavailable and the refusals of problems.py.

        The row comes first, so that whatever is interrupted is found and swept; the same upload sent again is one file.
        """
        if not upload.raw:
            raise FileEmpty
        if len(upload.raw) > MOST_BYTES:
            raise FileTooLarge
        asked = self._asked(upload)
        if known := self._known(upload, asked):
            return known, True
        if self.book.waiting(upload.user) >= MOST_WAITING:
            raise TooManyWaiting
        row, boxes = self._sealed(upload, asked, make_over(upload.raw, keep_position=upload.keep_position))
        if not self.book.enter(row):
            raise Unavailable  # the same upload is being taken in at this moment
        try:
            for part, box in boxes.items():
                self.store.put(name_of(row.file_id, preview=part == PREVIEW), box)
        except StoreAway as away:
            raise Unavailable from away
        if not self.book.stored(row.file_id):
            self._remove(row)
            raise Unavailable
        return row, False

    def content(self, row: FileRow, part: str = CONTENT) -> bytes:
        """The content, or the preview of a picture. Raises FileErased, FileLost, Unavailable."""
        if row.erased_at is not None:
            raise FileErased
        wanted = row.digest if part == CONTENT else row.preview_digest
        try:
            box = self.store.get(name_of(row.file_id, preview=part == PREVIEW))
        except StoreAway as away:
            raise Unavailable from away
        if box is None or hashlib.sha256(box).hexdigest() != wanted:
            self.book.faulty(row.file_id, "missing" if box is None else "altered")
            raise FileLost
        return self.seal.open(row, part, box)

    def discard(self, row: FileRow) -> bool:
        """Forgets a file that nothing names. Raises StoreAway, psycopg.Error; whoever comes again ends it."""
        if row.claimed_for is not None:
            return False
        self._remove(row)
        return self.book.delete(row.file_id)

    def remove_erased(self, row: FileRow) -> None:
        """Removes the contents of a file that was erased with its household. Raises as `discard`."""
        self._remove(row)
        self.book.removed(row.file_id)

    def _known(self, upload: Upload, asked: bytes) -> FileRow | None:
        known = self.book.of_upload(upload.upload_id)
        if known is None:
            return self.book.like(upload.user, asked)
        if known.stored_at is None and known.erased_at is None:
            # Its first attempt died halfway; if it only sleeps, it finds its row gone.
            self.discard(known)
            return None
        if known.asked is None or not hmac.compare_digest(known.asked, asked):
            raise CommandReused
        return known

    def _asked(self, upload: Upload) -> bytes:
        whose = f"{upload.user}|{upload.place}|{upload.household or ''}|{upload.keep_position}|"
        return hmac.digest(self.digest_secret, b"file\0" + whose.encode() + b"\0" + upload.raw, hashlib.sha256)

    def _sealed(self, upload: Upload, asked: bytes, made: Made) -> tuple[FileRow, dict[str, bytes]]:
        file_id = uuid4()
        parts = {CONTENT: made.content, **({PREVIEW: made.preview} if made.preview else {})}
        generation, boxes = self.seal.seal(file_id, upload.place, upload.household, parts)
        digests = {part: hashlib.sha256(box).hexdigest() for part, box in boxes.items()}
        row = FileRow(
            file_id=file_id,
            digest=digests[CONTENT],
            preview_digest=digests.get(PREVIEW),
            upload_id=upload.upload_id,
            asked=asked,
            media_type=made.media_type,
            bytes=len(made.content),
            width=made.width,
            height=made.height,
            place=upload.place,
            household=upload.household,
            generation=generation,
            uploaded_by=upload.user,
            uploaded_at=datetime.now(UTC),
        )
        return row, boxes

    def _remove(self, row: FileRow) -> None:
        for preview in (False, True):
            self.store.remove(name_of(row.file_id, preview=preview))
