"""Documents that are no lists: the written reply in four copies, minutes, the monthly bulletin, the contact card.

Each function gives a whole page for paper (printing.py) of what it is handed; whoever calls has looked it up and opened
its words for whoever reads it.
"""

from collections.abc import Mapping, Sequence

from domain.issue.words import CopyFor
from domain.liaison.events import OnCard
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from projections.bulletins import BulletinLine
from projections.labels import label
from projections.written_reply import CopyLine
from services.exports import bulletin_form, printing
from services.exports.cells import day
from services.exports.minutes_form import MINUTES_COLUMNS, Item
from services.exports.paper import Paper, period_in_words

_ORDINALS = "一二三四"
_CARDS_A_PAGE = 4


def reply_page(lines: Sequence[CopyLine], office: str, *, stylesheet: str | None = None) -> str:
    """A reply, each of its copies on a page of its own. `office`: what the answering unit is called."""
    copies = [
        {
            "line": line,
            "which": f"第{_ORDINALS[nth]}联　{label(CopyFor(line.copy_for)).zh}",
            "day": period_in_words(day(line.at)),
            "review_until": period_in_words(day(line.review_until)),
            "taken": " ".join(filter(None, (day(line.delivered_at), line.how))),
        }
        for nth, line in enumerate(lines)
    ]
    return printing.page("reply.html", stylesheet=stylesheet, copies=copies, office=office)


def latest_reply(lines: Sequence[CopyLine]) -> list[CopyLine]:
    """The copies of the last reply of all: a reopened issue is replied to again."""
    return [line for line in lines if line.at == lines[-1].at] if lines else []


def office_of(organisation: Organisation, unit: str, village: str) -> str:
    """What the unit of an issue of this village is called, with its township's name."""
    township = organisation.within(village, PlaceKind.TOWNSHIP)
    name = township.name if township else ""
    kind, _, key = unit.partition(":")
    if kind == PlaceKind.STATION:
        place = organisation.place(key)
        return f"{name}{place.name if place else key}驻点团队"
    if kind == PlaceKind.DEPARTMENT:
        found = [it for it in organisation.places.values() if it.unit == unit]
        own = [it for it in found if township is None or it.parent == township.code]
        return f"{name if own else ''}{(own or found)[0].name}" if found else f"{name}{key}"
    if kind == PlaceKind.TOWNSHIP:
        return f"{name}人民政府"
    return next((it.name for it in organisation.places.values() if it.kind is PlaceKind.COUNTY), "县")


def minutes_page(
    title: str,
    head: Sequence[tuple[str, str]],
    items: Sequence[Item],
    words: Mapping[str, str | None],
    *,
    stylesheet: str | None = None,
) -> str:
    """Minutes 会议记录. `words`: sealed text -> what this reader sees of it."""
    rows = [dict(zip(MINUTES_COLUMNS, item.row(words), strict=True)) for item in items]
    return printing.page("minutes.html", stylesheet=stylesheet, title=title, head=head, items=rows)


def bulletin_page(lines: Sequence[BulletinLine], *, stylesheet: str | None = None) -> str:
    """A bulletin 月通报: its table, what is named, and where its figures came from."""
    told = bulletin_form.told(lines)
    widths = tuple(10 if "事项" in it or "率" in it or "情况" in it else 4 for it in told.columns)
    paper = Paper("bulletin", told.title, (), tuple(told.columns), widths)
    return printing.page("bulletin.html", stylesheet=stylesheet, paper=paper, told=told)


def card_page(
    unit: str, edition: int, officials: Sequence[OnCard], promise: str, *, stylesheet: str | None = None
) -> str:
    """The contact card 便民联系卡 of a village, four times on a page, to be cut."""
    shown = {"unit": unit, "edition": edition, "officials": officials, "promise": promise}
    return printing.page("card.html", stylesheet=stylesheet, times=_CARDS_A_PAGE, **shown)
