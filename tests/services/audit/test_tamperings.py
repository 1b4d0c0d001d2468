"""Each tampering by a superuser is caught by exactly the checks that say so, or openly by none; the manual has each."""

import re
from pathlib import Path

import pytest

from services.audit.verify import CHECKS
from tests.services.audit.tamperings import TAMPERINGS, Tampering
from tests.support.audited import Township

MANUAL = (Path(__file__).parents[3] / "docs" / "for-auditors.md").read_text("utf-8")
OF_LEDGERS = [it for it in TAMPERINGS if it.caught_by == "read_models"]
QUICK = ("edit a stored event", "delete an event in the middle", "show different logs to different people")
OF_THE_LOG = [
    pytest.param(it, marks=() if it.en in QUICK else pytest.mark.slow) for it in TAMPERINGS if it not in OF_LEDGERS
]


def name(tampering: Tampering) -> str:
    return tampering.en.replace(" ", "-")


@pytest.mark.parametrize("tampering", OF_THE_LOG, ids=name)
def test_given_a_tampering_by_a_superuser_then_exactly_these_checks_find_it(
    proved: Township, tampering: Tampering
) -> None:
    tampering.deed(proved)
    assert proved.caught_by(saved=tampering.saved) == set(tampering.caught_by.split())


@pytest.mark.slow
@pytest.mark.parametrize("tampering", OF_LEDGERS, ids=name)
def test_given_a_ledger_changed_behind_the_log_then_the_rebuild_finds_it(
    proved: Township, tampering: Tampering
) -> None:
    tampering.deed(proved)
    found = proved.verified(["read_models"])["read_models"]
    assert found.count == 1
    assert "issue_ledger" in found.faults[0].detail


def test_given_what_is_not_caught_then_it_is_said_why_and_every_check_of_the_log_catches_something() -> None:
    assert len(TAMPERINGS) >= 20
    assert all(bool(it.caught_by) != bool(it.why) for it in TAMPERINGS)
    caught = {check for it in TAMPERINGS for check in it.caught_by.split()}
    assert caught == set(CHECKS) - {"workflows"}


def test_the_manual_has_every_tampering_with_what_catches_it() -> None:
    section = MANUAL.split("## 9. ")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.MULTILINE)[1:]
    assert rows == [row(it) for it in TAMPERINGS]


def row(tampering: Tampering) -> tuple[str, str]:
    """As the manual's table has it."""
    checks = " ".join(f"`{it}`" for it in tampering.caught_by.split())
    return f"{tampering.zh} {tampering.en}", checks or f"**不能 none**: {tampering.why}"
