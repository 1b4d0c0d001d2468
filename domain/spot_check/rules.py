"""The guards of spot checks: each is one sentence, written once. They refuse by raising."""

from collections.abc import Iterable, Set
from datetime import date, datetime, timedelta
from typing import Final

from domain import errors as general
from domain.context import Context
from domain.issue.rules import had_a_hand_in
from domain.issue.state import Issue
from domain.organisation.state import Organisation
from domain.spot_check import errors
from domain.spot_check.commands import OnCheck
from domain.spot_check.policy import SpotChecks
from domain.spot_check.state import Check, Found, Rectification
from domain.spot_check.words import Standing
from domain.values import Actor
from domain.visit.words import local_day

_CAUGHT_UP_WITHIN: Final = timedelta(days=62)


def asked_for(context: Context) -> SpotChecks:
    """The plan in force asks for spot checks (CX11, PC7)."""
    if context.plan.spot_checks is None:
        raise errors.NoSpotChecks
    return context.plan.spot_checks


def begun_in_time(draw_at: datetime, context: Context) -> None:
    """The day of the draw has come, not before us, and not so long ago that somebody could choose among months."""
    if context.now < draw_at:
        raise general.NotDueYet
    if context.now > draw_at + _CAUGHT_UP_WITHIN or context.is_before_us(draw_at):
        raise errors.MonthNotOpen


def not_begun(check: Check | None) -> None:
    """One check of a kind, a place and a time."""
    if check is not None:
        raise general.AlreadySaid


def of_this_township(check: Check | None, command: OnCheck) -> Check:
    """There is such a check, in this township."""
    if check is None or check.township != command.township:
        raise general.NotFound
    return check


def not_closed(check: Check) -> None:
    """What was closed stays as it is."""
    if check.closed:
        raise errors.CheckClosed


def has_been_drawn(check: Check) -> None:
    """A monthly check begins with its draw."""
    if not check.stations:
        raise errors.NotDrawnYet


def checked_here(check: Check, station: str) -> None:
    """The station is one of those checked."""
    if station not in check.stations:
        raise errors.NotOfThisCheck


def still_to_come(check: Check, items: Iterable[str]) -> None:
    """Each was drawn and has not been handed in; where none was drawn, the ledgers come once."""
    wanted = tuple(items)
    if not set(wanted) <= set(check.missing) or (not wanted and (check.missing or check.ledgers_came)):
        raise errors.NotOfThisCheck


def of_the_station(organisation: Organisation, actor: Actor, villages: Iterable[str], now: datetime) -> None:
    """Ledgers and rectifications come from those whose post looks after the villages checked."""
    posts = organisation.posts_of(actor.user, now)
    mine = {village for it in posts if it.role is actor.role for village in organisation.villages_under(it.place)}
    if mine.isdisjoint(villages):
        raise errors.NotChecked


def not_checking_oneself(organisation: Organisation, actor: Actor, places: Set[str], now: datetime) -> None:
    """Nobody who serves at a station, or in a village of it, checks it; nor does their deputy (D6)."""
    posts = (post for person in actor.persons for post in organisation.posts_of(person, now))
    if any(post.place in places for post in posts):
        raise errors.ChecksOneself


def item_of(check: Check, number: str, context: Context) -> Issue:
    """The issue is one drawn, or of a village inspected; a complaint about an official is none, for nobody."""
    found = next((it for it in context.others.values() if it.number == number), None)
    belongs = number in check.drawn.items if check.drawn else found is not None and found.village in check.villages
    if found is None or not belongs or found.concerns is not None:
        raise errors.NotOfThisCheck
    return found


def no_hand_in_it(issue: Issue, actor: Actor) -> None:
    """Whoever handled the issue, answers for it or leads it does not judge it."""
    if actor.persons & had_a_hand_in(issue):
        raise general.SamePerson


def finding_of(check: Check, number: int) -> Found:
    """The check has this finding."""
    found = check.findings.get(number)
    if found is None:
        raise errors.NoSuchFinding
    return found


def not_ordered_yet(found: Found) -> None:
    """One rectification for each finding."""
    if found.rectification is not None:
        raise errors.RectificationStands


def stands_at(found: Found, standing: Standing) -> Rectification:
    """The rectification stands where this can be done."""
    if found.rectification is None or found.rectification.standing is not standing:
        raise errors.RectificationStands
    return found.rectification


def within(organisation: Organisation, unit: str, township: str) -> None:
    """The unit that has to put it right lies in the township."""
    if organisation.township_of(unit) != township:
        raise errors.NotOfThisCheck


def not_past(day: date, moment: datetime) -> None:
    """What is to be put right is due today or later."""
    if day < local_day(moment):
        raise general.PromiseInThePast


def everything_in_or_missed(check: Check) -> None:
    """The ledgers came, or it was recorded that they did not."""
    if not check.all_in and not check.hand_in_missed:
        raise errors.LedgersOutstanding


def everything_rectified(check: Check) -> None:
    """No rectification is open (D6: tracked to the end)."""
    if check.open_findings:
        raise errors.RectificationOpen
