"""Plans adopted, for tests: `adopting(plan, …)` decides proposal and confirmation; `book(…)` is what decisions ask."""

from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from domain.adoption import commands as c
from domain.adoption.book import PlanBook, book_of
from domain.adoption.decide import decide
from domain.adoption.state import Adoptions, fold
from domain.context import Context
from domain.plan import Plan, load_plan
from domain.values import Actor, Role
from tests.support.office import START, TOWNSHIP, office

_NAMESPACE = UUID("6c8cf2f4-0d0f-4f77-9f0e-2a7b8f1f3d11")
ADMIN: Final = Actor(user="admin", role=Role.ADMINISTRATOR)
ADMIN2: Final = Actor(user="admin2", role=Role.ADMINISTRATOR)
TOWNSHIPS: Final = frozenset({TOWNSHIP, "外山镇"})
C = TypeVar("C", bound=c.AdoptionCommand)


def ask(wish: type[C], /, *, at: datetime = START, by: Actor = ADMIN, key: object = "", **fields: Any) -> C:
    """A command whose id follows from everything given."""
    command_id = uuid5(_NAMESPACE, f"{wish.__name__}/{at}/{by}/{key}/{sorted(fields.items())!r}")
    return wish(command_id=command_id, actor=by, occurred_at=at, **fields)


def proposal_of(plan: Plan, starts_on: date = START.date(), **more: Any) -> c.ProposePlan:
    """Somebody proposes `plan`."""
    return ask(c.ProposePlan, document=plan.model_dump(mode="json", exclude_none=True), starts_on=starts_on, **more)


def context(now: datetime = START) -> Context:
    """What these decisions may look at."""
    asked = office()
    return Context(now, asked.plan, asked.holidays, asked.directory, townships=TOWNSHIPS)


def after(adoptions: Adoptions, *asked: c.AdoptionCommand, now: datetime = START) -> Adoptions:
    """The state once these commands are done."""
    for command in asked:
        adoptions = fold(decide(adoptions, command, context(now)), adoptions)
    return adoptions


def adopting(
    adoptions: Adoptions, plan: Plan, starts_on: date, *, township: str | None = None, now: datetime = START
) -> Adoptions:
    """The state once one administrator proposed this plan and another confirmed it."""
    proposed = proposal_of(plan, starts_on, at=now, township=township, key=adoptions.version)
    return after(adoptions, proposed, ask(c.AdoptPlan, at=now, by=ADMIN2, proposal=proposed.command_id), now=now)


def book(adoptions: Adoptions) -> PlanBook:
    """The book of these adoptions; the cx plan until one is in force."""
    return book_of(adoptions, load_plan("cx"))


def version(plan: Plan, number: int, **parts: dict[str, object]) -> Plan:
    """The plan as another version of it, with some entries of some parts changed."""
    whole = plan.model_dump()
    for part, entries in parts.items():
        whole[part] = {**whole[part], **entries}
    return Plan.model_validate({**whole, "version": number})
