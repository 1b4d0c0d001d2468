"""`huiyin rebuild`: read models anew from the log, or compared with it; and every open issue's workflow.

Exit status 0 done and equal, 1 if a compared table differs from what the log says.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from services.settings import Settings

if TYPE_CHECKING:
    from projections.rebuild import Comparison

_WORKFLOWS: Final = "workflows"


def rebuild(
    name: Annotated[str | None, typer.Argument(help="台账名称或 workflows A read model's name, or workflows")] = None,
    everything: Annotated[bool, typer.Option("--all", help="全部台账 All read models")] = False,
    compare: Annotated[bool, typer.Option("--compare", help="只比较，不替换 Compare only, row by row")] = False,
) -> None:
    """重建 Make read models anew from the log, or compare them with it; or start every open issue's workflow."""
    from projections.registry import NAMES

    if (name is None) == (not everything):
        raise typer.BadParameter("请给出一个名称或 --all。 Give one name, or --all.")
    if name == _WORKFLOWS:
        _rebuild_workflows()
        return
    if name is not None and name not in NAMES:
        raise typer.BadParameter(f"现有 There are: {', '.join((*NAMES, _WORKFLOWS))}")
    names = NAMES if name is None else (name,)
    if compare:
        _compare(names)
    else:
        _replace(names)


def _replace(names: Sequence[str]) -> None:
    from projections.rebuild import rebuild as make_anew

    for done in make_anew(Settings().owner_database_url, names):
        typer.echo(f"{done.name}: {done.rows} 行 rows，至位置 up to position {done.position}")


def _compare(names: Sequence[str]) -> None:
    from projections.rebuild import compare

    compared = compare(Settings().owner_database_url, names)
    for one in compared:
        _tell(one)
    if any(one.differences for one in compared):
        raise typer.Exit(1)


def _tell(one: "Comparison") -> None:
    if not one.differences:
        typer.echo(f"{one.name}: 一致 no difference，至位置 up to position {one.position}")
    for difference in one.differences:
        typer.echo(
            f"{one.name}: {difference.table} 不一致 differs: 现有独有 only live {difference.only_live}，"
            f"重建独有 only rebuilt {difference.only_rebuilt}，首批 first keys: {', '.join(difference.keys)}"
        )


def _rebuild_workflows() -> None:
    from contextlib import closing

    from projections.workflow_rebuild import rebuild_workflows
    from services.bootstrap import following_casework
    from services.temporal_client import connect

    settings = Settings()
    with closing(following_casework(settings)) as casework:
        rebuilt = rebuild_workflows(
            settings.follower_database_url,
            casework,
            lambda: connect(settings),
            task_queue=settings.task_queue,
            wake_spread_seconds=settings.wake_spread_seconds,
            progress=_progress,
        )
    typer.echo(f"问题 issues: {rebuilt.issues}，已通知工作流 workflows told: {rebuilt.told}")


def _progress(done: int, total: int) -> None:
    typer.echo(f"{done}/{total}", err=True)
