"""Which plans are in force, were adopted, or wait to be confirmed? As plain values.

For `huiyin plan history` and `GET /api/v1/plans`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.adoption.book import PlanBook
from domain.adoption.state import Adoptions, Proposal
from domain.plan import Plan


@dataclass(frozen=True, slots=True)
class InForceLine:
    """The plan of one township (None: of every other one) now. `since` None: nothing was ever adopted for it."""

    township: str | None
    plan: str
    zh: str
    en: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal and what became of it; `document` only where asked for."""

    proposal: UUID
    plan: str
    zh: str
    en: str
    sha256: str
    township: str | None
    starts_on: date
    standing: str
    since: datetime | None
    proposed_by: str
    settled_by: str | None
    document: str | None = None


def in_force_lines(adoptions: Adoptions, book: PlanBook, at: datetime) -> Iterator[InForceLine]:
    """The county's plan, then each township's that has one of its own."""
    own = dict.fromkeys(it.township for it in adoptions.adopted if it.township is not None and _began(it, at))
    for township in (None, *own):
        plan = book.in_force(at, township)
        yield InForceLine(township, plan.id, plan.title.zh, plan.title.en, _since(adoptions, plan, township, at))


def _began(proposal: Proposal, at: datetime) -> bool:
    return proposal.since is not None and proposal.since <= at


def _since(adoptions: Adoptions, plan: Plan, township: str | None, at: datetime) -> datetime | None:
    found = (
        it.since
        for it in adoptions.adopted
        if (it.plan.id, it.township) == (plan.id, township) and it.since is not None and _began(it, at)
    )
    return max(found, default=None)


def proposal_lines(adoptions: Adoptions, *, documents: bool) -> Iterator[ProposalLine]:
    """Every proposal, oldest first."""
    for it in adoptions.proposals.values():
        yield ProposalLine(
            proposal=it.id,
            plan=it.plan.id,
            zh=it.plan.title.zh,
            en=it.plan.title.en,
            sha256=it.sha256,
            township=it.township,
            starts_on=it.starts_on,
            standing=it.standing.value,
            since=it.since,
            proposed_by=it.proposed_by,
            settled_by=it.settled_by,
            document=it.document if documents else None,
        )
