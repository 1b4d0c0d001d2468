"""What a process that stays does not use it does not carry in memory: it would lie there as long as the office runs."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
sys.argv = ["huiyin", *{argv!r}]
from services.cli import app
app._wanted()
from services.settings import Settings
from services.followers import followers_of
import projections.seal, services.start_check
if sys.argv[1] == "api":
    import services.api.serve, services.bootstrap, services.api.app
print(*sorted(sys.modules))
"""


def carried(*argv: str) -> set[str]:
    """The modules of a process that was called so, once its own imports are done."""
    done = subprocess.run([sys.executable, "-c", PROGRAM.format(argv=argv)], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("argv", [("up",), ("follow", "seal")], ids="-".join)
def test_given_a_process_that_knows_no_event_then_it_carries_none(argv: tuple[str, ...]) -> None:
    assert not {"services.cli.commands", "services.bootstrap", "domain.streams", "temporalio"} & carried(*argv)


def test_given_the_api_then_it_carries_neither_temporal_nor_what_makes_files_over() -> None:
    assert not {"temporalio", "PIL", "pypdf", "weasyprint", "xlsxwriter", "services.cli.commands"} & carried("api")


def test_given_any_other_command_then_all_are_there() -> None:
    assert "services.cli.commands" in carried("issue", "show")
