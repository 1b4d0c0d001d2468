"""`huiyin audit proof | check-proof`: that an event is in the log, on paper, and whether such a paper is true."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import NotFound, Refusal
from services.settings import Settings


class ProofFails(Refusal):
    """The paper is not what the log of this key signed."""

    code = "proof-fails"
    zh = "证明不成立：不是这个日志签署的，或内容被改动。请保留原件，向督查部门反映。"
    en = "The proof does not hold: this log did not sign it, or it was altered. Keep it and tell the auditors."


def proof(
    number: Annotated[str, typer.Argument(help="编号 Number, e.g. QS-2026-0001")],
    version: Annotated[int | None, typer.Option(min=1, help="第几步，缺省为最后一步 Of which event; the last")] = None,
) -> None:
    """存证证明 The proof that an event of an issue is in the log (C2SP tlog-proof): anybody checks it without us."""
    import psycopg

    from services.audit.proofs import proof_of_event

    with psycopg.connect(Settings().database_url, autocommit=True, connect_timeout=5) as connection:
        found = connection.execute(
            "select issue_id, max(originator_version) from issue_number join ledger_events on originator_id = issue_id"
            " where number = %s group by issue_id",
            (number,),
        ).fetchone()
        if found is None or (version or 1) > found[1]:
            raise NotFound
        typer.echo(proof_of_event(connection, found[0], version or found[1]), nl=False)


def check_proof(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="证明文件 The proof's file")],
    key: Annotated[str, typer.Option("--key", help="日志公钥 The log's public key, as you took it down")],
    witness: Annotated[
        list[str] | None, typer.Option("--witness", help="见证公钥，可多次 A witness's public key; repeat")
    ] = None,
) -> None:
    """核对证明 Check a proof by itself, with no office and no line. Status 1: it does not hold."""
    from domain.proof.checkpoints import checkpoint_of, cosigned_at
    from domain.proof.entries import read_entry
    from domain.proof.inclusion import read_proof
    from domain.proof.notes import VerifierKey

    found = read_proof(file.read_text("utf-8"))
    if not found.holds(VerifierKey.of(key)):
        raise ProofFails
    entry, size = read_entry(found.entry), checkpoint_of(found.note).size
    typer.echo(f"✓ 日志第 {found.position} 条（共 {size} 条）已签署 signed: event {found.position} of {size}")
    typer.echo(f"  {entry.topic}  第 {entry.version} 步 version {entry.version}  {entry.stream}")
    typer.echo(f"  记录于 recorded {entry.recorded_at.isoformat()}  内容哈希 hash of its contents {entry.digest.hex()}")
    for each in map(VerifierKey.of, witness or ()):
        seconds = cosigned_at(found.note, each)
        if seconds is None:
            raise ProofFails
        at = datetime.fromtimestamp(seconds, UTC).isoformat()
        typer.echo(f"✓ 见证 {each.name} 于 {at} 见证 vouched for by {each.name} at {at}")
