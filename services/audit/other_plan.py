"""Which plan is asked about? One by its key or id, with some of its entries changed as somebody types them."""

from collections.abc import Mapping
from typing import Any

from domain.adoption.book import PlanBook
from domain.adoption.state import Adoptions
from domain.plan import Plan, PlanUnknown, bundled, load_plan, plan_keys, plan_of


def named_plan(name: str, book: PlanBook, adoptions: Adoptions) -> Plan:
    """A plan that comes along by its key (`cx`), or one that was adopted, or proposed last, by its id (`cx@2`).

    Raises PlanUnknown.
    """
    if name in plan_keys():
        return load_plan(name)
    proposed = {it.plan.id: it.plan for it in adoptions.proposals.values()}
    found = book.by_id.get(name) or proposed.get(name) or bundled(name)
    if found is None:
        raise PlanUnknown
    return found


def with_entries(plan: Plan, entries: Mapping[str, str]) -> Plan:
    """The plan with entries such as `clocks.on_site.amount` set; `none` leaves one out. Raises PlanInvalid."""
    raw = plan.model_dump(mode="json", exclude_none=True)
    for path, value in entries.items():
        *parts, last = path.split(".")
        table: Any = raw
        for part in parts:
            table = table.setdefault(part, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict):
            table.pop(last, None)
            if value != "none":
                table[last] = _typed(value)
    return plan_of(raw)


def _typed(value: str) -> object:
    """A number, yes or no where it is one; else the words."""
    if value in ("true", "false"):
        return value == "true"
    return int(value) if value.isascii() and value.removeprefix("-").isdigit() else value
