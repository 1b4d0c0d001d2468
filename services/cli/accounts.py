"""`huiyin account create | close | open | set-password | link | unlink | list`: who may log in, and by what.

Administrators' work on the machine. A password is asked for, or read from standard input; it is never an argument, for
those are seen by everybody.
"""

import sys
from typing import Annotated

import psycopg
import typer

from services.settings import Settings

app = typer.Typer(help="账号 Accounts: who may log in.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="账号名 The account's name, such as zhang.wei")]


@app.command("create")
def create(
    name: Name,
    zh: Annotated[str, typer.Option("--zh", help="中文称呼 What people call it")],
    en: Annotated[str, typer.Option("--en", help="英文称呼 The same in English")],
) -> None:
    """新建账号 Create an account; it has no password yet, and no post: see huiyin organisation appoint."""
    from services.identity.accounts import AccountExists, AccountInvalid, create_account

    with _connected() as connection:
        try:
            is_new = create_account(connection, name, display_zh=zh, display_en=en)
        except psycopg.errors.CheckViolation:
            raise AccountInvalid from None
        if not is_new:
            raise AccountExists


@app.command("set-password")
def set_password(name: Name) -> None:
    """设初始密码 Give it a password, to be changed at the first log-in. Its sessions end, a lock is lifted."""
    from services.identity.log_in import unlock
    from services.identity.passwords import Hasher
    from services.identity.passwords import set_password as store
    from services.identity.sessions import end_sessions

    password = _password()
    with _connected() as connection, connection.transaction():
        store(connection, name, password, Hasher(), must_change=True)
        end_sessions(connection, name)
        unlock(connection, name)


@app.command("close")
def close(name: Name) -> None:
    """停用账号 Close it: its sessions and tokens end within seconds."""
    from services.identity.accounts import set_active
    from services.identity.sessions import end_sessions

    with _connected() as connection, connection.transaction():
        set_active(connection, name, False)
        end_sessions(connection, name)


@app.command("open")
def reopen(name: Name) -> None:
    """启用账号 Open it again, and lift a lock after wrong passwords."""
    from services.identity.accounts import set_active
    from services.identity.log_in import unlock

    with _connected() as connection, connection.transaction():
        set_active(connection, name, True)
        unlock(connection, name)


@app.command("link")
def link(
    name: Name,
    subject: Annotated[str, typer.Option("--subject", help="统一身份标识 What the identity provider calls them")],
) -> None:
    """关联统一身份 Let the identity provider (HUIYIN_OIDC_ISSUER) vouch for it."""
    from services.identity.oidc import link as store

    issuer = Settings().oidc_issuer
    if issuer is None:
        raise typer.BadParameter("未设置 HUIYIN_OIDC_ISSUER Set HUIYIN_OIDC_ISSUER first.")
    with _connected() as connection, connection.transaction():
        store(connection, name, issuer, subject)


@app.command("unlink")
def unlink(name: Name) -> None:
    """解除统一身份 No identity provider vouches for it any more; its sessions end."""
    from services.identity.oidc import unlink as remove
    from services.identity.sessions import end_sessions

    with _connected() as connection, connection.transaction():
        remove(connection, name)
        end_sessions(connection, name)


@app.command("list")
def show() -> None:
    """列出账号 All accounts: whether open, with a password, logged in, or locked after wrong passwords."""
    from services.identity.account_list import account_table, all_accounts

    with _connected() as connection:
        typer.echo("\n".join(account_table(all_accounts(connection))))


def _connected() -> psycopg.Connection:
    return psycopg.connect(Settings().database_url, autocommit=True, connect_timeout=5)


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("密码 Password", hide_input=True, confirmation_prompt="再输一次 Once more"))
    return sys.stdin.readline().rstrip("\r\n")
