"""That a matter is in the log: told to households on receipts, to officers for each step, and checked without us."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from domain.errors import NotFound
from domain.proof.checkpoints import Checkpoint, cosign, read_checkpoint
from domain.proof.entries import read_entry
from domain.proof.hashing import SHA256
from domain.proof.inclusion import InclusionProof, read_proof
from domain.proof.notes import LOG, WITNESS, BadNote, SigningKey, signed
from projections import cosignatures, tree_tables
from projections.follower import connect
from services.audit.log_key import LogKey
from services.audit.problems import NotSealedYet
from services.cli.audit import app as audit
from services.web.qr import qr_of_text
from tests.services.api.conftest import Api, assert_problem
from tests.services.api.test_receipts import receipt_of
from tests.services.web.conftest import Visitor
from tests.support.tree import sign_log

W1 = SigningKey("witness.example/w1", WITNESS, b"w" * 32)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> LogKey:
    return LogKey(tmp_path_factory.mktemp("log"))


def proved(api: Api, number: str | None, **query: str) -> InclusionProof:
    found = api.get(f"/api/v1/issues/{number}/proof", by="handler", params=query).json()
    return read_proof(found["proof"])


def test_given_a_matter_when_sealed_then_receipt_and_officers_prove_it_and_not_before(
    api: Api, stranger: Visitor, key: LogKey
) -> None:
    outcome, code = receipt_of(api, "feedback")
    early = api.get(f"/api/v1/issues/{outcome.number}/proof", by="handler").json()
    assert early == {"number": outcome.number, "version": outcome.version, "proof": None}
    assert "come again in a minute" in stranger.open(f"/r/{code}").text
    assert stranger.open(f"/r/{code}/proof").status == 404
    assert stranger.open(f"/r/{code}/slip").response.text.count("<svg") == 1

    sign_log(api.database, key)
    saved = stranger.open(f"/r/{code}/proof", number=str(outcome.number)).response
    assert saved.headers["content-disposition"] == f'attachment; filename="{outcome.number}.tlog-proof"'
    first = read_proof(saved.text)
    assert first == proved(api, outcome.number, version="1")
    for proof in (first, proved(api, outcome.number)):
        assert proof.holds(key.public)
    told = read_entry(first.entry)
    assert (told.stream, told.version, told.topic) == (outcome.stream_id, 1, "issue.logged")
    assert read_entry(proved(api, outcome.number).entry).version == outcome.version
    assert "Save the proof" in stranger.open(f"/r/{code}").text
    assert stranger.open(f"/r/{code}/slip").response.text.count("<svg") == 2


def test_given_a_proof_then_it_holds_nothing_of_the_case(api: Api, key: LogKey) -> None:
    outcome, _ = receipt_of(api, "logged", description="老人晚上出门看不见路。")
    sign_log(api.database, key)
    proof = proved(api, outcome.number)
    (state,) = api.inside.execute("select state from ledger_events where originator_id = %s", (outcome.stream_id,))
    entry = read_entry(proof.entry)
    assert entry.digest == SHA256.digest(bytes(state[0]))
    assert len(proof.entry) == 79 + len(entry.topic)


def test_given_a_witness_then_the_proof_takes_the_checkpoint_that_it_vouched_for(api: Api, key: LogKey) -> None:
    outcome, _ = receipt_of(api, "logged")
    sign_log(api.database, key)
    receipt_of(api, "logged")
    sign_log(api.database, key)
    with connect(api.database.follower_dsn, "witnesses") as follower:
        checkpoint, _note = read_checkpoint(tree_tables.latest_checkpoint(follower, SHA256) or "")
        line = str(cosign(checkpoint, W1, 1_700_000_000))
        cosignatures.keep_cosignature(follower, "w1", checkpoint.size, line, api.clock())
    proof = proved(api, outcome.number)
    assert str(proof).endswith(line)
    assert proof.holds(key.public)


@pytest.mark.parametrize(("by", "status", "code"), [("villager", 404, "not-found"), ("admin", 403, "role-not-allowed")])
def test_given_somebody_whose_business_it_is_not_then_no_proof(api: Api, by: str, status: int, code: str) -> None:
    outcome, _ = receipt_of(api, "logged", village="QS")
    assert_problem(api.get(f"/api/v1/issues/{outcome.number}/proof", by=by), status, code)


def test_given_a_step_that_is_still_to_come_then_there_is_none(api: Api) -> None:
    outcome, _ = receipt_of(api, "logged")
    assert_problem(
        api.get(f"/api/v1/issues/{outcome.number}/proof", by="handler", params={"version": "2"}), 404, "not-found"
    )


def test_given_the_command_line_then_the_same_proof_and_none_of_what_is_not_there(
    api: Api, key: LogKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome, _ = receipt_of(api, "feedback")
    monkeypatch.setenv("HUIYIN_DATABASE_URL", api.database.app_dsn)
    early = CliRunner().invoke(audit, ["proof", str(outcome.number)])
    assert isinstance(early.exception, NotSealedYet)
    sign_log(api.database, key)
    done = CliRunner().invoke(audit, ["proof", str(outcome.number), "--version", "1"])
    assert (done.exit_code, read_proof(done.output)) == (0, proved(api, outcome.number, version="1"))
    for absent in ([str(outcome.number), "--version", str(outcome.version + 1)], ["QS-2026-9999"]):
        assert isinstance(CliRunner().invoke(audit, ["proof", *absent]).exception, NotFound)


def test_given_the_paper_alone_then_anybody_checks_it(api: Api, key: LogKey, tmp_path: Path) -> None:
    outcome, _ = receipt_of(api, "logged")
    sign_log(api.database, key)
    paper = tmp_path / "own.tlog-proof"
    paper.write_text(str(proved(api, outcome.number)), "utf-8")
    done = CliRunner().invoke(audit, ["check-proof", str(paper), "--key", str(key.public)])
    assert (done.exit_code, str(outcome.stream_id) in done.output) == (0, True)
    paper.write_text(re.sub(r"index \d+", "index 1", paper.read_text("utf-8")), "utf-8")
    assert CliRunner().invoke(audit, ["check-proof", str(paper), "--key", str(key.public)]).exit_code != 0


def test_given_a_log_of_a_hundred_million_events_and_three_witnesses_then_the_proof_still_fits_a_code() -> None:
    log = SigningKey("huiyin/log/0123456789abcdef", LOG, b"k" * 32)
    head = Checkpoint(log.public.name, 10**8, b"r" * 32)
    note = signed(head.text, log)
    cosigned = note._replace(lines=(*note.lines, *(cosign(head, W1, 1_700_000_000) for _ in range(3))))
    proof = InclusionProof(b"e" * 120, 10**8 - 1, (b"h" * 32,) * 27, cosigned)
    assert qr_of_text(str(proof)) is not None
    assert qr_of_text("x" * 3000) is None


@pytest.mark.parametrize("entry", [b"", b"huiyin/leaf/1", b"huiyin/leaf/1" + b"\xff" * 80, b"x" * 120])
def test_given_what_is_no_entry_then_it_is_not_read(entry: bytes) -> None:
    with pytest.raises(BadNote):
        read_entry(entry)
