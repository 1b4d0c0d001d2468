"""What stops a command is said in words with a status, never as a stack trace, and never with what was set."""

import sys
from pathlib import Path

import pytest

from services.cli import app
from tests.projections.ledger import Log, log

__all__ = ["log"]

NOBODY = "postgresql://somebody:secret@127.0.0.1:1/nothing"
SHOW = ("issue", "show", "QS-2026-0001")


@pytest.fixture(autouse=True)
def _ends_as_python_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Temporal's client was loaded `leave` would end the tests themselves."""
    monkeypatch.setattr(app, "leave", sys.exit)


def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[object, str]:
    """The status with which `huiyin WORDS` ends, and what stands on standard error."""
    monkeypatch.setattr(sys, "argv", ["huiyin", *words])
    with pytest.raises(SystemExit) as end:
        app.main()
    return end.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("variable", "text", "told"),
    [
        ("HUIYIN_DATABASE_URL", NOBODY, "huiyin doctor"),
        ("HUIYIN_DATABASE_URL", "secret", "HUIYIN_DATABASE_URL"),
        ("HUIYIN_PORT", "secret", "HUIYIN_PORT"),
        ("HUIYIN_NOTICE_TARGETS", "secret://secret", "HUIYIN_NOTICE_TARGETS"),
    ],
)
def test_given_a_setting_that_leads_nowhere_then_status_1_and_words_without_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variable: str, text: str, told: str
) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", NOBODY)
    monkeypatch.setenv(variable, text)
    status, words = said(capsys, monkeypatch, *SHOW)
    assert (status, told in words, "secret" in words) == (1, True, False)


def test_given_bytes_that_are_no_text_then_status_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, words = said(capsys, monkeypatch, "issue", "show", "\udcff")
    assert (status, "UTF-8" in words) == (2, True)


def test_given_a_file_that_cannot_be_written_then_status_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, log: Log, tmp_path: Path
) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", log.database.app_dsn)
    output = str(tmp_path / "nowhere" / "ledger.csv")
    status, words = said(capsys, monkeypatch, "ledger", "meetings", "--format", "csv", "--output", output)
    assert (status, "--output" in words) == (2, True)


def test_given_a_fault_of_ours_then_it_is_not_hidden(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(app, "_wanted", lambda: fails)
    monkeypatch.setattr(sys, "argv", ["huiyin"])
    with pytest.raises(ZeroDivisionError):
        app.main()
