"""`huiyin token create | list | revoke`: access tokens for programs; each is shown once."""

from datetime import timedelta
from typing import Annotated

import psycopg
import typer

from services.identity.tokens import TokenScope
from services.settings import Settings

SCOPES = "用途，可多次给出 What for, may be repeated: read 查看, write 办理 (and read), manage 组织与账号 (and read)"

app = typer.Typer(help="访问令牌 Access tokens.", no_args_is_help=True)


@app.callback()
def tokens() -> None:
    """访问令牌 Access tokens."""


@app.command("create")
def create(
    user: Annotated[str, typer.Option("--user", help="账号 Account")],
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="有效天数 Valid for so many days")] = 30,
    scope: Annotated[list[TokenScope], typer.Option("--scope", help=SCOPES)] = [*TokenScope],  # noqa: B006  (typer copies it)
) -> None:
    """新建令牌 Create a token. It is shown once and stored only as a hash."""
    from services.identity.tokens import create_token

    with _connected() as connection:
        typer.echo(create_token(connection, user, timedelta(days=days), frozenset(scope)))


@app.command("list")
def show(
    user: Annotated[str | None, typer.Option("--user", help="账号 Account; 省略则全部 left out: all")] = None,
) -> None:
    """列出令牌 The tokens that count now: id, account, last characters, scopes, end."""
    from services.identity.tokens import tokens_of

    with _connected() as connection:
        for line in tokens_of(connection, user):
            scopes = ",".join(sorted(line.scopes))
            ends = line.expires_at.astimezone()
            typer.echo(f"{line.id:>6}  {line.account:<16} …{line.hint}  {scopes:<17}  {ends:%Y-%m-%d %H:%M}")


@app.command("revoke")
def revoke(
    token_id: Annotated[int | None, typer.Argument(help="令牌编号 The token's id, from the list")] = None,
    user: Annotated[str | None, typer.Option("--user", help="该账号的全部令牌 All tokens of this account")] = None,
) -> None:
    """撤销令牌 End one token, or all of an account, within seconds."""
    from services.identity.tokens import TokenUnknown, revoke_token, revoke_tokens

    if (token_id is None) == (user is None):
        raise typer.BadParameter("令牌编号或 --user，只给一个 Give either a token's id or --user.")
    with _connected() as connection:
        ended = revoke_tokens(connection, user) if user is not None else revoke_token(connection, token_id or 0)
    if not ended:
        raise TokenUnknown


def _connected() -> psycopg.Connection:
    return psycopg.connect(Settings().database_url, autocommit=True, connect_timeout=5)
