"""The guards of bulletins: each is one sentence, written once. They refuse by raising."""

from collections.abc import Iterable
from datetime import datetime

from domain import errors as general
from domain.bulletin import errors as refused
from domain.bulletin.commands import NameInBulletin
from domain.bulletin.events import BulletinDrawnUp, BulletinIssued
from domain.bulletin.figures import station_of
from domain.bulletin.policy import Bulletins
from domain.bulletin.state import Bulletin, Item
from domain.commands import Command
from domain.context import Context
from domain.issue.rules import another_person, had_a_hand_in
from domain.issue.state import Issue
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.periods import Cycle, Period


def asked_for(context: Context, organisation: Organisation, township: str, month: Period) -> Bulletins:
    """The plan in force asks for a bulletin (CX10, PC7, MZ6) of each township and month."""
    place = organisation.place(township)
    if context.plan.bulletin is None or place is None or place.kind is not PlaceKind.TOWNSHIP:
        raise refused.NoBulletin
    if month.cycle is not Cycle.MONTH or context.is_before_us(month.starts_at):
        raise refused.NoBulletin
    return context.plan.bulletin


def not_opened(bulletin: Bulletin | None) -> None:
    """One bulletin for each township and month."""
    if bulletin is not None:
        raise general.AlreadySaid


def opened(bulletin: Bulletin | None) -> Bulletin:
    """There is such a bulletin."""
    if bulletin is None:
        raise general.NotFound
    return bulletin


def not_drawn_up(bulletin: Bulletin) -> None:
    """It is drawn up once."""
    if bulletin.drawn is not None:
        raise general.AlreadySaid


def drawn_up(bulletin: Bulletin) -> BulletinDrawnUp:
    """Only what is drawn up can be named in or issued."""
    if bulletin.drawn is None:
        raise refused.NotDrawnUp
    return bulletin.drawn


def not_issued(bulletin: Bulletin) -> None:
    """What was issued is never changed."""
    if bulletin.issued is not None:
        raise refused.BulletinIsIssued


def issued(bulletin: Bulletin) -> BulletinIssued:
    """Only what was issued is corrected."""
    if bulletin.issued is None:
        raise refused.BulletinNotIssued
    return bulletin.issued


def to_be_named(bulletin: Bulletin, command: NameInBulletin, context: Context, organisation: Organisation) -> Issue:
    """An issue of the township, not named for the same already; a complaint about an official is none, for nobody."""
    found = next((it for it in context.others.values() if it.number == command.issue), None)
    if found is None or found.concerns is not None or station_of(organisation, found.village, command.place) is None:
        raise refused.NotToBeNamed
    named = {(it.named.issue, it.named.handling) for it in bulletin.standing}
    if (command.issue, command.handling) in named:
        raise refused.NotToBeNamed
    return found


def no_hand_in_it(issues: Iterable[Issue], command: Command) -> None:
    """Whoever handles the issue, answers for it or leads it neither names it nor takes it off."""
    for issue in issues:
        another_person(command.actor.persons, had_a_hand_in(issue))


def item_of(bulletin: Bulletin, number: int) -> Item:
    """The bulletin names this item."""
    item = bulletin.items.get(number)
    if item is None or not item.stands:
        raise refused.NoSuchItem
    return item


def not_told_overdue(bulletin: Bulletin, now: datetime) -> None:
    """Its day is over, nobody issued it, and that was not said before."""
    if bulletin.overdue or bulletin.issued is not None:
        raise general.AlreadySaid
    if now < bulletin.opened.issue_by:
        raise general.NotDueYet
