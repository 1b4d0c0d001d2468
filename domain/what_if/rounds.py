"""Who would have got what in the rounds that were proposed, by the other plan, of the same money?

The projects that waited, and what was left of the budget, stay as they were; so does what was granted in between.
"""

from collections.abc import Iterable, Iterator

from domain.events import DomainEvent
from domain.fund.events import Line, Project, RoundProposed
from domain.fund.policy import Funding
from domain.fund.state import Fund, evolve
from domain.fund.what_if import lines_of
from domain.plan import Plan
from domain.what_if.meetings import About
from domain.what_if.words import Changed, Judged, Question, Side, differs
from domain.what_if.world import World


def of_fund(history: Iterable[DomainEvent], world: World) -> Iterator[About]:
    """What differs in the rounds of one fund, project by project."""
    fund: Fund | None = None
    for event in history:
        if isinstance(event, RoundProposed) and fund is not None:
            yield from _compared(fund, event, world)
        fund = evolve(fund, event)


def _compared(fund: Fund, event: RoundProposed, world: World) -> Iterator[About]:
    then, plan = world.book.named(event.plan), world.plan_of(event.plan)
    projects = [Project(**line.model_dump(exclude={"amount", "standing"})) for line in event.lines]
    ranked = {} if plan.funding is None else {it.issue_id: it for it in lines_of(fund, projects, plan.funding)}
    for line in event.lines:
        recorded, other = _side(line, then), _side(ranked.get(line.issue_id), plan)
        changed = Changed(Question.RANKING, f"round {event.round}", event.occurred_at, recorded, other)
        if differs(changed):
            yield line.issue_id, changed


def _side(line: Line | None, plan: Plan) -> Side:
    if line is None:
        return Side(Judged.NOT_ASKED, plan.id)
    judged = Judged.YES if line.amount else Judged.NO
    return Side(judged, plan.id, f"{line.standing.value}{_terms(plan.funding)}", amount=line.amount)


def _terms(policy: Funding | None) -> str:
    if policy is None:
        return ""
    most = f", ≤ {policy.per_village.most}/村 village" if policy.per_village else ""
    return f" (≥ {policy.least_share}%{most})"
