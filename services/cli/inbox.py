"""`huiyin inbox --user U`: what somebody was told, newest first. Reading it here marks nothing as read."""

import json
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from domain.values import LOCAL_ZONE
from services.settings import Settings

if TYPE_CHECKING:
    from projections.inbox import Notice


def show(
    user: Annotated[str, typer.Option("--user", help="账号 Account")],
    unread: Annotated[bool, typer.Option("--unread", help="只看未读 Only what is unread")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="最多几条 At most so many")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="供程序读取 For a program")] = False,
) -> None:
    """待办与消息 What an officer was told: numbers, due times and sentences, nothing of a household."""
    found, new, mark = _asked(user, unread, limit)
    if as_json:
        items = [{**asdict(it), "zh": it.zh, "en": it.en, "read": it.position <= mark} for it in found]
        typer.echo(json.dumps({"unread": new, "items": items}, ensure_ascii=False, indent=1, default=str))
        return
    typer.echo(f"未读 unread: {new}")
    for it in found:
        due = f"  到期 due {it.due_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}" if it.due_at else ""
        sign = " " if it.position <= mark else "*"
        about = it.number or it.place or "-"
        typer.echo(f"{sign} {it.since.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}  {about:<16} {it.zh} {it.en}{due}")


def _asked(user: str, unread: bool, limit: int) -> tuple["list[Notice]", int, int]:
    """The page, how many are unread, and the mark."""
    import psycopg

    from projections import inbox
    from services.bootstrap import open_directory
    from services.notify.read_marks import ReadMarks
    from services.persistence.scope import Scope, scoped

    url = Settings().database_url
    scope = Scope(people=frozenset({user}), barred=open_directory(url).superiors_of(user) | {user})
    with closing(ReadMarks(url)) as marks:
        mark = marks.of(user)
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection, scoped(connection, scope):
        found = inbox.page(connection, after=mark if unread else -1, limit=limit)
        new, _ = inbox.unread(connection, mark)
    return found, new, mark
