"""Witnesses are shown what was signed, and what they sign is kept; a fork, a rewind and a silence are said in words."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import psycopg
import pytest

from domain.proof.checkpoints import Checkpoint, cosigned_at, read_checkpoint
from domain.proof.hashing import SHA256
from domain.proof.merkle import root_of
from domain.proof.notes import WITNESS, Note, SigningKey, VerifierKey, read_signature
from projections import cosignatures, tree_tables
from projections.cosignatures import WitnessState
from projections.follower import connect
from projections.tree import follow_with_tree
from services.audit.asking import Heard, ask
from services.audit.collecting import Collector
from services.audit.log_key import LogKey
from services.audit.witness import Witness
from services.audit.witness_alarms import findings_of_witnesses, witness_metrics
from services.audit.witness_book import WitnessBook
from services.audit.witness_list import WitnessAt, witnesses_of
from services.embedded.process import free_port
from tests.projections.test_tree import Connection, as_superuser, grown_to_head, logged, signed
from tests.services.notify.receivers import hook
from tests.support.postgres import Database
from tests.support.waiting import eventually, running

W1: Final = SigningKey("witness.example/w1", WITNESS, b"w" * 32)
AT: Final = WitnessAt(W1.public, "https://witness.example/w1")
SILENT: Final = timedelta(minutes=30)
NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Line:
    """Between collector and witness: counts, can be cut, and has a clock of its own."""

    def __init__(self, folder: Path, log: VerifierKey) -> None:
        self.book = WitnessBook(folder, W1.public)
        self.book.trust(log)
        self.now = NOW
        self.witness = Witness(self.book, W1, lambda: self.now.timestamp())
        self.asked: list[str] = []
        self.is_cut = False

    def __call__(self, asked: Mapping[str, tuple[str, str]]) -> Mapping[str, Heard]:
        answers = {}
        for name, (url, body) in asked.items():
            self.asked.append(url)
            if not self.is_cut:
                reply = self.witness.add_checkpoint(body.encode())
                answers[name] = Heard(reply.status, reply.kind, reply.text.encode())
        return answers


class Office:
    """A log that grows and is signed, the witness of another office, and the collector between them."""

    def __init__(self, database: Database, app: Connection, follower: Connection, folder: Path) -> None:
        self.database, self.app, self.follower = database, app, follower
        self.key = LogKey(folder / "home")
        self.line = Line(folder / "witness", self.key.public)
        self.collector = Collector(database.follower_dsn, [AT], SILENT, asking=self.line, clock=lambda: self.line.now)

    def more(self, events: int) -> Checkpoint:
        """So many more events, sealed and signed."""
        logged(self.app, self.follower, events)
        grown_to_head(self.follower)
        return signed(self.follower, self.key)

    def collect(self) -> None:
        self.collector.collect(self.follower)

    @property
    def state(self) -> WitnessState:
        return cosignatures.states(self.follower)[AT.id]


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    with psycopg.connect(database.app_dsn, autocommit=True) as app, connect(database.follower_dsn, "tree") as follower:
        yield Office(database, app, follower, tmp_path)


def findings(connection: Connection, now: datetime = NOW) -> list[str]:
    return [it.code for it in findings_of_witnesses(connection, [AT], SILENT, now)]


def test_given_a_growing_log_then_each_head_is_shown_once_and_its_cosignature_kept(office: Office) -> None:
    office.collect()
    assert office.line.asked == []
    first = office.more(3)
    for _ in range(3):
        office.collect()
    second = office.more(5)
    office.collect()
    assert office.line.asked == [f"{AT.url}"] * 2
    for head in (first, second):
        (text,) = cosignatures.cosignatures_of(office.follower, head.size)
        note = Note(head.text, (read_signature(text.rstrip("\n")),))
        assert cosigned_at(note, W1.public) == NOW.timestamp()
    witnessed = cosignatures.witnessed_checkpoint(office.follower, 2)
    assert witnessed is not None
    assert read_checkpoint(witnessed)[0] == first
    assert cosignatures.witnessed_checkpoint(office.follower, 8) is None
    assert findings(office.follower) == []


def test_given_a_log_that_stands_still_then_the_witness_is_asked_again_before_it_seems_silent(office: Office) -> None:
    office.more(3)
    office.collect()
    office.line.now = NOW + SILENT / 2
    office.collect()
    assert len(office.line.asked) == 2
    assert office.state.cosigned_at == office.line.now


def test_given_a_witness_that_knows_more_than_we_remember_then_its_size_is_learned(office: Office) -> None:
    office.more(3)
    office.collect()
    as_superuser(office.database, "update witness_state set size = 0")
    head = office.more(4)
    office.collect()
    assert office.line.book.seen(office.key.origin) == head
    assert len(office.line.asked) == 3


def test_given_a_witness_that_does_not_answer_then_the_rest_goes_on_and_doctor_says_so(office: Office) -> None:
    office.line.is_cut = True
    office.more(3)
    office.collect()
    office.collect()
    assert len(office.line.asked) == 1
    assert findings(office.follower) == ["witness-silent"]
    office.line.is_cut, office.line.now = False, NOW + timedelta(minutes=2)
    office.collect()
    assert findings(office.follower, office.line.now) == []
    assert findings(office.follower, office.line.now + SILENT * 2) == ["witness-silent"]


def test_given_a_log_put_back_with_its_keys_file_then_the_witness_is_known_to_have_seen_more(office: Office) -> None:
    office.more(3)
    office.more(7)
    office.collect()
    for statement in ("delete from checkpoint where size = 10", "delete from witness_state"):
        as_superuser(office.database, statement)
    office.collect()
    assert findings(office.follower) == ["witness-refuses"]
    assert office.state.refusal == "ahead"
    assert b'huiyin_witness_refuses{witness="witness.example/w1"} 1.0' in witness_metrics(office.follower, [AT], NOW)


def test_given_a_split_view_signed_with_the_logs_own_key_then_the_witness_refuses_and_keeps_it(
    office: Office, tmp_path: Path
) -> None:
    office.more(3)
    office.collect()
    as_superuser(
        office.database, "update tree_tile set hashes = overlay(hashes placing '\\x00' from 33) where level = 0"
    )
    logged(office.app, office.follower, 1)
    grown_to_head(office.follower)
    hash_at = tree_tables.hashes(office.follower, SHA256)
    forged = Checkpoint(office.key.origin, 4, root_of(SHA256, 4, hash_at))
    (Path(office.key._file)).unlink()
    note = office.key.sign(forged)
    tree_tables.keep_checkpoint(office.follower, SHA256, 4, str(note))
    office.collect()
    assert (office.state.refusal, office.state.size) == ("inconsistent", 3)
    (kept,) = office.line.book.evidence()
    assert str(note) in kept.read_text("utf-8")
    assert cosignatures.cosignatures_of(office.follower, 4) == []


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        str(W1.public),
        f"{W1.public} ftp://witness.example",
        f"{W1.public} https://user:word@witness.example",
        f"{W1.public} https://witness.example?x=1",
        f"{W1.public} https://witness.example, {W1.public} https://other.example",
        f"{SigningKey('log', 1, b'k' * 32).public} https://witness.example",
        f"{str(W1.public)[:-2]}A= https://witness.example",
    ],
)
def test_given_a_setting_that_is_no_list_of_witnesses_then_it_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="witness"):
        witnesses_of(text)


def test_given_a_list_then_keys_and_addresses() -> None:
    assert witnesses_of("") == ()
    second = SigningKey("w2", WITNESS, b"2" * 32).public
    found = witnesses_of(f" {W1.public} https://witness.example/w1/, {second} http://10.1.2.3:8700 ")
    assert found == (AT, WitnessAt(second, "http://10.1.2.3:8700"))


@pytest.mark.slow
def test_given_a_real_witness_process_and_a_real_tree_then_what_is_logged_is_vouched_for(
    office: Office, tmp_path: Path
) -> None:
    elsewhere, port = {**os.environ, "HUIYIN_HOME": str(tmp_path / "elsewhere")}, free_port()
    huiyin = [sys.executable, "-c", "from services.cli.app import main; main()", "witness"]
    asked = [*huiyin, "key", "--name", "office.example/w1"]
    said = subprocess.run(asked, env=elsewhere, capture_output=True, text=True, check=True)
    subprocess.run([*huiyin, "trust", str(office.key.public)], env=elsewhere, check=True, capture_output=True)
    (witness,) = witnesses_of(f"{said.stdout.strip()} http://127.0.0.1:{port}")
    collector = Collector(office.database.follower_dsn, [witness], SILENT, each_seconds=0.1)
    tree = partial(follow_with_tree, office.database.follower_dsn, SHA256, office.key)
    serving = subprocess.Popen([*huiyin, "serve", "--port", str(port)], env=elsewhere, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: _is_alive(port), within=60)
        with running(tree), running(collector.run):
            for expected in (5, 10):
                logged(office.app, office.follower, 5)
                eventually(partial(cosignatures.cosignatures_of, office.app, expected), within=60)
        assert findings_of_witnesses(office.app, [witness], SILENT, datetime.now(UTC)) == []
    finally:
        serving.terminate()
        assert serving.wait(20) == 0
    seen = subprocess.run([*huiyin, "seen"], env=elsewhere, capture_output=True, text=True, check=True).stdout
    checkpoint, note = read_checkpoint(seen)
    assert checkpoint.size == 10
    assert cosigned_at(note, witness.key) is not None


def _is_alive(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).text == "alive\n"
    except httpx.TransportError:
        return False


def test_given_a_redirect_and_a_fault_then_both_are_heard_and_nobody_else_is_asked() -> None:
    with hook() as elsewhere, hook() as redirecting, hook() as failing:
        redirecting.redirect_to, failing.status = f"http://127.0.0.1:{elsewhere.port}/", 500
        asked = {name: (f"http://127.0.0.1:{it.port}", "{}") for name, it in {"w1": redirecting, "w2": failing}.items()}
        heard = ask(asked)
    assert {name: it.status for name, it in heard.items()} == {"w1": 302, "w2": 500}
    assert (elsewhere.paths, redirecting.paths) == ([], ["/add-checkpoint"])


def test_given_a_witness_that_hangs_then_it_is_left_in_time() -> None:
    with hook() as slow:
        slow.seconds = 3.0
        assert ask({"w": (f"http://127.0.0.1:{slow.port}", "{}")}, patience=2.0) == {}


def test_given_nobody_at_the_address_then_nothing_is_heard() -> None:
    assert ask({"w": ("http://127.0.0.1:1", "old 0\n")}) == {}
