"""The guards of adopting a plan: each is one sentence, written once. They refuse by raising."""

from collections.abc import Set
from datetime import date, datetime
from uuid import UUID

from domain.adoption import errors
from domain.adoption.state import Adoptions, Proposal, Standing
from domain.plan import Plan, bundled
from domain.values import LOCAL_ZONE


def known_township(townships: Set[str], township: str | None) -> None:
    """A plan is for the county, or for a township that is registered."""
    if township is not None and township not in townships:
        raise errors.UnknownTownship


def not_in_the_past(starts_on: date, now: datetime) -> None:
    """A plan begins today at the earliest, lest it judge what is past."""
    if starts_on < now.astimezone(LOCAL_ZONE).date():
        raise errors.StartsInThePast


def version_is_free(adoptions: Adoptions, plan: Plan) -> None:
    """One key and version always mean the same content: what was adopted or waits under them, or what came along."""
    kept = (it.plan for it in adoptions.proposals.values() if it.standing is not Standing.WITHDRAWN)
    known = next((it for it in kept if it.id == plan.id), None) or bundled(plan.id)
    if known is not None and known != plan:
        raise errors.VersionTaken


def not_proposed_yet(adoptions: Adoptions, plan: Plan, starts_on: date, township: str | None) -> None:
    """Nothing waits twice for the same confirmation."""
    for it in adoptions.proposals.values():
        same = (it.plan.id, it.starts_on, it.township) == (plan.id, starts_on, township)
        if same and it.standing is Standing.PROPOSED:
            raise errors.AlreadyProposed


def waiting(adoptions: Adoptions, proposal: UUID) -> Proposal:
    """The proposal exists and was neither adopted nor withdrawn."""
    found = adoptions.proposals.get(proposal)
    if found is None:
        raise errors.NoSuchProposal
    if found.standing is not Standing.PROPOSED:
        raise errors.ProposalSettled
    return found
