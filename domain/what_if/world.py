"""What is in force in the other world: plan and calendar, where and when.

Whatever the question leaves alone is as the log has it, so that a question which changes nothing changes no verdict.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.adoption.book import PlanBook
from domain.context import Context, Directory
from domain.counting import local_time
from domain.deadlines import Deadline, promised, reckon, was_promised
from domain.explaining import UNITS
from domain.plan import Plan
from domain.plan_parts import Rule
from domain.workdays import HolidayTable, Unit


@dataclass(frozen=True, slots=True)
class World:
    """`plan`, `holidays`: for all places and times; None: those in force then and there.

    `book`: every plan that was adopted; `tables`: the holiday table of each version (None: as it came along).
    """

    book: PlanBook
    tables: Callable[[int | None], HolidayTable]
    directory: Directory
    plan: Plan | None = None
    holidays: HolidayTable | None = None

    def plan_of(self, plan_id: str) -> Plan:
        """In the place of the plan under whose id an event counted."""
        return self.plan or self.book.named(plan_id)

    def plan_at(self, at: datetime, village: str) -> Plan:
        """In force at that time in that village."""
        return self.plan or self.in_force(at, village)

    def in_force(self, at: datetime, village: str) -> Plan:
        """By the log."""
        if not self.book.asks_where:
            return self.book.in_force(at)
        found = self.directory.village(village)
        return self.book.in_force(at, found.township if found else None)

    def table(self, version: int | None) -> HolidayTable:
        """In the place of the table of this version."""
        return self.holidays or self.tables(version)

    def context(self, at: datetime, plan: Plan, calendar: int | None) -> Context:
        """What a decision looks at, in this world."""
        return Context(now=at, plan=plan, holidays=self.table(calendar), directory=self.directory)

    def counted(self, deadline: Deadline) -> Deadline | None:
        """The clock as it would have been set; a date that a person promised stays. None: not asked for."""
        plan, table = self.plan_of(deadline.plan), self.table(deadline.calendar)
        rule = Rule(deadline.rule)
        if not plan.asks_for(rule):
            return None
        then = self.book.named(deadline.plan)
        if was_promised(deadline, (then if then.asks_for(rule) else plan).clock(rule).unit):
            return promised(rule, deadline.started_at, deadline.due_at, plan, table)
        return reckon(rule, deadline.started_at, plan, table)


def terms_of(deadline: Deadline) -> str:
    """The rule of a clock in short: amount, unit, and the row or article that asks for it."""
    if deadline.promised:
        return f"承诺日期 promised {local_time(deadline.due_at):%Y-%m-%d}"
    unit = UNITS[deadline.unit]
    basis = " ".join(filter(None, (deadline.basis, deadline.article)))
    return f"{deadline.amount} {unit['zh']} {unit['en']}" + (f" ({basis})" if basis else "")


def days_of(amount: int) -> str:
    """So many natural days, as a rule is told."""
    unit = UNITS[Unit.NATURAL]
    return f"{amount} {unit['zh']} {unit['en']}"
