"""Which photos and papers are there, whose are they, and which matter are they claimed for? Table `file`.

Called by services/files. Contents are elsewhere; nothing here opens them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final
from uuid import UUID

from services.persistence.connections import ThreadConnections


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file, as the table has it. `place` and `household`: whom it may show; `bytes`: of the content, opened."""

    file_id: UUID
    digest: str
    preview_digest: str | None
    upload_id: UUID
    asked: bytes | None
    media_type: str
    bytes: int
    width: int | None
    height: int | None
    place: str
    household: str | None
    generation: int | None
    uploaded_by: str
    uploaded_at: datetime
    stored_at: datetime | None = None
    claimed_for: UUID | None = None
    claimed_at: datetime | None = None
    named_at: datetime | None = None
    erased_at: datetime | None = None
    checked_at: datetime | None = None
    fault: str | None = None


_COLUMNS: Final = ", ".join(field.name for field in fields(FileRow))
_FROM: Final = f"select {_COLUMNS} from file "  # noqa: S608  (our own names)
_INSERT: Final = """
insert into file (file_id, digest, preview_digest, upload_id, asked, media_type, bytes, width, height, place, household,
                  generation, uploaded_by)
values ($1, $2, $3::text, $4, $5, $6, $7, $8::int4, $9::int4, $10, $11::text, $12::int4, $13)
on conflict (upload_id) do nothing returning 1
"""
_STORED: Final = "update file set stored_at = clock_timestamp() where file_id = $1 returning 1"
_BY_UPLOAD: Final = _FROM + "where upload_id = $1"
_LIKE: Final = (
    _FROM
    + """
where uploaded_by = $1 and asked = $2 and claimed_for is null and stored_at is not null and erased_at is null
order by uploaded_at limit 1
"""
)
_WAITING: Final = """
select count(*) from file
where uploaded_by = $1 and claimed_for is null and uploaded_at > clock_timestamp() - interval '1 day'
"""
_THESE: Final = _FROM + "where digest = any($1::text[]) and (stored_at is not null or erased_at is not null)"
_CLAIM: Final = """
update file set claimed_for = $2, claimed_at = clock_timestamp()
where digest = any($1::text[]) and claimed_for is null and erased_at is null returning digest
"""
_RELEASE: Final = """
update file set claimed_for = null, claimed_at = null
where digest = any($1::text[]) and claimed_for = $2 and named_at is null returning 1
"""
_NAMED: Final = """
update file set named_at = clock_timestamp()
where digest = any($1::text[]) and claimed_for = $2 and named_at is null returning 1
"""
_NEVER_NAMED: Final = (
    _FROM
    + """
where named_at is null and erased_at is null
  and greatest(uploaded_at, claimed_at) < clock_timestamp() - make_interval(secs => $1)
order by uploaded_at limit $2
"""
)
_DELETE: Final = "delete from file where file_id = $1 and claimed_for is null returning 1"
_ERASE_HOUSEHOLD: Final = """
update file set erased_at = clock_timestamp(), asked = null, fault = null
where place = $1 and household = $2 and generation <= $3 and erased_at is null returning 1
"""
_ERASED: Final = _FROM + "where erased_at is not null and stored_at is not null limit $1"
_REMOVED: Final = "update file set stored_at = null where file_id = $1 and erased_at is not null returning 1"
_FAULTY: Final = "update file set fault = $2 where file_id = $1 returning 1"


class FileBook:
    """The table, on a connection of each thread (role huiyin_app). Every method raises psycopg.Error."""

    def __init__(self, dsn: str) -> None:
        self._connections = ThreadConnections(dsn)

    def close(self) -> None:
        """Close all connections, of every thread."""
        self._connections.close()

    # -- taking in ----------------------------------------------------------------------------------------------

    def enter(self, row: FileRow) -> bool:
        """A file that is about to be stored; False if there is one of this upload already."""
        entered = (
            row.file_id, row.digest, row.preview_digest, row.upload_id, row.asked, row.media_type, row.bytes,
            row.width, row.height, row.place, row.household, row.generation, row.uploaded_by,
        )  # fmt: skip
        return bool(self._connections.execute(_INSERT, entered))

    def stored(self, file_id: UUID) -> bool:
        """Its content is where it belongs; False if the file was swept meanwhile."""
        return bool(self._connections.execute(_STORED, (file_id,)))

    def of_upload(self, upload_id: UUID) -> FileRow | None:
        """The file of an upload, stored or not."""
        return self._one(_BY_UPLOAD, upload_id)

    def like(self, user: str, asked: bytes) -> FileRow | None:
        """What this person uploaded before with the same content for the same household, and nothing names yet."""
        return self._one(_LIKE, user, asked)

    def waiting(self, user: str) -> int:
        """How many files of the last day this person has that nothing names."""
        count: int = self._connections.read(_WAITING, (user,))[0][0]
        return count

    # -- claiming -----------------------------------------------------------------------------------------------

    def these(self, digests: Sequence[str]) -> dict[str, FileRow]:
        """Those among these files that there are, by digest."""
        return {row.digest: row for row in self._rows(_THESE, list(digests))}

    def claim(self, digests: Sequence[str], stream_id: UUID) -> set[str]:
        """These files for a matter; those that nobody had claimed before."""
        return {digest for (digest,) in self._connections.execute(_CLAIM, (list(digests), stream_id))}

    def release(self, digests: Sequence[str], stream_id: UUID) -> None:
        """The matter does not name these after all."""
        self._connections.execute(_RELEASE, (list(digests), stream_id))

    def named(self, digests: Sequence[str], stream_id: UUID) -> None:
        """An event of the matter names these."""
        self._connections.execute(_NAMED, (list(digests), stream_id))

    # -- going --------------------------------------------------------------------------------------------------

    def never_named(self, seconds: float, limit: int) -> list[FileRow]:
        """Files so old that no event may name, the oldest first."""
        return self._rows(_NEVER_NAMED, seconds, limit)

    def delete(self, file_id: UUID) -> bool:
        """The file is forgotten, unless a matter claimed it meanwhile."""
        return bool(self._connections.execute(_DELETE, (file_id,)))

    def erase_household(self, place: str, household: str, up_to: int) -> int:
        """What is sealed with these generations of a household's keys is shown no more; how many files."""
        return len(self._connections.execute(_ERASE_HOUSEHOLD, (place, household, up_to)))

    def erased(self, limit: int) -> list[FileRow]:
        """Files that were erased, and whose contents are still to be removed."""
        return self._rows(_ERASED, limit)

    def removed(self, file_id: UUID) -> None:
        """An erased file's contents are removed."""
        self._connections.execute(_REMOVED, (file_id,))

    def faulty(self, file_id: UUID, fault: str) -> None:
        """Its content is `missing` or `altered`: the doctor tells."""
        self._connections.execute(_FAULTY, (file_id, fault))

    def _one(self, statement: str, *parameters: object) -> FileRow | None:
        return next(iter(self._rows(statement, *parameters)), None)

    def _rows(self, statement: str, *parameters: object) -> list[FileRow]:
        return [FileRow(*row) for row in self._connections.read(statement, parameters)]
