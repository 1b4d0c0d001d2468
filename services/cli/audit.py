"""`huiyin audit …`: what an auditor asks of the log. One file a question beside this one, joined here."""

from typing import Annotated

import typer

from services.audit.problems import NothingSigned
from services.cli import (
    audit_bundle,
    audit_conformance,
    audit_exports,
    audit_proof,
    audit_replay,
    audit_samples,
    audit_verify,
    audit_what_if,
    audit_workflow,
)
from services.settings import Settings

app = typer.Typer(help="督查 Audit: prove, replay, compare.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """督查 Audit: prove, replay, compare."""


@app.command("checkpoint")
def checkpoint(sm3: Annotated[bool, typer.Option("--sm3", help="国密树 of the tree with SM3")] = False) -> None:
    """检查点 The log's last signed head, as signed. Keep it away from this machine: later logs are held against it."""
    import psycopg

    from domain.proof.hashing import SHA256, SM3
    from projections.tree_tables import latest_checkpoint

    with psycopg.connect(Settings().database_url, autocommit=True, connect_timeout=5) as connection:
        note = latest_checkpoint(connection, SM3 if sm3 else SHA256)
    if note is None:
        raise NothingSigned
    typer.echo(note, nl=False)


@app.command("key")
def key(sm3: Annotated[bool, typer.Option("--sm3", help="国密树 of the tree with SM3")] = False) -> None:
    """公钥 The log's public key: with it anybody checks its signatures. Take it down on paper, once, face to face."""
    from domain.proof.hashing import SHA256, SM3
    from services.audit.log_key import LogKey

    typer.echo(LogKey(Settings().home, SM3 if sm3 else SHA256).public)


app.command("verify")(audit_verify.verify)
app.command("conformance")(audit_conformance.conformance)
app.command("what-if")(audit_what_if.what_if)
app.command("replay")(audit_replay.replay)
app.command("difference")(audit_replay.difference)
app.command("workflow")(audit_workflow.workflow)
app.command("determinism")(audit_workflow.determinism)
app.command("bundle")(audit_bundle.bundle)
app.command("sample")(audit_samples.sample)
app.command("export")(audit_exports.export)
app.command("feed")(audit_exports.feed)
app.command("proof")(audit_proof.proof)
app.command("check-proof")(audit_proof.check_proof)
