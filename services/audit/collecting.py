"""Do witnesses vouch for the log as it grows? Shows them new checkpoints, and keeps what they sign.

A part beside the tree in `huiyin follow seal`: what proofs are made of is read there, there is one leader, and the role
may write nothing of the office's. It waits for nobody: the tree signs on whatever a witness does, and what goes wrong
here ends nothing else. A refusal, and a silence, is said in the log, by `huiyin doctor` and in /metrics.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg
import structlog

from domain.proof.checkpoints import read_checkpoint
from domain.proof.hashing import SHA256
from domain.proof.merkle import consistency_proof
from domain.proof.notes import BadNote, Note
from domain.proof.witnessing import Asked, Cosigned, Refused, SawSize, asked_for, heard
from projections import cosignatures, tree_tables
from projections.cosignatures import WitnessState
from projections.follower import UNREACHABLE, connect, elected
from services.audit.asking import Ask, Heard, ask
from services.audit.witness_list import WitnessAt

_NAME: Final = "witnesses"
_REFUSALS: Final[Mapping[int, str]] = {
    403: "not-signed",
    404: "unknown-log",
    409: "other-root",
    422: "inconsistent",
}
_AHEAD: Final = "ahead"
_PUT_OFF: Final = timedelta(minutes=1)

log = structlog.get_logger(__name__)


class Collector:
    """Collects for all witnesses, on one connection: who loses it has lost the leadership too."""

    def __init__(
        self,
        dsn: str,
        witnesses: Sequence[WitnessAt],
        silent_after: timedelta,
        *,
        asking: Ask = ask,
        each_seconds: float = 10.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._dsn = dsn
        self._witnesses = {it.id: it for it in witnesses}
        self._again_after = silent_after / 3  # a log that stands still is vouched for anew, before anybody worries
        self._asking = asking
        self._each = each_seconds
        self._clock = clock
        self._not_before: dict[str, datetime] = {}

    def run(self, stop: threading.Event) -> None:
        """Until `stop`, whatever happens."""
        while not stop.is_set():
            try:
                with connect(self._dsn, _NAME) as connection:
                    self._lead(connection, stop)
            except UNREACHABLE as error:
                log.warning("witnesses_disconnected", error=type(error).__name__)
            except Exception as error:  # the tree runs beside us and must not end with us
                log.error("witnesses_failed", error=type(error).__name__)
            stop.wait(self._each)

    def _lead(self, connection: psycopg.Connection, stop: threading.Event) -> None:
        while not elected(connection, _NAME):
            if stop.wait(self._each):
                return
        while not stop.is_set():
            self.collect(connection)
            stop.wait(self._each)

    def collect(self, connection: psycopg.Connection) -> None:
        """Shows the last checkpoint to every witness that has not seen it, or said nothing for long."""
        note = tree_tables.latest_checkpoint(connection, SHA256)
        if note is None:
            return
        checkpoint, signed = read_checkpoint(note)
        known = cosignatures.states(connection)
        due = [it for it in self._witnesses if self._is_due(it, known.get(it), checkpoint.size)]
        sizes = {it: known[it].size if it in known and known[it].size <= checkpoint.size else 0 for it in due}
        learned = self._show(connection, signed, sizes)
        if learned:
            self._show(connection, signed, learned)

    def _is_due(self, witness: str, state: WitnessState | None, size: int) -> bool:
        if witness in self._not_before and self._clock() < self._not_before[witness]:
            return False
        if state is None or state.cosigned_at is None or state.refusal or state.size != size:
            return True
        return self._clock() - state.cosigned_at >= self._again_after

    def _show(self, connection: psycopg.Connection, note: Note, sizes: Mapping[str, int]) -> dict[str, int]:
        """Asks each, going on from the size it is said to have seen; who saw another is to be asked again."""
        hash_at = tree_tables.hashes(connection, SHA256)
        size = read_checkpoint(str(note))[0].size
        asked = {it: asked_for(note, old, consistency_proof(SHA256, old, size, hash_at)) for it, old in sizes.items()}
        answers = self._asking({it: (self._witnesses[it].url, str(what)) for it, what in asked.items()})
        learned = {}
        for it, what in asked.items():
            if it not in answers:
                self._put_off(it, "witness_silent")
                continue
            saw = self._take(connection, it, what, answers[it])
            if saw is not None and saw != what.old:
                learned[it] = saw
        return learned

    def _take(self, connection: psycopg.Connection, witness: str, asked: Asked, answer: Heard) -> int | None:
        """What its answer changes; the size it saw, if it is to be asked again from there."""
        try:
            said = heard(asked, self._witnesses[witness].key, *answer)
        except BadNote:
            self._put_off(witness, "witness_unreadable")
            return None
        size = asked.checkpoint.size
        match said:
            case Cosigned(lines, seconds):
                now = self._clock()  # a witness whose clock is ahead would seem to have spoken just now for ever
                at = datetime.fromtimestamp(min(seconds, now.timestamp()), UTC)
                cosignatures.keep_cosignature(connection, witness, size, lines, at)
            case SawSize(seen) if seen <= size:
                cosignatures.learn_size(connection, witness, seen)
                return seen
            case SawSize(seen):
                self._beyond(connection, witness, seen)
            case Refused(status) if status in _REFUSALS:
                self._refused(connection, witness, _REFUSALS[status])
            case Refused(status):
                self._put_off(witness, "witness_unwilling", status=status)
        return None

    def _beyond(self, connection: psycopg.Connection, witness: str, seen: int) -> None:
        """It saw more than we have: somebody else just showed it a newer head, or our log was put back."""
        latest = tree_tables.latest_checkpoint(connection, SHA256)
        if latest is None or read_checkpoint(latest)[0].size < seen:
            self._refused(connection, witness, _AHEAD)
        else:
            cosignatures.learn_size(connection, witness, seen)

    def _refused(self, connection: psycopg.Connection, witness: str, refusal: str) -> None:
        cosignatures.note_refusal(connection, witness, refusal)
        self._put_off(witness, "witness_refuses", refusal=refusal)

    def _put_off(self, witness: str, said: str, **more: object) -> None:
        """It is asked again a minute later, and what went wrong is said once for each time."""
        self._not_before[witness] = self._clock() + _PUT_OFF
        log.error(said, witness=witness, **more)
