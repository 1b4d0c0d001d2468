"""`huiyin witness …`: vouches for another office's log. Needs nothing of that office, no database and no Temporal."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.settings import Port, Settings

if TYPE_CHECKING:
    from services.audit.witness_book import WitnessBook

app = typer.Typer(help="见证 Witness: vouch for another office's log.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """见证 Witness: vouch for another office's log."""


@app.command("key")
def key(
    name: Annotated[str | None, typer.Option(help="名称 its name, given once: office.example/w1")] = None,
) -> None:
    """公钥 This witness's public key, made at the first call. The log's office puts it into HUIYIN_WITNESSES."""
    from services.audit.witness import witness_key

    typer.echo(witness_key(Settings().home, name).public)


@app.command("trust")
def trust(
    vkey: Annotated[str, typer.Argument(help="`huiyin audit key` 的一行 its line")],
) -> None:
    """信任 Vouch for this log from now on. Take its key face to face, not by mail."""
    from domain.proof.notes import VerifierKey

    added = _book().trust(VerifierKey.of(vkey))
    typer.echo("✓ 已加入 trusted" if added else "✓ 早已在册 was trusted already")


@app.command("seen")
def seen() -> None:
    """所见 The last head that was vouched for, of each log. Status 1 if something was refused that may show a fork."""
    book = _book()
    typer.echo("\n".join(book.notes()), nl=False)
    for file in book.evidence():
        typer.echo(f"✗ 曾拒绝 refused: {file}", err=True)
    if book.evidence():
        raise typer.Exit(1)


@app.command("serve")
def serve(
    port: Annotated[Port, typer.Option(help="端口 port")] = 8700,
    host: Annotated[str, typer.Option(help="地址 address on which it listens")] = "127.0.0.1",
) -> None:
    """运行 Answer the log's requests until told to stop."""
    from services.audit.witness_serving import serve as run

    run(Settings(), host, port)


def alone() -> typer.Typer:
    """These commands by themselves, for a process that stays."""
    own = typer.Typer(name="huiyin", add_completion=False, pretty_exceptions_enable=False)
    own.add_typer(app, name="witness")
    return own


def _book() -> "WitnessBook":
    from services.audit.witness import witness_folder, witness_key
    from services.audit.witness_book import WitnessBook

    home = Settings().home
    return WitnessBook(witness_folder(home), witness_key(home).public)
