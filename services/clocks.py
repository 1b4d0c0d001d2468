"""Why does a limit end when it does, and what comes next? For the command line and the API, from the log itself."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from domain.casework import Casework
from domain.deadlines import count_of
from domain.explaining import chain, told
from domain.holidays.commands import HOLIDAYS_ID
from domain.holidays.state import fold
from domain.issue.clock_lives import ClockLife, Verdict, clock_lives
from domain.issue.state import Issue
from domain.plan import Plan
from domain.what_next import what_next
from domain.workdays import HolidayTable
from services.holidays import official_table, official_years

_RUNNING: Final = frozenset({Verdict.RUNNING, Verdict.PAUSED})


class Tables:
    """The holiday table of each version, read from the log when it is first asked for."""

    def __init__(self, casework: Casework) -> None:
        self._casework = casework
        self.of = lru_cache(maxsize=64)(self._of)

    def _of(self, version: int | None) -> HolidayTable:
        if not version:
            return official_table()
        history = (event for event in self._casework.history(HOLIDAYS_ID) if event.originator_version <= version)
        return fold(history).table(official_years())


def deadlines_of(casework: Casework, issue_id: UUID, plan: Plan) -> list[dict[str, Any]]:
    """Every clock of the issue, explained in both languages, with its days; the running ones with what follows.

    Each is told by the plan and the table that it was counted by; what would follow, by `plan`, the one in force.
    """
    tables, book = Tables(casework), casework.plan_book()
    lives = clock_lives(casework.history(issue_id))
    return [_shown(it, book.named(it.deadline.plan), plan, tables.of(it.deadline.calendar)) for it in lives]


def _shown(life: ClockLife, plan: Plan, in_force: Plan, table: HolidayTable) -> dict[str, Any]:
    deadline, runs = life.deadline, life.verdict in _RUNNING
    days = () if deadline.promised else count_of(deadline, plan, table).days
    return {
        "whose": life.whose,
        "verdict": life.verdict,
        "unit": life.holder.unit,
        "person": life.holder.person,
        "ended_at": life.ended_at,
        "deadline": deadline.model_dump(mode="json", exclude_none=True),
        "moves": [asdict(it) for it in life.moves],
        "days": [{"date": it.date, "counted": it.counted, "why": it.why, "official": it.official} for it in days],
        "explanation": {"zh": told(life, plan, table, "zh"), "en": told(life, plan, table, "en")},
        "follows": _follows(deadline.rule, in_force) if runs else {"zh": [], "en": []},
    }


def _follows(rule: str, plan: Plan) -> Mapping[str, list[str]]:
    return {"zh": chain(rule, plan, "zh"), "en": chain(rule, plan, "en")}


def next_of(issue: Issue, plan: Plan) -> list[dict[str, Any]]:
    """Who owes what, by when, and what happens by itself."""
    return [asdict(it) for it in what_next(issue, plan)]
