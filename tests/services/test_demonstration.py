"""The demonstration township: something to do at every stage and for every role, and loading twice adds nothing."""

from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from domain.casework import Casework
from domain.issue.words import FINAL_STAGES, Stage
from services.bootstrap import open_casework, open_directory
from services.demonstration.load import is_empty, load_demonstration
from services.demonstration.stories import STORIES
from services.persistence.adopted_plans import AdoptedPlans
from tests.support.casework import Clock, office
from tests.support.postgres import Database

# A leap day, a first of January, and a day in the middle: the stories are told relative to today.
DAYS = [datetime(2024, 2, 29, 3, tzinfo=UTC), datetime(2026, 1, 1, 3, tzinfo=UTC), datetime(2026, 7, 15, 3, tzinfo=UTC)]
NOT_SHOWN = FINAL_STAGES - {Stage.SETTLED, Stage.WITHDRAWN} | {Stage.RECHECK, Stage.ESCALATED}


def opened(database: Database, today: datetime) -> Casework:
    clock = Clock()
    clock.set(today)
    directory = open_directory(database.app_dsn, clock)
    plans = AdoptedPlans(directory, office(clock).plan)
    known = {"directory": directory, "calendar": directory.calendar, "plans": plans, "forget": directory.forget}
    return open_casework(database.app_dsn, replace(office(clock), **known))


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_given_any_day_when_loaded_twice_then_every_stage_is_there_once(database: Database, today: datetime) -> None:
    with psycopg.connect(database.app_dsn, autocommit=True) as connection:
        assert is_empty(connection)
        with opened(database, today) as casework:
            assert load_demonstration(casework, today) == len(STORIES)
            before = connection.execute("select count(*) from ledger_events").fetchone()
            load_demonstration(casework, today)
            assert connection.execute("select count(*) from ledger_events").fetchone() == before
            ids = connection.execute("select issue_id from issue_number").fetchall()
            found = [issue.stage for (issue_id,) in ids if (issue := casework.issue(issue_id))]
        assert len(found) == len(STORIES)
        assert set(found) >= set(Stage) - NOT_SHOWN
        assert not is_empty(connection)
