"""How a command ends: with its status, and with everything said that was to be said."""

import subprocess
import sys

import pytest

ENDING = "import atexit, sys; from services.cli.app import leave; atexit.register(print, 'cleared up'); print('said'); "


def end(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", ENDING + program], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(("status", "code"), [("None", 0), ("0", 0), ("2", 2)])
def test_given_a_command_without_temporal_when_it_ends_then_python_clears_up(status: str, code: int) -> None:
    ended = end(f"leave({status})")
    assert (ended.returncode, ended.stdout) == (code, "said\ncleared up\n")


@pytest.mark.parametrize(("status", "code"), [("None", 0), ("0", 0), ("1", 1)])
def test_given_temporals_client_was_used_when_it_ends_then_at_once_with_its_status(status: str, code: int) -> None:
    ended = end(f"import temporalio.client; leave({status})")
    assert (ended.returncode, ended.stdout) == (code, "said\n")
