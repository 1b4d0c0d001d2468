"""What of an event is a leaf of the tree? Everything that the log says of it, its stored bytes by their hash.

    entry = "huiyin/leaf/1" | stream | version | recorded_at | length of topic | topic | hash of stored bytes

The stream is its 16 bytes, the version 8, `recorded_at` the microseconds since 1970 UTC in 8, the length 2, numbers are
big-endian; the hash is the tree's own. The leaf's index is the event's position. Households' words are sealed within
the stored bytes: who has an entry learns nothing of them, and erasing a household's key leaves every proof as it was.
"""

from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Final, NamedTuple
from uuid import UUID

from domain.proof.hashing import DIGEST_BYTES, Hashing
from domain.proof.notes import BadNote

_KIND: Final = b"huiyin/leaf/1"
_FIXED: Final = Struct(">16sQqH")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def entry_of(hashing: Hashing, stream: UUID, version: int, topic: str, recorded_at: datetime, state: bytes) -> bytes:
    """The entry of one stored event; `state` as the log holds it, byte by byte."""
    name = topic.encode()
    microseconds = (recorded_at - _EPOCH) // _MICROSECOND
    return b"".join((_KIND, _FIXED.pack(stream.bytes, version, microseconds, len(name)), name, hashing.digest(state)))


class Entry(NamedTuple):
    """What an entry says of an event; `digest`: of its stored bytes."""

    stream: UUID
    version: int
    recorded_at: datetime
    topic: str
    digest: bytes


def read_entry(entry: bytes) -> Entry:
    """The parts of an entry. Raises BadNote."""
    fixed, digest = entry[len(_KIND) : len(_KIND) + _FIXED.size], entry[-DIGEST_BYTES:]
    if not entry.startswith(_KIND) or len(fixed) != _FIXED.size:
        raise BadNote
    stream, version, microseconds, length = _FIXED.unpack(fixed)
    name = entry[len(_KIND) + _FIXED.size : -DIGEST_BYTES]
    try:
        topic, recorded_at = name.decode(), _EPOCH + microseconds * _MICROSECOND
    except (UnicodeDecodeError, OverflowError):
        raise BadNote from None
    if len(name) != length or len(entry) != len(_KIND) + _FIXED.size + length + DIGEST_BYTES:
        raise BadNote
    return Entry(UUID(bytes=stream), version, recorded_at, topic, digest)
