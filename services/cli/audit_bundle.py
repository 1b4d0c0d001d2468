"""`huiyin audit bundle`: one file that verifies elsewhere, without a server."""

from pathlib import Path
from typing import Annotated

import typer

from services.settings import Settings

Output = Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="写入的文件 The file to write")]
OfIssue = Annotated[
    str | None, typer.Option("--issue", help="只含此件的内容，其余仅哈希 Stored bytes of this issue only; hashes else")
]
Bare = Annotated[bool, typer.Option("--entries", help="不含任何内容，仅哈希 No stored bytes, only their hashes")]


def bundle(output: Output, issue: OfIssue = None, entries: Bare = False) -> None:
    """核验包 Records, checkpoints, key and a script in one file: verify it on any machine. Words stay sealed."""
    import os

    import psycopg

    from services.audit.bundle import write_bundle
    from services.audit.log_key import LogKey

    if issue and entries:
        raise typer.BadParameter("--issue 与 --entries 只能用其一。 One of --issue and --entries.")
    settings = Settings()
    key = str(LogKey(settings.home).public) if (settings.home / "keys" / "log.key").exists() else None
    draft = output.with_name(f"{output.name}.draft")
    try:
        with (
            psycopg.connect(settings.database_url, connect_timeout=5) as connection,
            open(draft, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file,
        ):
            records = write_bundle(connection, file, key, _progress, issue, bare=entries)
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
    typer.echo(f"已写入 written: {output}，{records} 条记录 records")


def _progress(done: int, total: int) -> None:
    typer.echo(f"{done}/{total}", err=True)
