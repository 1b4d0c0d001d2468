"""The plans proposed and adopted so far; `fold` reads a whole history. Pure.

Called by casework, by what keeps the plan book (services/persistence/adopted_plans.py) and by read-outs.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.adoption import events as e
from domain.events import DomainEvent
from domain.issue.evolve import BrokenHistory
from domain.plan import Plan


class Standing(StrEnum):
    """What became of a proposal."""

    PROPOSED = "proposed"  # 待确认
    ADOPTED = "adopted"  # 已采用
    WITHDRAWN = "withdrawn"  # 已撤回


@dataclass(frozen=True, slots=True)
class Proposal:
    """One version of a plan, to be in force from `starts_on`; `since`: from when it really is, once adopted."""

    id: UUID
    plan: Plan
    document: str
    sha256: str
    starts_on: date
    township: str | None
    proposed_by: str
    proposers: frozenset[str]  # a deputy, and whom they stood in for
    standing: Standing = Standing.PROPOSED
    since: datetime | None = None
    settled_by: str | None = None


@dataclass(frozen=True, slots=True)
class Adoptions:
    """Every proposal in the order of proposing, and those adopted in the order of adopting."""

    version: int = 0
    proposals: dict[UUID, Proposal] = field(default_factory=dict)
    adopted: tuple[Proposal, ...] = ()


def canonical(plan: Plan) -> str:
    """The plan as the one JSON text that stands for it: names sorted, nothing left to chance."""
    whole = plan.model_dump(mode="json", exclude_none=True)
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(document: str) -> str:
    """SHA-256 of a canonical document, in hex."""
    return hashlib.sha256(document.encode()).hexdigest()


def fold(history: Iterable[Any], after: Adoptions | None = None) -> Adoptions:
    """The state after more, or all, of the history; empty if nothing was ever proposed. Raises BrokenHistory."""
    it = after or Adoptions()
    for event in history:
        it = evolve(it, event)
    return it


def evolve(it: Adoptions, event: DomainEvent) -> Adoptions:
    """The state after `event`. Raises BrokenHistory if the event does not follow."""
    if event.originator_version != it.version + 1:
        raise BrokenHistory(f"adoption: {event.TOPIC} at {event.originator_version} after {it.version}")
    it = replace(it, version=event.originator_version)
    match event:
        case e.PlanProposed():
            return _with(it, _proposed(event))
        case e.PlanAdopted():
            adopted = replace(_settled(it, event, Standing.ADOPTED), since=event.since)
            return replace(_with(it, adopted), adopted=(*it.adopted, adopted))
        case e.ProposalWithdrawn():
            return _with(it, _settled(it, event, Standing.WITHDRAWN))
    raise BrokenHistory(f"adoption: {event.TOPIC} is no event of it")


def _proposed(event: e.PlanProposed) -> Proposal:
    return Proposal(
        id=event.command_id,
        plan=Plan.model_validate_json(event.document),
        document=event.document,
        sha256=event.sha256,
        starts_on=event.starts_on,
        township=event.township,
        proposed_by=event.actor.user,
        proposers=event.actor.persons,
    )


def _settled(it: Adoptions, event: e.PlanAdopted | e.ProposalWithdrawn, standing: Standing) -> Proposal:
    return replace(it.proposals[event.proposal], standing=standing, settled_by=event.actor.user)


def _with(it: Adoptions, proposal: Proposal) -> Adoptions:
    return replace(it, proposals={**it.proposals, proposal.id: proposal})
