"""`huiyin meeting agenda | minutes`: what stands on it, what was decided; `huiyin ledger meetings` lists all.

Whoever works on the machine itself reads its files too. Exit status as app.py.
"""

import json
from typing import Annotated
from uuid import UUID

import typer

from domain.casework import Casework
from domain.errors import NotFound
from domain.events import DomainEvent
from domain.meeting import events as e
from projections.labels import label

app = typer.Typer(help="会议 A meeting.", no_args_is_help=True)

MeetingId = Annotated[UUID, typer.Argument(help="会议号 Id, as `huiyin ledger meetings` lists it")]
AsJson = Annotated[bool, typer.Option("--json", help="供程序读取 For a program")]


@app.command("agenda")
def agenda(meeting_id: MeetingId, as_json: AsJson = False) -> None:
    """议程 The items in order, how each came there, and who was told."""
    from services.bootstrap import casework_of
    from services.settings import Settings

    with casework_of(Settings()) as casework:
        events = history_of(casework, meeting_id)
    items = [item for event in events for item in _items(event)]
    if as_json:
        typer.echo(json.dumps([it.model_dump(mode="json") for it in items], ensure_ascii=False, indent=1))
        return
    for place, item in enumerate(items, 1):
        urgency = label(item.urgency).zh if item.urgency else ""
        typer.echo(f"{place:>3}  {item.number}  {label(item.source).zh} {label(item.source).en}  {urgency}")
    for told in (event for event in events if isinstance(event, e.MembersTold)):
        typer.echo(f"已通知 told: {'、'.join(told.members)}")


def _items(event: DomainEvent) -> tuple[e.AgendaItem, ...]:
    if isinstance(event, e.AgendaDrawn):
        return event.items
    return (event.item,) if isinstance(event, e.ItemAdded) else ()


@app.command("minutes")
def minutes(meeting_id: MeetingId) -> None:
    """会议记录 Who was there, each item with points, votes, decision, who and until when (F15)."""
    from services.bootstrap import casework_of, open_unsealing
    from services.exports.minutes_form import MINUTES_COLUMNS, decisions_of, head_of, items_of, sealed_in
    from services.privacy.looks import Door, Seen
    from services.privacy.unsealing import on_this_machine
    from services.settings import Settings

    settings = Settings()
    with casework_of(settings) as casework:
        events = history_of(casework, meeting_id)
        items = items_of(events, decisions_of(events, casework.history))
    with open_unsealing(settings) as unsealing:
        words = unsealing.texts(on_this_machine(Door.CLI), {text: text for text in sealed_in(items)}, Seen.HISTORY)
    for name, value in head_of(events):
        typer.echo(f"{name}：{value}")
    for item in items:
        typer.echo("")
        for name, value in zip(MINUTES_COLUMNS, item.row(words), strict=True):
            if value:
                typer.echo(f"{name}：{value}")


def history_of(casework: Casework, meeting_id: UUID) -> list[DomainEvent]:
    """Everything that happened to a meeting. Raises NotFound."""
    events = list(casework.history(meeting_id))
    if not events or not isinstance(events[0], e.AgendaDrawn | e.MeetingHeld):
        raise NotFound
    return events
