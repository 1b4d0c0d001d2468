"""The command line `huiyin`: which commands does this call need, and how does it end?

Exit status: 0 done, 1 refused or a fault found, 2 bad usage. Imports inside commands keep `huiyin --help` quick.
"""

import os
import sys
from typing import Final, NoReturn

import typer

from domain.errors import HuiyinError
from services.cli import mishaps, processes
from services.embedded.problems import MachineProblem

_REFUSED: Final = 1
_BAD_USAGE: Final = 2


def main() -> None:
    """Runs the command line; what goes wrong is said in words, never as a stack trace."""
    if (problem := mishaps.unreadable(sys.argv[1:])) is not None:
        _say_and_leave(problem, _BAD_USAGE)
    try:
        _wanted()()
    except (HuiyinError, MachineProblem) as refused:
        _say_and_leave(refused, _REFUSED)
    except SystemExit as end:
        leave(end.code)
    except Exception as error:
        if (problem := mishaps.in_words(error)) is None:
            raise
        _say_and_leave(problem, _REFUSED)


def leave(status: str | int | None) -> NoReturn:
    """Ends the process as `sys.exit` does.

    Where Temporal's client was used, without Python's own end: threads of the client that come back to Python
    meanwhile would abort the process after its work was done.
    """
    if isinstance(status, str) or "temporalio.bridge.client" not in sys.modules:
        sys.exit(status)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status or 0)


def _say_and_leave(problem: Exception, status: int) -> NoReturn:
    typer.echo(str(problem), err=True)
    leave(status)


def _wanted() -> typer.Typer:
    """All commands; for a process that stays only its own kind: the others would lie in its memory all the while."""
    if sys.argv[1:2] and sys.argv[1] in processes.COMMANDS:
        return processes.alone()
    if sys.argv[1:2] == ["witness"]:
        from services.cli import witness

        return witness.alone()
    from services.cli.commands import app

    return app
