"""`huiyin suggest train`: teaches the suggestion of categories from the office's own log."""

import typer

from services.bootstrap import open_learned, open_unsealing, system_clock
from services.cli.records import reading
from services.settings import Settings
from services.suggestions.teaching import teach

app = typer.Typer(help="提示 Suggestions.", no_args_is_help=True)


@app.callback()
def _suggest() -> None:
    """One command so far, called by its name."""


@app.command("train")
def train() -> None:
    """学习类别 Learn from the issues that people gave a category; weights are kept, no words."""
    settings = Settings()
    with reading() as (connection, _), open_unsealing(settings) as unsealing:
        taught = teach(connection, unsealing, open_learned(settings), system_clock())
    counts = "、".join(f"{category} {count}" for category, count in taught.by_category.items())
    typer.echo(f"已从 {taught.issues} 件问题学习（{counts}），用语 {taught.pieces} 项。")
    typer.echo(f"Learned from {taught.issues} issues ({counts}): {taught.pieces} pieces of wording. {taught.path}")
