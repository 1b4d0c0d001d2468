"""Every command of `huiyin`, one file per kind of command, joined here."""

import typer

from services.cli import (
    accounts,
    appraisal,
    audit,
    bulletins,
    clocks,
    deadline,
    files,
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
    printing,
    processes,
    rebuilding,
    records,
    spot_checks,
    suggesting,
    tokens,
    witness,
)

app = typer.Typer(
    name="huiyin",
    help="Huiyin 回音: the issue ledgers of townships and counties. 事事有回音、件件有着落。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
processes.join(app)
app.add_typer(accounts.app, name="account")
app.add_typer(organisation.app, name="organisation")
app.add_typer(tokens.app, name="token")
app.add_typer(records.issue_app, name="issue")
app.add_typer(households.app, name="household")
app.add_typer(files.app, name="files")
app.add_typer(funds.app, name="fund")
app.add_typer(meetings.app, name="meeting")
records.issue_app.command("deadlines")(clocks.deadlines)
app.command("what-next")(clocks.what_next)
app.command("ledger")(records.ledger)
app.command("appraisal")(appraisal.appraisal)
app.command("dashboard")(records.dashboard)
app.command("inbox")(inbox.show)
app.add_typer(notices.app, name="notices")
app.command("import")(importing.import_file)
app.command("rebuild")(rebuilding.rebuild)
app.command("deadline")(deadline.deadline)
app.add_typer(plans.app, name="plan")
app.add_typer(holidays.app, name="holidays")
app.add_typer(spot_checks.app, name="spot-check")
app.add_typer(bulletins.app, name="bulletin")
app.add_typer(printing.reply_app, name="reply")
app.add_typer(printing.card_app, name="card")
meetings.app.command("print")(printing.minutes)
bulletins.app.command("print")(printing.bulletin)
app.add_typer(suggesting.app, name="suggest")
app.add_typer(audit.app, name="audit")
app.add_typer(witness.app, name="witness")
app.command("bench")(health.bench)
app.command("doctor")(health.doctor)
