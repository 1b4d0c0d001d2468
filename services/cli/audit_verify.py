"""`huiyin audit verify`: was anything changed, or only added? Status 0 nothing wrong, 1 a fault found, 2 bad usage."""

import getpass
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from services.settings import Settings

KeyFile = Annotated[
    Path | None,
    typer.Option("--trust", exists=True, dir_okay=False, help="您抄录的日志公钥 The log's key as you took it down"),
]
Saved = Annotated[
    list[Path] | None,
    typer.Option("--since", exists=True, dir_okay=False, help="您保存的检查点，可多次 A checkpoint you saved; repeat"),
]
Witnesses = Annotated[
    list[Path] | None,
    typer.Option(
        "--witness", exists=True, dir_okay=False, help="见证方公钥，可多次 Key of a witness you trust; repeat"
    ),
]


def verify(
    trust: KeyFile = None,
    since: Saved = None,
    witness: Witnesses = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="只做此项，可多次 This check only; repeat")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="供程序读取 For a program")] = False,
) -> None:
    """核验 Prove from the stored records that nothing was changed; the first bad record is named in words."""
    from services.audit.verify import CHECKS, verification
    from services.audit.verify_checkpoints import trust_of
    from services.audit.verify_faults import faulty
    from services.audit.verify_telling import as_json as for_programs
    from services.audit.verify_telling import in_words, keep

    if unknown := set(only or ()) - set(CHECKS):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: 现有 There are: {', '.join(CHECKS)}")
    settings = Settings()
    trusted = trust_of(settings, trust, since or (), witness or ())
    found = verification(settings, trusted, _progress, only or CHECKS)
    if not only:
        keep(settings.home, found, datetime.now(UTC), getpass.getuser())
    if as_json:
        told = {"key": str(trusted.key), "own_key": trusted.own, "checks": for_programs(found)}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for line in (*in_words(found), *_of_trust(trusted.own, bool(trusted.saved))):
            typer.echo(line)
    if faulty(found):
        raise typer.Exit(1)


def _of_trust(own: bool, saved: bool) -> list[str]:
    """What the result rests upon."""
    lines = []
    if own:
        lines.append(
            "! 使用的是本机的公钥。请用 --trust 指定您当面抄录的公钥。"
            "\n  The key is this machine's own word: name the one that you took down with --trust."
        )
    if not saved:
        lines.append(
            "! 没有您自己保存的检查点（--since）：无法排除整部日志被改写后重新签署。"
            "\n  Without a checkpoint that you saved (--since), a log written anew and signed again looks the same."
        )
    return lines


def _progress(check: str, done: int, total: int) -> None:
    typer.echo(f"{check} {done}/{total}", err=True)
