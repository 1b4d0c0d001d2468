"""`huiyin token create`: an access token for an account, shown once."""

from datetime import timedelta
from typing import Annotated

import psycopg
import typer

from services.settings import Settings

app = typer.Typer(help="访问令牌 Access tokens.", no_args_is_help=True)


@app.callback()
def tokens() -> None:
    """访问令牌 Access tokens."""


@app.command("create")
def create(
    user: Annotated[str, typer.Option("--user", help="账号 Account")],
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="有效天数 Valid for so many days")] = 30,
) -> None:
    """新建令牌 Create a token. It is shown once and stored only as a hash."""
    from services.identity.tokens import create_token

    with psycopg.connect(Settings().database_url, autocommit=True, connect_timeout=5) as connection:
        typer.echo(create_token(connection, user, timedelta(days=days)))
