"""What each command to a village's liaison register or contact card does: the table at the foot. Pure.

Called by casework, which loads the household, issue, visit or organisation that a decision looks at.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain.commands import stamp
from domain.context import Context, Log
from domain.events import DomainEvent
from domain.household import rules as of_households
from domain.issue import rules as common
from domain.liaison import commands as c
from domain.liaison import events as e
from domain.liaison import rules
from domain.liaison.state import Card, Register, Solved
from domain.values import LOCAL_ZONE
from domain.visit.commands import diary_id_of
from domain.visit.rules import consent_recorded
from domain.visit.state import fold as fold_diary

State = Register | Card | None
Decision = Callable[[Any, Any, Context], DomainEvent]


def decide(state: State, command: c.LiaisonCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The event that `command` causes. Raises a Refusal; then nothing happened."""
    common.role_may(command)
    common.happened_by(context.now, command.occurred_at)
    common.known_village(context, command.village)
    if isinstance(command, c.RegisterCommand):
        rules.of_its_year(command)
        state = state or Register(command.stream_id)
    return (DECISIONS[type(command)](state, command, context),)


def household_of(_: State, command: c.LiaisonCommand, __: Context) -> tuple[str, str] | None:
    """Whose words a command brings."""
    household: str | None = getattr(command, "household", None)
    return None if household is None else (command.village, household)


def needs(command: c.LiaisonCommand, log: Log) -> dict[str, Any]:
    """The household's consents, the issue or visit that shows something, the organisation."""
    match command:
        case c.ListPriorityHousehold():
            return {"household": log.household(command.village, command.household)}
        case c.RecordDifficultySolved(issue=str(issue)):
            return {"others": log.issues_numbered((issue,)), "organisation": log.organisation()}
        case c.RecordDifficultySolved(month=str(month), entry=int(entry)):
            diary = fold_diary(log.history(diary_id_of(command.village, month)))
            visit = diary.visits.get(entry) if diary else None
            return {"visit": visit, "organisation": log.organisation()}
        case c.IssueContactCard():
            return {"organisation": log.organisation()}
    return {}


def _next(register: Register, command: c.RegisterCommand, context: Context) -> dict[str, Any]:
    envelope = stamp(command.stream_id, register.version + 1, command)
    return {**envelope, "village": command.village, "year": command.year, "entered_at": context.now}


def list_priority(register: Register, command: c.ListPriorityHousehold, context: Context) -> DomainEvent:
    """By consent; listed anew, another number of visits or reason holds."""
    consent_recorded(context, command.reason)
    rules.really_new(register, command)
    return e.PriorityHouseholdListed(
        **_next(register, command, context),
        household=command.household,
        reason=command.reason,
        planned=command.planned,
    )


def strike_priority(register: Register, command: c.StrikePriorityHousehold, context: Context) -> DomainEvent:
    """It needs no such visits any more, or wants none."""
    rules.listed(register, command.household)
    return e.PriorityHouseholdStruck(
        **_next(register, command, context), household=command.household, reason=command.reason
    )


def agree_help(register: Register, command: c.AgreeHelpPlan, context: Context) -> DomainEvent:
    """The household's own plan, in its words, with who agreed to it; agreed anew, the new one holds."""
    of_households.by_today(command.given_on, context.now)
    return e.HelpPlanAgreed(
        **_next(register, command, context),
        household=command.household,
        situation=command.situation,
        wish=command.wish,
        goal=command.goal,
        given_by=command.given_by,
        given_on=command.given_on,
    )


def promise(register: Register, command: c.PromiseMeasure, context: Context) -> DomainEvent:
    """Promised to a household that agreed to be helped, by a person, until a day."""
    rules.helped(register, command.household)
    number = 1 + sum(household == command.household for household, _ in register.promises)
    return e.MeasurePromised(
        **_next(register, command, context),
        household=command.household,
        number=number,
        measure=command.measure,
        officer=command.officer,
        due_on=command.due_on,
    )


def keep_promise(register: Register, command: c.RecordMeasureDone, context: Context) -> DomainEvent:
    """Kept on time, or late: by the day on which it was done."""
    made = rules.promise_to_keep(register, command.household, command.number)
    return e.MeasureDone(
        **_next(register, command, context),
        household=command.household,
        number=command.number,
        result=command.result,
        on_time=command.occurred_at.astimezone(LOCAL_ZONE).date() <= made.due_on,
    )


def end_help(register: Register, command: c.EndHelpPlan, context: Context) -> DomainEvent:
    """It can be ended at any time."""
    rules.helped(register, command.household)
    return e.HelpPlanEnded(**_next(register, command, context), household=command.household, reason=command.reason)


def solve(register: Register, command: c.RecordDifficultySolved, context: Context) -> DomainEvent:
    """A real difficulty of a linked household or village, shown by the log itself, counted once."""
    rules.officer_linked(context.organisation, command)
    rules.shown_by_record(context, command)
    shown_by = command.issue or f"{command.month}/{command.entry}"
    rules.counted_once(register, Solved(command.household, command.officer, shown_by))
    return e.DifficultySolved(
        **_next(register, command, context),
        number=len(register.solved) + 1,
        household=command.household,
        officer=command.officer,
        difficulty=command.difficulty,
        issue=command.issue,
        month=command.month,
        entry=command.entry,
    )


def enter(register: Register, command: c.EnterBook, context: Context) -> DomainEvent:
    """What the other registers do not tell by themselves."""
    return e.BookEntered(
        **_next(register, command, context),
        number=register.booked + 1,
        book=command.book,
        household=command.household,
        matter=command.matter,
        officer=command.officer,
        measures=command.measures,
        result=command.result,
    )


def issue_card(card: Card | None, command: c.IssueContactCard, context: Context) -> DomainEvent:
    """The next edition: whoever holds an earlier one is due for it."""
    rules.names_who_serves(context, context.organisation, command)
    return e.ContactCardIssued(
        **stamp(command.stream_id, card.version + 1 if card else 1, command),
        village=command.village,
        edition=card.edition + 1 if card else 1,
        officials=tuple(e.OnCard(**dict(it)) for it in command.officials),
        promise=command.promise,
    )


def deliver_cards(card: Card | None, command: c.DeliverCards, _: Context) -> DomainEvent:
    """The latest edition, to households that do not have it yet."""
    held = rules.latest_edition(card, command.edition)
    rules.not_held_yet(held, command.households)
    return e.CardsDelivered(
        **stamp(command.stream_id, held.version + 1, command),
        village=command.village,
        edition=command.edition,
        households=command.households,
    )


DECISIONS: Final[Mapping[type[c.LiaisonCommand], Decision]] = {
    c.ListPriorityHousehold: list_priority,
    c.StrikePriorityHousehold: strike_priority,
    c.AgreeHelpPlan: agree_help,
    c.PromiseMeasure: promise,
    c.RecordMeasureDone: keep_promise,
    c.EndHelpPlan: end_help,
    c.RecordDifficultySolved: solve,
    c.EnterBook: enter,
    c.IssueContactCard: issue_card,
    c.DeliverCards: deliver_cards,
}
