"""Which plan is in force, where and when? The book of all that were adopted; pure, looked up by every decision.

Handed to casework by the office (domain/office.py); made from the log by services/persistence/adopted_plans.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.adoption.state import Adoptions
from domain.plan import Plan, bundled
from domain.plan_parts import Category


@dataclass(frozen=True, slots=True)
class InForce:
    """A plan from `since` on; `townships`: every name of the township that it is for, None: the whole county."""

    plan: Plan
    since: datetime
    townships: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class PlanBook:
    """`fallback` is in force until something is adopted; `adopted` in the order of adoption."""

    fallback: Plan
    adopted: tuple[InForce, ...] = ()
    by_id: Mapping[str, Plan] = field(default_factory=dict)

    @property
    def asks_where(self) -> bool:
        """Whether any township has a plan of its own, so that the township matters at all."""
        return any(it.townships is not None for it in self.adopted)

    def in_force(self, at: datetime, township: str | None = None) -> Plan:
        """The plan for this township at this moment.

        A township's own plan goes before the county's, whichever was adopted later; of two for the same place the one
        that came into force last, and of two of the same moment the one adopted last.
        """
        if not self.adopted:
            return self.fallback
        begun = [it for it in self.adopted if it.since <= at]
        own = [it for it in begun if it.townships is not None and township in it.townships]
        found = own or [it for it in begun if it.townships is None]
        last = max(enumerate(found), key=lambda pair: (pair[1].since, pair[0]), default=None)
        return last[1].plan if last else self.fallback

    def named(self, plan_id: str) -> Plan:
        """The plan under whose id (`cx@1`) an event counted; if it is nowhere any more, the fallback."""
        return self.by_id.get(plan_id) or bundled(plan_id) or self.fallback

    def category(self, plan_id: str, key: str) -> Category | None:
        """What a category is called: by the plan under which the issue was logged, else by any that knows it."""
        plans = (self.named(plan_id), *(it.plan for it in reversed(self.adopted)), self.fallback)
        return next((plan.categories[key] for plan in plans if key in plan.categories), None)


def book_of(
    adoptions: Adoptions, fallback: Plan, names_of: Callable[[str], frozenset[str]] = lambda name: frozenset({name})
) -> PlanBook:
    """The book of these adoptions; `names_of(township)` gives every name that it has, or ever had."""
    adopted = tuple(
        InForce(it.plan, it.since, names_of(it.township) if it.township is not None else None)
        for it in adoptions.adopted
        if it.since is not None
    )
    return PlanBook(fallback, adopted, {fallback.id: fallback, **{it.plan.id: it.plan for it in adopted}})
