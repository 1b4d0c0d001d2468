"""Who of the pool comes first, and who gets what of the money that is left? (L9, CX7) Pure.

Urgency, then the order of submission, then the subsidy asked, the smaller first. Nobody overtakes: where the money does
not reach for somebody, it is not given to those behind. Only a village that has its projects is passed over.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_UP, Decimal
from typing import Final

from domain.fund.commands import MOST_IN_A_ROUND
from domain.fund.events import Line, Project
from domain.fund.policy import Funding
from domain.fund.words import Standing
from domain.issue.words import Urgency

_FEN: Final = Decimal("0.01")
_URGENCY: Final = {urgency: rank for rank, urgency in enumerate(Urgency)}  # the most urgent stands first
_FUNDED: Final = frozenset({Standing.IN_FULL, Standing.IN_PART})


def ranked(projects: Iterable[Project]) -> list[Project]:
    """The most urgent first; at last by id, so that everybody ranks alike."""
    return sorted(projects, key=lambda it: (_URGENCY[it.urgency], it.submitted_at, it.asked, it.issue_id))


def least_of(approved: Decimal, policy: Funding) -> Decimal:
    """The smallest amount with which a project may begin, rounded up to a fen."""
    return (approved * policy.least_share / 100).quantize(_FEN, ROUND_UP)


def ranking(projects: Iterable[Project], left: Decimal, policy: Funding, had: Mapping[str, int]) -> Iterator[Line]:
    """What each is to get of `left`, the first in rank first; `had`: how many projects each village was given."""
    given, counts, blocked = 0, dict(had), False
    for project in ranked(projects):
        amount, standing = _share(project, left, policy, counts.get(project.village, 0))
        if blocked and standing is not Standing.VILLAGE_HAS_MOST:
            amount, standing = Decimal(0), Standing.BEHIND_ANOTHER
        elif standing in _FUNDED and given == MOST_IN_A_ROUND:
            amount, standing = Decimal(0), Standing.NEXT_ROUND
        yield Line(**project.model_dump(), amount=amount, standing=standing)
        blocked = blocked or standing not in (Standing.IN_FULL, Standing.VILLAGE_HAS_MOST)
        if standing in _FUNDED:
            given, left = given + 1, left - amount
            counts[project.village] = counts.get(project.village, 0) + 1


def _share(project: Project, left: Decimal, policy: Funding, had: int) -> tuple[Decimal, Standing]:
    if policy.per_village is not None and had >= policy.per_village.most:
        return Decimal(0), Standing.VILLAGE_HAS_MOST
    if project.approved <= left:
        return project.approved, Standing.IN_FULL
    if left >= least_of(project.approved, policy) and left > 0:
        return left, Standing.IN_PART
    return Decimal(0), Standing.TOO_LITTLE_LEFT
