"""What does an auditor carry home? One file with records, every checkpoint, the key, and the script that checks it.

Plain parts in a zip; `verify_bundle.py` reads it without anything of ours. Called by `huiyin audit bundle`.
"""

import json
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final, LiteralString
from uuid import UUID

import psycopg

from domain.errors import NotFound
from domain.proof.hashing import SHA256
from projections.log_reader import LogReader, SealedEvent
from services.audit.problems import NothingSigned

_BATCH: Final = 4096
_SCRIPT: Final = Path(__file__).with_name("verify_bundle.py")
_NOTES: Final[LiteralString] = """
select size, note || coalesce((
  select string_agg(trim(trailing E'\\n' from line) || E'\\n', '' order by witness) from cosignature
  where cosignature.size = checkpoint.size
), '') from checkpoint where hashing = %s order by size
"""
_ISSUE: Final[LiteralString] = "select issue_id from issue_number where number = %s"
_READ_ME: Final = """回音日志核验包  A bundle of Huiyin's log

  python verify_bundle.py BUNDLE.zip --trust log.pub --since saved.checkpoint

请使用您当面抄录的公钥与自己保存的检查点，而不是本包内的；verify_bundle.py 也请取自您信任的来源，或先通读。
Use the key that you took down and the checkpoints that you saved, not those in here; take verify_bundle.py from where
you trust, or read it first.

events.jsonl       one record a line: position, stream, version, topic, recorded_at, SHA-256 of the stored bytes, and
                   these themselves (state, base64) where the bundle has them; households' words are sealed in them
checkpoints.jsonl  every signed head with its signatures
"""

Progress = Callable[[int, int], None]


class Bytes(Enum):
    """Of which records the stored bytes go along; of the others the entry of the tree only."""

    ALL = "all"
    ONE_ISSUE = "one issue"
    NONE = "none"


def write_bundle(
    connection: psycopg.Connection,
    file: IO[bytes],
    key: str | None,
    progress: Progress,
    number: str | None,
    *,
    bare: bool,
) -> int:
    """Writes the records up to the last checkpoint; how many. `key`: the log's, as C2SP writes it, if it is known here.

    `number`: stored bytes of this issue only; `bare`: of none. Raises NothingSigned, NotFound, psycopg.Error.
    """
    connection.execute("set transaction isolation level repeatable read, read only")
    notes = connection.execute(_NOTES, (SHA256.name,)).fetchall()
    if not notes:
        raise NothingSigned
    issue = _issue(connection, number) if number else None
    which = Bytes.NONE if bare else Bytes.ONE_ISSUE if number else Bytes.ALL
    size = int(notes[-1][0])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, "manifest.json", _manifest(size, len(notes), which, number))
        _write(archive, "README.txt", _READ_ME)
        _write(archive, "verify_bundle.py", _SCRIPT.read_text("utf-8"))
        if key is not None:
            _write(archive, "log.pub", f"{key}\n")
        lines = (json.dumps({"size": it, "note": note}, ensure_ascii=False) for it, note in notes)
        _write(archive, "checkpoints.jsonl", "".join(f"{line}\n" for line in lines))
        with archive.open("events.jsonl", "w", force_zip64=True) as events:
            for event in _events(connection, size, progress):
                events.write(_line(event, which is Bytes.ALL or event.originator_id == issue))
    return size


def _events(connection: psycopg.Connection, size: int, progress: Progress) -> Iterator[SealedEvent]:
    reader, after = LogReader(connection), -1
    while after < size - 1:
        yield from (it for it in reader.read_sealed(after, _BATCH) if it.position < size)
        after = min(after + _BATCH, size - 1)
        progress(after + 1, size)


def _line(event: SealedEvent, whole: bool) -> bytes:
    state = bytes(event.state)
    told: dict[str, Any] = {
        "position": event.position,
        "stream": str(event.originator_id),
        "version": event.originator_version,
        "topic": event.topic,
        "recorded_at": event.recorded_at.astimezone(UTC).isoformat(),
        "sha256": sha256(state).hexdigest(),
    }
    if whole:
        told["state"] = b64encode(state).decode()
    return json.dumps(told).encode() + b"\n"


def _issue(connection: psycopg.Connection, number: str) -> UUID:
    row = connection.execute(_ISSUE, (number,)).fetchone()
    if row is None:
        raise NotFound
    issue_id: UUID = row[0]
    return issue_id


def _manifest(size: int, checkpoints: int, which: Bytes, number: str | None) -> str:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    told = {"format": "huiyin/bundle/1", "made_at": made_at, "records": size, "checkpoints": checkpoints}
    return json.dumps({**told, "stored_bytes": which.value, "issue": number}, ensure_ascii=False, indent=1) + "\n"


def _write(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(name, text.encode())
