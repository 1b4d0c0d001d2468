"""The guards of a village's liaison register and contact card: each is one sentence, written once."""

from domain.context import Context
from domain.errors import AlreadySaid
from domain.liaison import commands as c
from domain.liaison import errors as refused
from domain.liaison.state import Card, Promise, Register, Solved
from domain.organisation.state import Organisation
from domain.values import LOCAL_ZONE


def of_its_year(command: c.RegisterCommand) -> None:
    """A year's register holds what happened in that year."""
    if command.occurred_at.astimezone(LOCAL_ZONE).year != command.year:
        raise refused.OtherYear


def listed(register: Register, household: str) -> None:
    """The household is on the priority register."""
    if household not in register.priority:
        raise refused.NotListed


def helped(register: Register, household: str) -> None:
    """The household has a help plan that goes on: nothing is promised or written down without one."""
    if household not in register.helped:
        raise refused.NoHelpPlan


def promise_to_keep(register: Register, household: str, number: int) -> Promise:
    """The measure was promised, and not kept yet."""
    promise = register.promises.get((household, number))
    if promise is None or promise.kept is not None:
        raise refused.NoSuchMeasure
    return promise


def officer_linked(organisation: Organisation | None, command: c.RecordDifficultySolved) -> None:
    """An officer answers for the households and villages to which they are linked."""
    links = organisation.links.get(command.officer, ()) if organisation else ()
    meant = (command.village, command.household)
    if not any((it.village, it.household) == meant and it.period.holds(command.occurred_at) for it in links):
        raise refused.NotLinkedThere


def shown_by_record(context: Context, command: c.RecordDifficultySolved) -> None:
    """What was solved is shown by an answered issue, or by a visit, of that very household (or village)."""
    if command.issue is not None:
        issues = list(context.others.values())
        proved = any(
            it.replied and it.village == command.village and command.household in (None, it.household) for it in issues
        )
    else:
        visit = context.visit
        proved = visit is not None and not visit.struck and command.household in (None, visit.household)
    if not proved:
        raise refused.DifficultyNotShown


def counted_once(register: Register, new: Solved) -> None:
    """One issue or visit is one difficulty for an officer."""
    if any((it.officer, it.shown_by) == (new.officer, new.shown_by) for it in register.solved):
        raise refused.DifficultyCounted


def really_new(register: Register, command: c.ListPriorityHousehold) -> None:
    """What is on the register already is not entered again, unless something of it changed."""
    entry = register.priority.get(command.household)
    if entry and (entry.reason, entry.planned) == (command.reason, command.planned):
        raise AlreadySaid


def names_who_serves(context: Context, organisation: Organisation | None, command: c.IssueContactCard) -> None:
    """A card names who is in charge of the village, and nobody who does not serve it (CX1, SG3)."""
    village = context.directory.village(command.village)
    on_it = {it.officer for it in command.officials}
    in_charge = {it for it in (village.handler, village.lead) if it} if village else set()
    if not in_charge <= on_it or not all(_serves(organisation, it, command) for it in on_it):
        raise refused.InChargeMissing


def _serves(organisation: Organisation | None, officer: str, command: c.IssueContactCard) -> bool:
    places = {it.code for it in organisation.upwards(command.village)} if organisation else set()
    posts = organisation.posts_of(officer, command.occurred_at) if organisation else ()
    return any(post.place in places for post in posts)


def latest_edition(card: Card | None, edition: int) -> Card:
    """What is handed out is the card as it was issued last."""
    if card is None or card.edition != edition:
        raise refused.OldEdition
    return card


def not_held_yet(card: Card, households: tuple[str, ...]) -> None:
    """Each household gets an edition once."""
    if any(card.holders.get(household) == card.edition for household in households):
        raise refused.CardDelivered
