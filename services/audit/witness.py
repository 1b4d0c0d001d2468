"""Does another office vouch for the log? The witness: one request, one decision, written down before it is answered.

Called by witness_serving.py. It needs no database and no Temporal: a key, a folder, a clock.
"""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import structlog

from domain.errors import Refusal
from domain.proof.checkpoints import cosign
from domain.proof.notes import WITNESS, BadNote, Note, SigningKey, VerifierKey
from domain.proof.witnessing import SIZE_TYPE, Asked, Verdict, decide, is_evidence, read_asked
from services.audit.witness_book import WitnessBook, WitnessDamaged
from services.keys import load_or_create

_PLAIN: Final = "text/plain; charset=utf-8"
_SAID: Final[Mapping[Verdict, tuple[int, str]]] = {
    Verdict.UNKNOWN_LOG: (404, "this witness does not know the log"),
    Verdict.NOT_SIGNED: (403, "no signature by a trusted key of the log"),
    Verdict.OLD_BEYOND_NEW: (400, "the old size is beyond the checkpoint's"),
    Verdict.OTHER_ROOT: (409, "another root was cosigned for this size"),
    Verdict.INCONSISTENT: (422, "the consistency proof does not verify"),
}

log = structlog.get_logger(__name__)


class Reply(NamedTuple):
    """An HTTP answer."""

    status: int
    text: str
    kind: str = _PLAIN


class WitnessUnnamed(Refusal):
    """It has no name yet."""

    code = "witness-unnamed"
    zh = "见证尚未命名。请先执行 huiyin witness key --name 单位域名/w1。"
    en = "This witness has no name yet. Run `huiyin witness key --name office.example/w1` first."


class WitnessNamed(Refusal):
    """A name is for good: the key's id follows from it."""

    code = "witness-named"
    zh = "见证已有名称，不能更改：公钥随名称而定。要另立一个见证，请用另一个 HUIYIN_HOME。"
    en = "This witness has another name, which stays, as its key does. For another one take another HUIYIN_HOME."


class Witness:
    """Vouches for checkpoints of the logs it trusts. Checking and keeping are one step, for one request at a time."""

    def __init__(self, book: WitnessBook, key: SigningKey, clock: Callable[[], float]) -> None:
        self._book = book
        self._key = key
        self._clock = clock
        self._one_at_a_time = threading.Lock()

    def add_checkpoint(self, body: bytes) -> Reply:
        """The answer to `POST add-checkpoint`; a cosignature only once the checkpoint is on disk."""
        try:
            asked = read_asked(body)
        except BadNote:
            return Reply(400, "this is no request as C2SP tlog-witness has it\n")
        try:
            with self._one_at_a_time:
                return self._decided(asked, body)
        except (WitnessDamaged, BadNote, OSError) as trouble:
            log.error("witness_damaged", error=type(trouble).__name__)
            return Reply(500, "this witness cannot read or write what it saw\n")

    def _decided(self, asked: Asked, body: bytes) -> Reply:
        origin = asked.checkpoint.origin
        trusted = self._book.trusted()
        seen = self._book.seen(origin) if origin in trusted else None
        verdict = decide(asked, trusted, seen)
        if is_evidence(verdict, asked, seen):
            self._book.keep_evidence(asked.checkpoint, body)
            log.error("witness_refuses", verdict=verdict, log=origin, size=asked.checkpoint.size)
        if verdict is Verdict.COSIGN:
            return self._cosigned(asked)
        if verdict is Verdict.OTHER_SIZE:
            return Reply(409, f"{seen.size if seen else 0}\n", SIZE_TYPE)
        status, text = _SAID[verdict]
        return Reply(status, f"{text}\n")

    def _cosigned(self, asked: Asked) -> Reply:
        checkpoint = asked.checkpoint
        line = cosign(checkpoint, self._key, int(self._clock()))
        self._book.keep(checkpoint.origin, Note(asked.note.text, (*asked.note.lines, line)))
        log.info("witness_cosigned", log=checkpoint.origin, size=checkpoint.size)
        return Reply(200, str(line))


def witness_folder(home: Path) -> Path:
    """Where a witness keeps what it saw."""
    return home / "witness"


def witness_key(home: Path, name: str | None = None) -> SigningKey:
    """`home/keys/witness.key`, by the name given at first. Raises WitnessUnnamed, WitnessNamed, BadNote."""
    file = witness_folder(home) / "name"
    given = file.read_text("utf-8").strip() if file.exists() else None
    if given is None and name is None:
        raise WitnessUnnamed
    if given is not None and name not in (None, given):
        raise WitnessNamed
    key = SigningKey(given or name or "", WITNESS, load_or_create(home, "witness"))
    if given is None:
        VerifierKey.of(str(key.public))  # a name that can stand in a note
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(f"{key.public.name}\n", "utf-8")
    return key
