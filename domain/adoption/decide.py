"""What each command about the plans in force does: the table at the foot. Pure.

Called by casework. The guards stand in rules.py.
"""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from domain.adoption import commands as c
from domain.adoption import events as e
from domain.adoption import rules
from domain.adoption.state import Adoptions, canonical, digest_of
from domain.commands import stamp
from domain.context import Context, Log
from domain.events import DomainEvent
from domain.issue import rules as general
from domain.plan import plan_of
from domain.values import LOCAL_ZONE

Decision = Callable[[Adoptions, Any, Context], DomainEvent]


def decide(adoptions: Adoptions, command: c.AdoptionCommand, context: Context) -> tuple[DomainEvent, ...]:
    """The event that `command` causes. Raises a Refusal; then nothing happened."""
    general.role_may(command)
    general.happened_by(context.now, command.occurred_at)
    return (DECISIONS[type(command)](adoptions, command, context),)


def needs(_: c.AdoptionCommand, log: Log) -> dict[str, Any]:
    """For which townships there can be a plan."""
    return {"townships": log.organisation().open_townships()}


def _next(adoptions: Adoptions, command: c.AdoptionCommand) -> dict[str, Any]:
    return stamp(c.ADOPTION_ID, adoptions.version + 1, command)


def propose(adoptions: Adoptions, command: c.ProposePlan, context: Context) -> DomainEvent:
    """A sound plan waits for somebody else's confirmation."""
    plan = plan_of(command.document)
    rules.known_township(context.townships, command.township)
    rules.not_in_the_past(command.starts_on, context.now)
    rules.version_is_free(adoptions, plan)
    rules.not_proposed_yet(adoptions, plan, command.starts_on, command.township)
    document = canonical(plan)
    return e.PlanProposed(
        **_next(adoptions, command),
        plan=plan.id,
        document=document,
        sha256=digest_of(document),
        starts_on=command.starts_on,
        township=command.township,
    )


def adopt(adoptions: Adoptions, command: c.AdoptPlan, context: Context) -> DomainEvent:
    """Another person confirms; it is in force from the day proposed, or from now on if that is today.

    Counted by our own clock, not by the time that the caller claims: nobody adopts a plan for yesterday.
    """
    proposal = rules.waiting(adoptions, command.proposal)
    general.another_person(command.actor.persons, proposal.proposers)
    rules.not_in_the_past(proposal.starts_on, context.now)
    begins = datetime.combine(proposal.starts_on, time(), LOCAL_ZONE)
    return e.PlanAdopted(
        **_next(adoptions, command),
        proposal=proposal.id,
        plan=proposal.plan.id,
        sha256=proposal.sha256,
        since=max(begins, context.now),
        township=proposal.township,
    )


def withdraw(adoptions: Adoptions, command: c.WithdrawProposal, _: Context) -> DomainEvent:
    """It is not going to be adopted; its version number is free again."""
    proposal = rules.waiting(adoptions, command.proposal)
    return e.ProposalWithdrawn(
        **_next(adoptions, command), proposal=proposal.id, plan=proposal.plan.id, reasons=command.reasons
    )


DECISIONS: dict[type[c.AdoptionCommand], Decision] = {
    c.ProposePlan: propose,
    c.AdoptPlan: adopt,
    c.WithdrawProposal: withdraw,
}
