"""`huiyin audit bundle`: one file that a script verifies in an interpreter that knows nothing of ours."""

import json
import os
import re
import subprocess
import sys
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from domain.proof.checkpoints import cosign, read_checkpoint
from domain.proof.notes import WITNESS, SigningKey
from services.audit import verify_bundle
from services.audit.log_key import LogKey
from services.cli.audit import app
from tests.services.audit.deeds import ANEW, edited, look_back, then
from tests.support.audited import Township

Lines = list[dict[str, Any]]


def bundle(township: Township, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Path:
    """As the auditor writes it."""
    monkeypatch.setenv("HUIYIN_HOME", str(township.home))
    monkeypatch.setenv("HUIYIN_DATABASE_URL", str(township.settings.given_database_url))
    file = township.home / "bundle.zip"
    done = CliRunner().invoke(app, ["bundle", "-o", str(file), *arguments])
    assert done.exit_code == 0, done.output
    assert file.stat().st_mode & 0o777 == 0o600
    return file


def verified(file: Path, *arguments: str | Path) -> tuple[int, str]:
    """By the script out of the bundle, in a fresh interpreter, in a folder of its own: status and words."""
    folder = file.with_suffix(".d")
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(file) as archive:
        script = archive.extract("verify_bundle.py", folder)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HUIYIN"))}
    command = [sys.executable, "-P", script, str(file), *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def rewritten(file: Path, part: str, change: Callable[[Lines], Lines]) -> Path:
    """The same bundle with other lines in one of its parts."""
    other = file.with_name("other.zip")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(other, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                lines = change([json.loads(line) for line in content.splitlines()])
                content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
            archive.writestr(name, content)
    return other


def with_line(nth: int, **changed: Any) -> Callable[[Lines], Lines]:
    return lambda lines: [{**line, **changed} if at == nth else line for at, line in enumerate(lines)]


def swapped(lines: Lines) -> Lines:
    one, other = lines[15], lines[16]
    return [*lines[:15], {**other, "position": 15}, {**one, "position": 16}, *lines[17:]]


def renumbered(lines: Lines) -> Lines:
    return [{**line, "position": at} for at, line in enumerate([*lines[:16], *lines[17:]])]


def edited_bytes(lines: Lines) -> Lines:
    state = b64encode(b64decode(lines[15]["state"]).replace(b"handler", b"handlex")).decode()
    return with_line(15, state=state)(lines)


def test_given_an_honest_bundle_then_the_script_says_so(proved: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    file = bundle(proved, monkeypatch)
    status, said = verified(file, "--trust", proved.key_file, "--since", proved.saved)
    assert (status, said) == (0, "✓ 22 条记录与全部检查点相符 records agree with every checkpoint\n")
    assert "without a checkpoint of your own" in verified(file, "--trust", proved.key_file)[1]


@pytest.mark.parametrize(("arguments", "whole"), [(["--issue", "QS-2026-0002"], 7), (["--entries"], 0)])
def test_given_less_content_then_it_verifies_all_the_same(
    proved: Township, monkeypatch: pytest.MonkeyPatch, arguments: list[str], whole: int
) -> None:
    file = bundle(proved, monkeypatch, *arguments)
    with zipfile.ZipFile(file) as archive:
        lines = [json.loads(line) for line in archive.read("events.jsonl").splitlines()]
    assert len(lines) == 22
    assert sum("state" in line for line in lines) == whole
    assert verified(file, "--trust", proved.key_file, "--since", proved.saved)[0] == 0


TAMPERED: dict[str, tuple[str, Callable[[Lines], Lines], str]] = {
    "edited bytes": ("events.jsonl", edited_bytes, "not what their hash says: .* position 15,"),
    "another hash": ("events.jsonl", lambda lines: [_without(it) for it in lines], "14 ... 21"),
    "edited time": ("events.jsonl", with_line(16, recorded_at="2020-01-01T00:00:00Z"), "long before .* position 16"),
    "a line less": ("events.jsonl", lambda lines: lines[:16] + lines[17:], "not dense: .* position 17"),
    "a line less, renumbered": ("events.jsonl", renumbered, "not 1, 2, 3: .* version 4, .* position 16"),
    "two lines swapped": ("events.jsonl", swapped, "not 1, 2, 3: .* position 15"),
    "the end cut off": ("events.jsonl", lambda lines: lines[:20], "shorter than: checkpoint 2, 22 > 20"),
    "a forged checkpoint": (
        "checkpoints.jsonl",
        lambda lines: [{**it, "note": it["note"].replace("\n14\n", "\n13\n")} for it in lines],
        "not signed by this key: checkpoint 1",
    ),
}  # fmt: skip


QUICK = ("edited bytes", "a line less, renumbered")


def _without(line: dict[str, Any]) -> dict[str, Any]:
    changed = {"sha256": "00" * 32} if line["position"] == 15 else {}
    return {name: value for name, value in (line | changed).items() if name != "state"}


@pytest.mark.parametrize("name", [pytest.param(it, marks=() if it in QUICK else pytest.mark.slow) for it in TAMPERED])
def test_given_a_tampered_bundle_then_the_first_bad_record_is_named(
    proved: Township, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    part, change, words = TAMPERED[name]
    file = rewritten(bundle(proved, monkeypatch), part, change)
    status, said = verified(file, "--trust", proved.key_file)
    assert status == 1
    assert re.search(words, said), said


def test_given_a_log_that_was_signed_anew_then_the_auditors_checkpoint_shows_it(
    proved: Township, monkeypatch: pytest.MonkeyPatch
) -> None:
    then(edited('"user":"finance"', '"user":"chen"', 12), ANEW)(proved)
    file = bundle(proved, monkeypatch)
    assert verified(file, "--trust", proved.key_file)[0] == 0
    status, said = verified(file, "--trust", proved.key_file, "--since", proved.saved)
    assert status == 1
    assert "positions 0 ... 13" in said
    assert "saved by you" in said


def test_given_a_forged_approval_then_the_script_names_it_too(
    proved: Township, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_back("handler")(proved)
    status, said = verified(bundle(proved, monkeypatch), "--trust", proved.key_file)
    assert status == 1
    assert "approved by whoever proposed or did it" in said
    assert "issue.look_back_passed" in said


def test_given_another_key_then_nothing_verifies(proved: Township, monkeypatch: pytest.MonkeyPatch) -> None:
    other = proved.home / "other.pub"
    other.write_text(str(LogKey(proved.home.with_name("other")).public))
    assert "not signed by this key" in verified(bundle(proved, monkeypatch), "--trust", other)[1]


@pytest.mark.parametrize(("seconds", "status"), [(2_000_000_000, 0), (1_700_000_000, 1)])
def test_given_a_witness_then_nothing_is_recorded_after_it_was_seen(
    proved: Township, monkeypatch: pytest.MonkeyPatch, seconds: int, status: int
) -> None:
    key = SigningKey("witness.example", WITNESS, b"w" * 32)
    (proved.home / "witness.pub").write_text(str(key.public))

    line = str(cosign(read_checkpoint(proved.latest)[0], key, seconds))
    proved.rows("insert into cosignature values (22, 'w', %s, now()) returning 1", line)
    file = bundle(proved, monkeypatch)
    done = verified(file, "--trust", proved.key_file, "--witness", proved.home / "witness.pub")
    assert done[0] == status, done[1]


def test_given_nothing_signed_or_no_such_issue_then_no_file_is_left(
    proved: Township, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = bundle(proved, monkeypatch)
    before = file.read_bytes()
    refused = CliRunner().invoke(app, ["bundle", "-o", str(file), "--issue", "QS-2026-0099"])
    assert refused.exit_code == 1
    assert file.read_bytes() == before
    proved.superuser("delete from checkpoint")
    assert CliRunner().invoke(app, ["bundle", "-o", str(proved.home / "new.zip")]).exit_code == 1
    assert not list(proved.home.glob("new.zip*"))
    with psycopg.connect(proved.database.app_dsn) as connection:
        assert connection.execute("select count(*) from checkpoint").fetchone() == (0,)


def test_the_script_is_short_and_knows_nothing_of_ours() -> None:
    text = Path(verify_bundle.__file__).read_text("utf-8")
    assert len(text.splitlines()) < 300
    assert not re.search(r"^(from|import) (domain|services|projections|workflows)", text, re.MULTILINE)
