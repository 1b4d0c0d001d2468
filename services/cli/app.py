"""The command line `huiyin`: one file per kind of command, joined here.

Exit status: 0 done, 1 refused or a fault found, 2 bad usage. Imports inside commands keep `huiyin --help` quick.
"""

import os
import sys
from typing import NoReturn

import typer

from domain.errors import HuiyinError
from services.cli import (
    accounts,
    clocks,
    deadline,
    funds,
    health,
    holidays,
    households,
    importing,
    inbox,
    meetings,
    notices,
    organisation,
    plans,
    processes,
    rebuilding,
    records,
    spot_checks,
    tokens,
)
from services.embedded.problems import MachineProblem

app = typer.Typer(
    name="huiyin",
    help="Huiyin 回音: the issue ledgers of townships and counties. 事事有回音、件件有着落。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up")(processes.up)
app.command("migrate")(processes.migrate)
app.command("api")(processes.api)
app.command("worker")(processes.worker)
app.command("follow")(processes.follow)
app.add_typer(accounts.app, name="account")
app.add_typer(organisation.app, name="organisation")
app.add_typer(tokens.app, name="token")
app.add_typer(records.issue_app, name="issue")
app.add_typer(households.app, name="household")
app.add_typer(funds.app, name="fund")
app.add_typer(meetings.app, name="meeting")
records.issue_app.command("deadlines")(clocks.deadlines)
app.command("what-next")(clocks.what_next)
app.command("ledger")(records.ledger)
app.command("dashboard")(records.dashboard)
app.command("inbox")(inbox.show)
app.add_typer(notices.app, name="notices")
app.command("import")(importing.import_file)
app.command("rebuild")(rebuilding.rebuild)
app.command("deadline")(deadline.deadline)
app.add_typer(plans.app, name="plan")
app.add_typer(holidays.app, name="holidays")
app.add_typer(spot_checks.app, name="spot-check")
app.command("bench")(health.bench)
app.command("doctor")(health.doctor)


def main() -> None:
    """Runs the command line; what goes wrong is said in words, never as a stack trace."""
    try:
        app()
    except (HuiyinError, MachineProblem) as problem:
        typer.echo(str(problem), err=True)
        leave(1)
    except SystemExit as end:
        leave(end.code)


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
