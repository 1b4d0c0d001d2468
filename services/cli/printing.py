"""`huiyin reply print`, `meeting print`, `bulletin print`, `card print`: single documents for paper, as html or PDF.

Whoever works on the machine itself reads its files too; what is opened is written down as a look by export.
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

from domain.errors import NotFound
from services.cli.copying import Output, put_out

reply_app = typer.Typer(help="书面回复 The written reply to an issue.", no_args_is_help=True)
card_app = typer.Typer(help="便民联系卡 The contact card of a village.", no_args_is_help=True)


class Format(StrEnum):
    """How a document comes out."""

    PDF = "pdf"
    HTML = "html"


AskedFormat = Annotated[Format, typer.Option("--format", help="pdf, html")]


@reply_app.command("print")
def reply(
    number: Annotated[str, typer.Argument(help="编号 Number, e.g. QS-2026-0001")],
    form: AskedFormat = Format.PDF,
    output: Output = None,
) -> None:
    """打印书面回复 The last reply in its four copies 四联 (F11), each on a page of its own."""
    from projections.pages import WHOLE
    from services.bootstrap import open_directory, open_unsealing
    from services.cli.records import reading
    from services.exports.called import called
    from services.exports.documents import latest_reply, office_of, reply_page
    from services.exports.form import opened
    from services.exports.reply_form import REPLIES
    from services.privacy.looks import Door
    from services.privacy.unsealing import on_this_machine
    from services.settings import Settings

    settings = Settings()
    with reading() as (connection, book), open_unsealing(settings) as unsealing:
        found = latest_reply(REPLIES.ask(connection, {**WHOLE, "number": number}))
        if not found:
            raise NotFound
        lines = opened(REPLIES, unsealing, on_this_machine(Door.EXPORT), found, book, called(connection))
    organisation = open_directory(settings.database_url).organisation()
    _out(reply_page(lines, office_of(organisation, found[0].unit, found[0].village)), form, output)


def minutes(
    meeting_id: Annotated[UUID, typer.Argument(help="会议号 Id, as `huiyin ledger meetings` lists it")],
    form: AskedFormat = Format.PDF,
    output: Output = None,
) -> None:
    """打印会议记录 The minutes (F15) with sign-in, points, votes and decisions."""
    from services.bootstrap import casework_of, open_unsealing
    from services.cli.meetings import history_of
    from services.exports.documents import minutes_page
    from services.exports.minutes_form import decisions_of, head_of, items_of, sealed_in, title_of
    from services.privacy.looks import Door, Seen
    from services.privacy.unsealing import on_this_machine
    from services.settings import Settings

    settings = Settings()
    with casework_of(settings) as casework:
        events = history_of(casework, meeting_id)
        items = items_of(events, decisions_of(events, casework.history))
    with open_unsealing(settings) as unsealing:
        words = unsealing.texts(on_this_machine(Door.EXPORT), {text: text for text in sealed_in(items)}, Seen.HISTORY)
    _out(minutes_page(title_of(events), head_of(events), items, words), form, output)


def bulletin(
    township: Annotated[str, typer.Argument(help="乡镇代码 Code of the township")],
    month: Annotated[str, typer.Argument(help="月份 Month, e.g. 2026-03")],
    form: AskedFormat = Format.PDF,
    output: Output = None,
) -> None:
    """打印月通报 The bulletin (F12), also one that waits to be issued."""
    from services.cli.bulletins import lines_of
    from services.exports.documents import bulletin_page

    _out(bulletin_page(lines_of(township, month)), form, output)


@card_app.command("print")
def card(
    village: Annotated[str, typer.Argument(help="村(社区)代码 Village code")],
    form: AskedFormat = Format.PDF,
    output: Output = None,
) -> None:
    """打印便民联系卡 The latest edition of a village's contact card (F13), four on a page."""
    from domain.liaison.commands import card_id_of
    from domain.liaison.events import ContactCardIssued
    from services.bootstrap import casework_of
    from services.exports.documents import card_page
    from services.exports.paper import unit_of
    from services.settings import Settings

    with casework_of(Settings()) as casework:
        issued = [it for it in casework.history(card_id_of(village)) if isinstance(it, ContactCardIssued)]
        unit = unit_of(casework.organisation(), village)
    if not issued:
        raise NotFound
    _out(card_page(unit, issued[-1].edition, issued[-1].officials, issued[-1].promise), form, output)


def _out(page: str, form: Format, output: Output) -> None:
    """Raises PdfNotAvailable, PdfFailed."""
    from services.exports.pdf import press

    put_out(page.encode() if form is Format.HTML else press().pdf(page), output)
