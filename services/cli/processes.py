"""`huiyin up | migrate | api | worker | follow`: the processes of an office. Only imports that all of them need."""

from collections.abc import Callable, Mapping
from typing import Annotated, Final

import typer

from services.settings import Settings

FOLLOWERS = "seal, ledgers, relay, all, 或一个台账的名称 or the name of one read model"


def up() -> None:
    """在本机启动全部 Start everything on this machine, until Ctrl-C."""
    from services.up import huiyin_demonstration, run_up

    raise typer.Exit(run_up(Settings(), after_ready=[huiyin_demonstration]))


def demonstration() -> None:
    """首次启动时装入示范数据 What `up` calls when it is ready: loads the demonstration once; prints its accounts."""
    from services.first_start import demonstration_lines

    for line in demonstration_lines(Settings()):
        typer.echo(line)


def migrate() -> None:
    """建立或更新数据表 Bring the tables to this version."""
    from projections.registry import read_models
    from services.migrate import migrate as apply

    applied = apply(Settings().owner_database_url, read_models())
    typer.echo("\n".join(applied) if applied else "数据表已是最新 The tables are up to date.")


def api() -> None:
    """接口 Serve the API."""
    from services.api.serve import run_api
    from services.start_check import refuse_unsafe_database

    settings = Settings()
    refuse_unsafe_database(settings.database_url)
    run_api(settings)


def worker() -> None:
    """工作流进程 Run the workflows' worker."""
    from services.start_check import refuse_unsafe_database
    from services.worker import run_worker

    settings = Settings()
    refuse_unsafe_database(settings.database_url)
    run_worker(settings)


def follow(name: Annotated[str, typer.Argument(help=FOLLOWERS)]) -> None:
    """跟随日志 Run the sealer, the read models or the relay."""
    from services.followers import followers_of, run_followers
    from services.start_check import refuse_unsafe_database

    settings = Settings()
    followers_of(settings, name)  # an unknown name is refused first
    refuse_unsafe_database(settings.follower_database_url, () if name == "seal" else None)
    run_followers(settings, name)


COMMANDS: Final[Mapping[str, Callable[..., None]]] = {
    "up": up,
    "migrate": migrate,
    "api": api,
    "worker": worker,
    "follow": follow,
    "demonstration": demonstration,
}


def join(app: typer.Typer) -> None:
    """These commands among the others; `demonstration` is nobody's but `up`'s."""
    for name, command in COMMANDS.items():
        app.command(name, hidden=command is demonstration)(command)


def alone() -> typer.Typer:
    """These commands by themselves."""
    app = typer.Typer(name="huiyin", add_completion=False, pretty_exceptions_enable=False)
    join(app)
    return app
