"""Which running limits does another holiday table move, and to when? Pure; to look first, and for the process.

The rule, and why: docs/decisions/0016-holiday-tables.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID, uuid5

from domain.deadlines import Deadline, redated
from domain.holidays.state import Holidays, InForce
from domain.holidays.words import YearTable
from domain.issue.commands import RedateDeadline
from domain.issue.state import Issue
from domain.plan import Plan
from domain.values import THE_PROCESS
from domain.workdays import SETTLED_BY_NEXT_NOTICE, HolidayTable

_STEPS: Final = UUID("a7b4e2d0-6c1f-4d83-8f15-93c0d7e6a2b8")
_NOT_YET: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moved:
    """One running limit under another table. `promise`: the household's own date beside it, if that moves.

    `telling`: until when the household is to be told, if that moves.
    """

    issue_id: UUID
    number: str
    unit: str
    person: str
    rule: str
    was: datetime
    due_at: datetime
    provisional: bool
    promise_was: datetime | None = None
    promise: datetime | None = None
    telling_was: datetime | None = None
    telling: datetime | None = None


def with_table(holidays: Holidays, table: YearTable, base: Mapping[int, YearTable]) -> HolidayTable:
    """The tables as they would be if this one were in force."""
    wanted = InForce(holidays.version + 1, table, _NOT_YET)
    later = Holidays(holidays.version, holidays.version + 1, holidays.seeded, {**holidays.years, table.year: wanted})
    return later.table(base)


def first_day_touched(before: HolidayTable, after: HolidayTable) -> date | None:
    """The first day on which the tables differ; a year that becomes official counts from the last days before it."""
    years = [date(year - 1, 12, SETTLED_BY_NEXT_NOTICE) for year in after.years ^ before.years]
    days = (before.days_off ^ after.days_off) | (before.make_up_days ^ after.make_up_days)
    return min([*years, *days], default=None)


def moved_by(issue: Issue, plan: Plan, table: HolidayTable, now: datetime) -> Moved | None:
    """What the table does to the issue's running limits; None if nothing that anybody is told of changes."""
    deadline = issue.deadline
    if deadline is None:
        return None
    new = deadline if issue.missed else redated(deadline, plan, table, now)
    promise = None if issue.promise_missed else issue.promise
    later = promise and redated(promise, plan, table, now)
    notice = None if issue.notice_missed else issue.notice
    telling = notice and redated(notice, plan, table, now)
    if not any(
        old and new and _differs(old, new) for old, new in ((deadline, new), (promise, later), (notice, telling))
    ):
        return None
    return Moved(
        issue_id=issue.issue_id,
        number=issue.number,
        unit=issue.responsible.unit,
        person=issue.responsible.person,
        rule=deadline.rule,
        was=deadline.due_at,
        due_at=new.due_at,
        provisional=new.provisional,
        promise_was=promise.due_at if promise else None,
        promise=later.due_at if later else None,
        telling_was=notice.due_at if notice else None,
        telling=telling.due_at if telling else None,
    )


def _differs(old: Deadline, new: Deadline) -> bool:
    told = ("due_at", "remind_at", "provisional", "earliest", "latest")
    return any(getattr(old, name) != getattr(new, name) for name in told)


def redate_command(issue: Issue, calendar: int, notice: str, now: datetime) -> RedateDeadline | None:
    """The process's step for this limit and table; its id follows from both, so that it happens once."""
    if issue.deadline is None:
        return None
    return RedateDeadline(
        command_id=uuid5(_STEPS, f"{issue.issue_id}/{calendar}/{issue.deadline.due_at.astimezone(UTC).isoformat()}"),
        actor=THE_PROCESS,
        occurred_at=now,
        issue_id=issue.issue_id,
        due_at=issue.deadline.due_at,
        calendar=calendar,
        notice=notice,
    )
