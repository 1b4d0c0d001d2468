"""The book of plans over the log: no query a command, news within a second; casework asks it place by place."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.adoption.commands import AdoptPlan
from domain.casework import Casework
from domain.issue import commands as c
from domain.organisation import commands as o
from domain.organisation.together import reorganise
from domain.plan import load_plan
from services.bootstrap import open_casework
from services.persistence import directory as module
from services.persistence.adopted_plans import AdoptedPlans
from services.persistence.directory import OrganisationDirectory
from tests.services.test_directory import Line
from tests.support.adoption import ADMIN2, ask, proposal_of, version
from tests.support.casework import Clock, clock, command, office
from tests.support.office import START, office_commands
from tests.support.organisation import ask as reorganising
from tests.support.postgres import Database

__all__ = ["clock"]

NEW = version(load_plan("cx"), 2, feedback={"max_reopenings": 0})
NEXT_DAY = START + timedelta(days=1)


@pytest.fixture
def line(database: Database) -> Line:
    return Line(database.app_dsn)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets two seconds pass for whatever follows a stream."""
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    def pass_by() -> None:
        now[0] += 2

    return pass_by


@pytest.fixture
def casework(database: Database, clock: Clock, line: Line, later: Callable[[], None]) -> Iterator[Casework]:
    """The door for writes of an office whose plans are adopted."""
    directory = OrganisationDirectory(line, clock)
    plans = AdoptedPlans(directory, load_plan("cx"))
    opened = open_casework(database.app_dsn, replace(office(clock), directory=directory, plans=plans))
    reorganise(opened, office_commands())
    later()
    yield opened
    opened.close()


def adopted(casework: Casework, **more: object) -> None:
    asked = proposal_of(NEW, NEXT_DAY.date(), **more)
    casework.handle(asked)
    casework.handle(ask(AdoptPlan, by=ADMIN2, proposal=asked.command_id))


def plan_of(casework: Casework, village: str, at: object = START, **fields: object) -> str:
    logged = casework.handle(command(c.LogIssue, at=at, village=village, key=f"{village} {at}", **fields))
    issue = casework.issue(logged.stream_id)
    assert issue is not None
    return issue.plan


def test_given_an_adopted_plan_then_each_township_counts_by_its_own_and_late_records_by_that_of_their_day(
    casework: Casework, clock: Clock, later: Callable[[], None]
) -> None:
    adopted(casework, township="外山镇")
    later()
    clock.set(NEXT_DAY)
    assert plan_of(casework, "WS", NEXT_DAY) == "cx@2"
    assert plan_of(casework, "QS", NEXT_DAY) == "cx@1"
    assert plan_of(casework, "WS", START) == "cx@1"  # it happened the day before


def test_given_a_township_that_was_renamed_then_its_plan_goes_on(
    casework: Casework, clock: Clock, later: Callable[[], None]
) -> None:
    adopted(casework, township="外山镇")
    place = next(it.code for it in casework.organisation().places.values() if it.name == "外山镇")
    reorganise(casework, [reorganising(o.RenamePlace, place=place, name="远山镇")])
    later()
    clock.set(NEXT_DAY)
    assert plan_of(casework, "WS", NEXT_DAY) == "cx@2"
    assert casework.plan_book().in_force(NEXT_DAY, "远山镇").id == "cx@2"


def test_given_many_commands_then_the_log_is_not_asked_for_plans_each_time(
    casework: Casework, line: Line, later: Callable[[], None]
) -> None:
    adopted(casework, township="外山镇")
    later()
    plan_of(casework, "QS")
    asked = line.asked
    made = casework.plan_book()
    for number in range(20):
        plan_of(casework, "QS", START + timedelta(seconds=number))
    assert line.asked == asked
    assert casework.plan_book() is made


def test_given_the_database_away_then_the_plans_known_stay_in_force(
    casework: Casework, line: Line, later: Callable[[], None]
) -> None:
    adopted(casework)
    later()
    known = casework.plan_book()
    line.cut = True
    later()
    assert casework.plan_book() is known
    assert known.in_force(NEXT_DAY) == NEW
