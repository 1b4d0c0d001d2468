"""What has this witness seen? A folder of its own: which logs it trusts, the last head it vouched for, what it refused.

    trusted.txt            a log's public key (vkey) a line
    seen/<log>.note        the last checkpoint that was cosigned for it, with the cosignature
    evidence/<log>-*.txt   signed requests that may show a fork, as they came, one for each head that was signed

<log> is a hash of its name. What is written is on disk before anybody hears of it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from domain.errors import HuiyinError, Refusal
from domain.proof.checkpoints import Checkpoint, checkpoint_of, cosigned_at
from domain.proof.notes import LOG, BadNote, Note, VerifierKey, read_note
from domain.proof.witnessing import Trusted

_MOST_EVIDENCE: Final = 10_000


class WitnessDamaged(HuiyinError):
    """What it saw last cannot be read: it vouches for nothing until somebody has looked."""

    code = "witness-damaged"
    zh = "见证记录无法读取或被改动，已停止见证。请从备份恢复 seen 文件夹，不要删除。"
    en = "What this witness saw last was altered or cannot be read. Restore its folder `seen`; do not delete it."


class WitnessRuns(Refusal):
    """Another process uses the folder."""

    code = "witness-runs"
    zh = "另一个见证进程正在使用这个文件夹。"
    en = "Another witness process uses this folder."


class NoLogKey(Refusal):
    """A key of another kind was to be trusted."""

    code = "no-log-key"
    zh = "这不是日志的公钥。请使用 huiyin audit key 给出的那一行。"
    en = "This is not a log's public key. Take the line that `huiyin audit key` gives."


class WitnessBook:
    """One witness's folder. `key`: its own, with which it knows its own hand again."""

    def __init__(self, folder: Path, key: VerifierKey) -> None:
        self._folder = folder
        self._key = key

    @contextmanager
    def alone(self) -> Iterator[None]:
        """For as long as the `with` lasts no other process may. Raises WitnessRuns."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self._folder / "lock", "w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise WitnessRuns from None
            yield

    def trusted(self) -> Trusted:
        """Which logs, by which keys. Raises BadNote."""
        file = self._folder / "trusted.txt"
        found: dict[str, list[VerifierKey]] = {}
        for line in file.read_text("utf-8").splitlines() if file.exists() else ():
            key = VerifierKey.of(line)
            found.setdefault(key.name, []).append(key)
        return found

    def trust(self, key: VerifierKey) -> bool:
        """From now on, also in a process that runs; False if it was known. Raises NoLogKey."""
        if key.kind != LOG:
            raise NoLogKey
        known = [each for keys in self.trusted().values() for each in keys]
        if key in known:
            return False
        _write(self._folder / "trusted.txt", "".join(f"{each}\n" for each in [*known, key]))
        return True

    def seen(self, origin: str) -> Checkpoint | None:
        """The last that was cosigned for this log; None before the first. Raises WitnessDamaged."""
        file = self._folder / "seen" / f"{_named(origin)}.note"
        if not file.exists():
            return None
        try:
            note = read_note(file.read_text("utf-8"))
            checkpoint = checkpoint_of(note)
            if checkpoint.origin == origin and cosigned_at(note, self._key) is not None:
                return checkpoint
        except (BadNote, UnicodeDecodeError):
            raise WitnessDamaged from None
        raise WitnessDamaged

    def notes(self) -> list[str]:
        """The last of every log, with this witness's line, as an auditor may take it along."""
        return [file.read_text("utf-8") for file in sorted((self._folder / "seen").glob("*.note"))]

    def keep(self, origin: str, note: Note) -> None:
        """A checkpoint with the cosignature that is about to be given."""
        _write(self._folder / "seen" / f"{_named(origin)}.note", str(note))

    def keep_evidence(self, checkpoint: Checkpoint, request: bytes) -> None:
        """A refused request; the first for each head that was signed, so that repeating fills no disk."""
        folder = self._folder / "evidence"
        file = folder / f"{_named(checkpoint.origin)}-{sha256(checkpoint.text.encode()).hexdigest()[:32]}.txt"
        if not file.exists() and (not folder.exists() or sum(1 for _ in folder.iterdir()) < _MOST_EVIDENCE):
            _write(file, request.decode())

    def evidence(self) -> list[Path]:
        """The files of refused requests."""
        return sorted((self._folder / "evidence").glob("*.txt"))


def _named(origin: str) -> str:
    return sha256(origin.encode()).hexdigest()[:32]


def _write(file: Path, text: str) -> None:
    """Whole or not at all, and on disk when this returns."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    with open(draft, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
