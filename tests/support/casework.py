"""What tests of casework share: an office, a clock to set, commands, named states, given/when/then, a real casework.

`case("feedback")` is an issue's life in memory; `live_through(casework, clock, case("feedback"))` lives it for real.
"""

from collections.abc import Iterator
from datetime import datetime

import pytest

from domain.casework import Casework
from domain.fund.commands import SetBudget
from domain.fund.state import fold as fold_fund
from domain.office import Outcome
from domain.values import LOCAL_ZONE
from tests.support.commands import COMMANDS, FUND_ID, PHOTO, command
from tests.support.given import Given, Then, When, given
from tests.support.office import (
    COMMITTEE,
    HEADS,
    PEOPLE,
    START,
    TOWNSHIP,
    VILLAGES,
    Clock,
    FakeDirectory,
    office,
    plan_with,
)
from tests.support.postgres import Database
from tests.support.states import STATES, Case, a_new_case, case

__all__ = [
    "COMMANDS",
    "COMMITTEE",
    "FUND_ID",
    "HEADS",
    "PEOPLE",
    "PHOTO",
    "START",
    "STATES",
    "TOWNSHIP",
    "VILLAGES",
    "Case",
    "Clock",
    "FakeDirectory",
    "Given",
    "Then",
    "When",
    "a_new_case",
    "case",
    "casework",
    "clock",
    "command",
    "given",
    "live_through",
    "local",
    "office",
    "plan_with",
]


@pytest.fixture
def clock() -> Clock:
    """The clock of `casework`, standing at START."""
    return Clock()


@pytest.fixture
def casework(database: Database, clock: Clock) -> Iterator[Casework]:
    """The one door for writes, on a fresh real database, under the cx plan."""
    from services.bootstrap import open_casework  # late: tests of pure decisions need no driver of any database

    opened = open_casework(database.app_dsn, office(clock))
    yield opened
    opened.close()


def _has_budget(casework: Casework) -> bool:
    fund = fold_fund(casework.history(FUND_ID))
    return fund is not None and fund.opened


def live_through(casework: Casework, clock: Clock, life: Case) -> Outcome:
    """Sends every command of a case, each at its own time; returns what came of the last. A budget is set once."""
    outcomes = []
    for sent in life.commands:
        clock.set(max(clock.now, sent.occurred_at))
        if isinstance(sent, SetBudget) and _has_budget(casework):
            continue
        outcomes.append(casework.handle(sent))
    return outcomes[-1]


def local(day: int, hour: int = 23, minute: int = 59, second: int = 59) -> datetime:
    """A moment in March 2026; by default the end of the day."""
    return datetime(2026, 3, day, hour, minute, second, tzinfo=LOCAL_ZONE)
