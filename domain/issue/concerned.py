"""A complaint about an official is neither routed to that official, nor to those who answer to them.

The guards and the routing of such issues; asked by decide.py, rules.py and the decisions.
"""

from collections.abc import Set

from domain import errors
from domain.context import Context, Village
from domain.values import Actor, Responsible, Role


def is_barred(person: str, concerns: str | None, context: Context) -> bool:
    """Whether `person` is the official complained of, or has that official above them."""
    if concerns is None:
        return False
    return person == concerns or concerns in context.directory.superiors_of(person)


def may_act(actor: Actor, concerns: str | None, context: Context) -> None:
    """Nobody acts in a complaint about themselves or about somebody above them, nor takes one down."""
    if actor.role is not Role.PROCESS and is_barred(actor.user, concerns, context):
        raise errors.OfficialConcerned


def may_be_named(person: str, concerns: str | None, context: Context) -> None:
    """Nobody is made to answer for a complaint about themselves or about somebody above them."""
    if is_barred(person, concerns, context):
        raise errors.PersonBarred


def unless_barred(owner: Responsible, village: Village, concerns: str | None, context: Context) -> Responsible:
    """The owner, or the next one up who may answer for it. Raises NobodyMayAnswer if there is none."""
    if not is_barred(owner.person, concerns, context):
        return owner
    for unit, person in _above(owner.unit, village, context):
        if person is not None and not is_barred(person, concerns, context):
            return Responsible(unit=unit, person=person)
    raise errors.NobodyMayAnswer


def above_for(village: Village, concerns: str | None, context: Context, but: Set[str]) -> tuple[str, ...] | None:
    """Who is told that something waits for a second person: lead, township, county, the nearest who may act in it.

    None of `but` (four eyes), nor anybody barred; None if nobody is left.
    """
    tops = (context.directory.head_of(unit, village.code) for unit in ("township", "county"))
    every = (person for person in (village.lead, *tops) if person is not None and person not in but)
    return tuple(person for person in every if not is_barred(person, concerns, context))[:1] or None


def _above(unit: str, village: Village, context: Context) -> list[tuple[str, str | None]]:
    """Units and people above this unit's, the nearest first."""
    lead = [(unit, village.lead)] if unit.startswith("station:") else []
    tops: list[tuple[str, str | None]] = [
        (top, context.directory.head_of(top, village.code)) for top in ("township", "county") if top != unit
    ]
    return [*lead, *(tops if unit != "county" else [])]
