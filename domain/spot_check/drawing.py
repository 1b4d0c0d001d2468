"""The draw 抽取: at random, and yet anybody who has the log can do it again, with any tool that knows SHA-256.

    head  = SHA-256 of six lines: "huiyin-head-1", position, stream, version, recorded_at, SHA-256 of the stored bytes
    seed  = SHA-256 of four lines: "huiyin-spot-check-1", head, township, month
    rank  = SHA-256 of two lines: seed, candidate
    drawn = the candidates of the lowest ranks; as many as asked for

Each line ends with a line feed; hashes are written in lower-case hexadecimal, times in UTC with six decimals. Pure;
`tests/domain/test_drawing.py` holds vectors. The head is not chosen by anybody: it is the first event that the log
recorded at or after the moment of the draw, and the database's clock has a part in it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from domain.values import Digest, Moment, Value

_HEAD: Final = "huiyin-head-1"
_DRAW: Final = "huiyin-spot-check-1"


class Head(Value):
    """One sealed event of the log, named so that whoever has the log finds it and sees that nothing was changed."""

    position: Annotated[int, Field(ge=0)]
    stream: UUID
    version: Annotated[int, Field(ge=1)]
    recorded_at: Moment
    bytes_hash: Digest

    @property
    def hash(self) -> str:
        """What the seed is made of."""
        recorded_at = self.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return hash_of(_HEAD, str(self.position), str(self.stream), str(self.version), recorded_at, self.bytes_hash)


def head_of(position: int, stream: UUID, version: int, recorded_at: datetime, state: bytes) -> Head:
    """The head that a stored event makes."""
    return Head(
        position=position,
        stream=stream,
        version=version,
        recorded_at=recorded_at,
        bytes_hash=sha256(state).hexdigest(),
    )


def seed_of(head: Head, township: str, month: str) -> str:
    """抽取种子: another one for each township and month."""
    return hash_of(_DRAW, head.hash, township, month)


def drawn(seed: str, candidates: Iterable[str], number: int) -> tuple[str, ...]:
    """Up to `number` of the candidates, in the order of their ranks; in which order they came does not matter."""
    ranked = sorted((hash_of(seed, candidate), candidate) for candidate in set(candidates))
    return tuple(candidate for _, candidate in ranked[:number])


def digest_of(candidates: Iterable[str]) -> str:
    """The candidates in short: SHA-256 of one line each, sorted."""
    return hash_of(*sorted(set(candidates)))


def hash_of(*lines: str) -> str:
    """SHA-256 of these lines, each ended by a line feed; in hexadecimal."""
    return sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
