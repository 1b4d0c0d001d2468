"""What each command about a household does: the table at the foot. Pure, as domain/issue/decide.py.

Called by casework, which seals the words before they reach the log.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from domain import errors
from domain.commands import stamp
from domain.context import Context
from domain.events import DomainEvent
from domain.household import commands as c
from domain.household import events as e
from domain.household import rules
from domain.household.state import Household
from domain.issue import rules as common

Decision = Callable[[Household, Any, Context], DomainEvent]


def decide(household: Household | None, command: c.HouseholdCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The event that `command` causes. Raises a Refusal; then nothing happened."""
    common.role_may(command)
    common.happened_by(context.now, command.occurred_at)
    if isinstance(command, c.RegisterHousehold):
        return (register(household, command, context),)
    known = rules.registered(household)
    common.not_before(known.registered_at, command.occurred_at)
    return (DECISIONS[type(command)](known, command, context),)


def _next(household: Household, command: c.HouseholdCommand) -> dict[str, Any]:
    return stamp(household.household_id, household.version + 1, command)


def register(household: Household | None, command: c.RegisterHousehold, context: Context) -> DomainEvent:
    """A household enters the register."""
    rules.not_registered(household)
    common.known_village(context, command.village)
    return e.HouseholdRegistered(
        **stamp(command.stream_id, household.version + 1 if household else 1, command),
        village=command.village,
        household=command.household,
        name=command.name,
        phone=command.phone,
        address=command.address,
    )


def correct(household: Household, command: c.CorrectHousehold, _: Context) -> DomainEvent:
    """A wrong entry is corrected by a further event; what is not there cannot be taken out."""
    if command.value is None and command.field not in household.known:
        raise errors.NothingToCorrect
    return e.HouseholdCorrected(**_next(household, command), field=command.field, value=command.value)


def consent(household: Household, command: c.RecordPriorityConsent, context: Context) -> DomainEvent:
    """Priority visits need consent, for each reason by itself."""
    rules.by_today(command.given_on, context.now)
    if command.reason in household.consents:
        raise errors.AlreadySaid
    return e.PriorityConsentRecorded(
        **_next(household, command), reason=command.reason, given_by=command.given_by, given_on=command.given_on
    )


def withdraw(household: Household, command: c.WithdrawConsent, _: Context) -> DomainEvent:
    """What was consented to can be withdrawn at any time."""
    rules.consented(household, command.reason)
    return e.PriorityConsentWithdrawn(**_next(household, command), reason=command.reason)


def object_to(household: Household, command: c.ObjectToProcessing, _: Context) -> DomainEvent:
    """One objection waits for its answer at a time."""
    if household.objection_open:
        raise errors.AlreadySaid
    return e.ProcessingObjected(**_next(household, command), request=command.request, spoken_by=command.spoken_by)


def answer(household: Household, command: c.AnswerObjection, _: Context) -> DomainEvent:
    """Upheld, or refused with reasons."""
    rules.objection_waits(household)
    return e.ObjectionAnswered(**_next(household, command), upheld=command.upheld, answer=command.answer)


def request_copy(household: Household, command: c.RequestCopy, _: Context) -> DomainEvent:
    """That it asked is recorded; the copy itself is kept nowhere."""
    return e.CopyRequested(**_next(household, command), spoken_by=command.spoken_by)


def propose_erasure(household: Household, command: c.ProposeErasure, context: Context) -> DomainEvent:
    """One person proposes, while nothing is owed to the household."""
    rules.no_erasure_yet(household)
    rules.no_open_case(context.open_cases)
    return e.ErasureProposed(**_next(household, command), reason=command.reason)


def confirm_erasure(household: Household, command: c.ConfirmErasure, context: Context) -> DomainEvent:
    """Another person confirms. The waiting period counts from now, whatever time is claimed."""
    proposed = rules.erasure_proposed(household)
    if proposed.erase_at is not None:
        raise errors.AlreadySaid
    common.another_person(command.actor.persons, proposed.proposed_by)
    rules.no_open_case(context.open_cases)
    wait = timedelta(days=context.plan.households.erasure_after_days)
    return e.ErasureConfirmed(**_next(household, command), erase_at=context.now + wait)


def cancel_erasure(household: Household, command: c.CancelErasure, _: Context) -> DomainEvent:
    """Until it is done it can be called off."""
    rules.erasure_proposed(household)
    return e.ErasureCancelled(**_next(household, command), reasons=command.reasons)


def erase(household: Household, command: c.EraseHousehold, context: Context) -> DomainEvent:
    """When the waiting period is over and still no case is open."""
    rules.waited_long_enough(rules.erasure_proposed(household), context.now)
    rules.no_open_case(context.open_cases)
    return e.HouseholdErased(**_next(household, command), generation=command.generation)


DECISIONS: Final[Mapping[type[c.HouseholdCommand], Decision]] = {
    c.CorrectHousehold: correct,
    c.RecordPriorityConsent: consent,
    c.WithdrawConsent: withdraw,
    c.ObjectToProcessing: object_to,
    c.AnswerObjection: answer,
    c.RequestCopy: request_copy,
    c.ProposeErasure: propose_erasure,
    c.ConfirmErasure: confirm_erasure,
    c.CancelErasure: cancel_erasure,
    c.EraseHousehold: erase,
}
