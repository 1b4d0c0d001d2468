"""Which heads were signed by the key that is trusted? The database's, the auditor's own, and what the key remembers.

A checkpoint that the trusted key did not sign proves nothing and is left out of what follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, LiteralString

import psycopg

from domain.errors import HuiyinError
from domain.proof.checkpoints import Checkpoint, checkpoint_of, cosigned_at, read_checkpoint
from domain.proof.hashing import HASHINGS, SHA256, Hashing
from domain.proof.notes import BadNote, Note, VerifierKey, lines_of, read_note, signed_by
from services.audit.log_key import LogKey
from services.audit.verify_faults import Faults, Where
from services.audit.verify_tree import Root
from services.settings import Settings

_CHECKPOINTS: Final[LiteralString] = """
select size, note, signed_at,
  array(select line from cosignature where cosignature.size = checkpoint.size and hashing = 'sha256' order by witness)
from checkpoint where hashing = %s order by size
"""


class NoTrustedKey(HuiyinError):
    code = "no-trusted-key"
    zh = "没有可信的日志公钥。请用 --trust 指定您当面抄录的公钥文件。"
    en = "No public key to trust. Name the file with the key that you took down face to face: --trust KEYFILE."


@dataclass(frozen=True, slots=True)
class Trust:
    """What the auditor brings along. `key`: of the log; `saved`: checkpoints kept elsewhere; `own`: the key is ours.

    `witnesses`: those whose time is believed.
    """

    key: VerifierKey
    saved: tuple[Note, ...] = ()
    remembered: tuple[Note, ...] = ()
    witnesses: tuple[VerifierKey, ...] = ()
    own: bool = False

    def key_of(self, hashing: Hashing) -> VerifierKey:
        """The same key under the name of another tree."""
        name = self.key.name if hashing is SHA256 else f"{self.key.name}-{hashing.name}"
        return self.key._replace(name=name)


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint of the database that verifies. `seen_by`: when, by the database or a witness, whoever was first."""

    checkpoint: Checkpoint
    seen_by: datetime


def trust_of(settings: Settings, key_file: Path | None, saved: Sequence[Path], witnesses: Sequence[Path] = ()) -> Trust:
    """The key and checkpoints given, or else this machine's own key. Raises BadNote, NoTrustedKey, OSError."""
    notes = tuple(read_note(path.read_text("utf-8")) for path in saved)
    remembered = tuple(_remembered(settings))
    trusted = tuple(VerifierKey.of(path.read_text("utf-8")) for path in witnesses)
    if key_file is not None:
        return Trust(VerifierKey.of(key_file.read_text("utf-8")), notes, remembered, trusted)
    if not (settings.home / "keys" / "log.key").exists():
        raise NoTrustedKey
    return Trust(LogKey(settings.home).public, notes, remembered, trusted, own=True)


def in_the_database(connection: psycopg.Connection, trust: Trust) -> bool:
    """Whether every checkpoint that the key remembers is there."""
    notes = [str(note) for note in trust.remembered]
    row = connection.execute("select count(*) from checkpoint where note = any(%s)", (notes,)).fetchone()
    return row is not None and row[0] == len(notes)


def signed_checkpoints(
    connection: psycopg.Connection, hashing: Hashing, trust: Trust, faults: Faults
) -> tuple[list[Signed], int]:
    """Those of the database that verify, by size, and how many there are; what does not verify is a fault."""
    key, good, seen = trust.key_of(hashing), [], 0
    for size, text, signed_at, lines in connection.execute(_CHECKPOINTS, (hashing.name,)):
        seen += 1
        try:
            checkpoint, note = read_checkpoint(text)
        except BadNote:
            faults.add("checkpoint-unreadable", Where(position=size - 1), f"{hashing.name} {size}")
            continue
        if checkpoint.size != size or checkpoint.origin != key.name or not signed_by(note, key):
            faults.add("signature-bad", Where(position=size - 1), f"{hashing.name} {size}")
            continue
        times = _cosigned(text, lines, trust, size, faults)
        good.append(Signed(checkpoint, min((signed_at, *times))))
    return good, seen


def _cosigned(text: str, lines: Sequence[str], trust: Trust, size: int, faults: Faults) -> list[datetime]:
    """When trusted witnesses had seen it; a line of theirs that does not verify is a fault."""
    place, times = Where(position=size - 1), []
    try:
        note = read_note(text + "".join(f"{line.strip()}\n" for line in lines))
    except BadNote:
        faults.add("cosignature-bad", place, str(size))
        return []
    for key in trust.witnesses:
        if lines_of(note, key):
            seconds = cosigned_at(note, key)
            if seconds is None:
                faults.add("cosignature-bad", place, f"{key.name} {size}")
            else:
                times.append(datetime.fromtimestamp(seconds, UTC))
    return times


def roots_of(hashing: Hashing, trust: Trust, signed: Sequence[Signed], own: Faults, saved: Faults) -> list[Root]:
    """Every root that the log has to make again: the database's, the auditor's, and what the key remembers."""
    key = trust.key_of(hashing)
    roots = [Root(it.checkpoint.size, it.checkpoint.root) for it in signed]
    for note in trust.saved:
        checkpoint = checkpoint_of(note)
        if checkpoint.origin == key.name and signed_by(note, key):
            roots.append(Root(checkpoint.size, checkpoint.root, saved=True))
        elif hashing is SHA256 and not _of_another_tree(checkpoint, trust):
            saved.add("foreign-checkpoint", Where(position=checkpoint.size - 1), checkpoint.origin)
    known = {root.size for root in roots}
    for note in trust.remembered:
        if not signed_by(note, key):
            continue
        checkpoint = checkpoint_of(note)
        roots.append(Root(checkpoint.size, checkpoint.root))
        if checkpoint.size not in known:
            own.add("checkpoint-missing", Where(position=checkpoint.size - 1), f"{hashing.name} {checkpoint.size}")
    return roots


def _of_another_tree(checkpoint: Checkpoint, trust: Trust) -> bool:
    return any(checkpoint.origin == trust.key_of(it).name for it in HASHINGS.values() if it is not SHA256)


def _remembered(settings: Settings) -> list[Note]:
    """What was signed last on this machine, by the files beside the key; nothing where the key is elsewhere."""
    notes = []
    for name in HASHINGS:
        file = settings.home / "log" / f"{name}.checkpoint"
        if file.exists():
            notes.append(read_note(file.read_text("utf-8")))
    return notes
