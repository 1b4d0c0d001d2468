"""`huiyin audit verify`: an honest log passes every check; the first bad record is named in words."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from domain.errors import HuiyinError
from domain.proof.checkpoints import cosign, read_checkpoint
from domain.proof.notes import WITNESS, SigningKey
from services.audit.verify import CHECKS
from services.audit.verify_checkpoints import NoTrustedKey, trust_of
from services.audit.verify_telling import LastVerification, in_words
from services.audit.verify_words import KINDS, QUESTIONS
from services.cli.audit import app
from services.settings import Settings
from tests.services.audit.deeds import AT, EDIT
from tests.support.audited import Township

OF_THE_LOG = [it for it in CHECKS if it not in ("read_models", "workflows", "files")]
EDITED = EDIT.format("handler", "lead") + AT.format(15)


def called(township: Township, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    """As the auditor types it."""
    settings = township.settings
    monkeypatch.setenv("HUIYIN_HOME", str(township.home))
    monkeypatch.setenv("HUIYIN_DATABASE_URL", str(settings.given_database_url))
    monkeypatch.setenv("HUIYIN_TEMPORAL_ADDRESS", "127.0.0.1:1")
    for name in ("HUIYIN_OWNER_DATABASE_URL", "HUIYIN_FOLLOWER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return CliRunner().invoke(app, ["verify", *arguments])


def only(*checks: str) -> list[str]:
    return [it for check in checks for it in ("--only", check)]


def test_given_an_honest_log_then_no_check_of_it_finds_anything(proved: Township) -> None:
    found = proved.verified(OF_THE_LOG)
    assert list(found) == OF_THE_LOG
    assert {name: it.faults for name, it in found.items()} == dict.fromkeys(OF_THE_LOG, ())
    assert all(it.looked_at for it in found.values())


def test_given_an_edited_record_then_it_is_named_with_what_it_means_and_what_to_do(proved: Township) -> None:
    proved.superuser(EDITED)
    found = proved.verified(OF_THE_LOG)
    (fault, *_) = found["roots"].faults
    assert (fault.kind, fault.where.position, fault.where.version, fault.where.number) == (
        "record-changed",
        15,
        2,
        "QS-2026-0002",
    )
    told = "\n".join(in_words([found["roots"]]))
    assert "QS-2026-0002，第 2 条，issue.escalated，位置 15，记录于" in told
    assert "QS-2026-0002, version 2, issue.escalated, position 15, recorded" in told
    assert KINDS["record-changed"].means_zh in told
    assert "tell the auditors' office at once" in told


def test_given_the_command_then_its_status_says_whether_a_fault_was_found(
    proved: Township, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["--trust", str(proved.key_file), "--since", str(proved.saved)]
    good = called(proved, monkeypatch, *arguments)
    assert good.exit_code == 0, good.output
    assert "－ read_models" in good.output  # no owner is known: said openly, no fault
    assert "－ workflows" in good.output
    assert LastVerification.read(proved.home).faulty is False  # type: ignore[union-attr]
    proved.superuser(EDITED)
    bad = called(proved, monkeypatch, *arguments, "--json")
    assert bad.exit_code == 1
    told = json.loads(bad.stdout)
    assert {it["check"]: it["status"] for it in told["checks"]} | {"roots": "fault"} == {
        it["check"]: it["status"] for it in told["checks"]
    }
    last = LastVerification.read(proved.home)
    assert last is not None
    assert last.faulty
    assert [it["check"] for it in last.checks] == list(CHECKS)


def test_given_one_check_then_only_that_is_made_and_the_last_result_stays(
    proved: Township, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = called(proved, monkeypatch, *only("numbers", "four_eyes"), "--json")
    assert done.exit_code == 0
    assert [it["check"] for it in json.loads(done.stdout)["checks"]] == ["four_eyes", "numbers"]
    assert LastVerification.read(proved.home) is None
    assert called(proved, monkeypatch, *only("nothing")).exit_code == 2


@pytest.mark.parametrize(("seconds", "caught"), [(2_000_000_000, set()), (1_700_000_000, {"times"})])
def test_given_a_witness_that_is_trusted_then_its_time_bounds_what_it_saw(
    proved: Township, seconds: int, caught: set[str]
) -> None:
    witness = SigningKey("witness.example", WITNESS, b"w" * 32)
    file = proved.home / "witness.pub"
    file.write_text(str(witness.public))
    line = str(cosign(read_checkpoint(proved.latest)[0], witness, seconds))
    proved.rows("insert into cosignature values (22, 'w', %s, now()) returning 1", line)
    of_proofs = ["signatures", "times"]
    assert {name for name, it in proved.verified(of_proofs, witnesses=[file]).items() if it.count} == caught
    assert not any(it.count for it in proved.verified(of_proofs).values())


def test_given_a_witnesss_line_moved_to_another_checkpoint_then_it_does_not_verify(proved: Township) -> None:
    witness = SigningKey("witness.example", WITNESS, b"w" * 32)
    file = proved.home / "witness.pub"
    file.write_text(str(witness.public))
    line = str(cosign(read_checkpoint(proved.saved.read_text())[0], witness, 2_000_000_000))
    proved.rows("insert into cosignature values (22, 'w', %s, now()) returning 1", line)
    (fault,) = proved.verified(["signatures"], witnesses=[file])["signatures"].faults
    assert (fault.kind, fault.where.position) == ("cosignature-bad", 21)


def test_given_no_key_that_is_trusted_then_it_is_refused_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(NoTrustedKey):
        trust_of(Settings(home=tmp_path), None, [])
    assert not (tmp_path / "keys").exists()
    (tmp_path / "key").write_text("no key")
    with pytest.raises(HuiyinError):
        trust_of(Settings(home=tmp_path), tmp_path / "key", [])


def test_given_every_kind_of_fault_then_it_has_words_in_both_languages() -> None:
    for texts in (*KINDS.values(), *QUESTIONS.values()):
        assert all(text.strip() for text in texts)
