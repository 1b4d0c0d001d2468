"""The demonstration township: something to do at every stage and for every role, and loading twice adds nothing."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from temporalio.exceptions import ApplicationError

from domain.casework import Casework
from domain.issue.words import FINAL_STAGES, Stage
from domain.periods import Period
from services.bootstrap import open_casework, open_directory
from services.demonstration.load import is_empty, load_demonstration
from services.demonstration.stories import STORIES
from services.persistence.adopted_plans import AdoptedPlans
from tests.support.casework import Clock, office
from tests.support.postgres import Database
from workflows.committee import meetings_wanted
from workflows.duties import duties_wanted
from workflows.duty_messages import DutyRequest, DutyStep
from workflows.duty_steps import DutyActivities
from workflows.meeting_messages import MeetingRequest, MeetingStep
from workflows.meeting_steps import MeetingActivities
from workflows.schedules import Turn
from workflows.submission_steps import SubmissionActivities, SubmissionRequest
from workflows.submissions import submissions_wanted

# A leap day, a first of January, and a day in the middle: the stories are told relative to today.
DAYS = [datetime(2024, 2, 29, 3, tzinfo=UTC), datetime(2026, 1, 1, 3, tzinfo=UTC), datetime(2026, 7, 15, 3, tzinfo=UTC)]
NOT_SHOWN = FINAL_STAGES - {Stage.SETTLED, Stage.WITHDRAWN} | {Stage.RECHECK, Stage.ESCALATED}


def opened(database: Database, today: datetime, began: datetime | None = None) -> Casework:
    clock = Clock()
    clock.set(today)
    directory = open_directory(database.app_dsn, clock)
    plans = AdoptedPlans(directory, office(clock).plan)
    known = {"directory": directory, "calendar": directory.calendar, "plans": plans, "forget": directory.forget}
    return open_casework(database.app_dsn, replace(office(clock), began=lambda: began, **known))


class NothingWaits:
    """In place of the read models: no issue waits for an agenda, no special meeting is overdue."""

    def issues(self, *_: object) -> tuple[UUID, ...]:
        return ()

    def special_meetings(self, *_: object) -> tuple[UUID, ...]:
        return ()


def the_calendar_looks(casework: Casework, today: datetime) -> None:
    """As on the first start: what began in the last period and in this one is seen to, as far as its day has come."""
    meetings, duties = MeetingActivities(casework, NothingWaits()), DutyActivities(casework)
    for it in _turns(casework, today):
        if it.duty == "duties":
            for step in DutyStep:
                with suppress(ApplicationError):  # its day is still to come
                    duties.duty_step(DutyRequest(turn=it, step=step))
        elif it.duty == "submissions":
            for moment in SubmissionActivities(casework).submission_step(SubmissionRequest(turn=it)).moments:
                with suppress(ApplicationError):
                    SubmissionActivities(casework).submission_step(SubmissionRequest(turn=it, moment=moment))
        elif it.duty in ("committee", "weekly", "monthly"):
            looked = meetings.meeting_step(MeetingRequest(turn=it, step=MeetingStep.LOOK))
            if looked.cut_off is not None and looked.cut_off <= today:
                for do in (MeetingStep.DRAW, MeetingStep.FOLLOW):
                    meetings.meeting_step(MeetingRequest(turn=it, step=do))


def _turns(casework: Casework, today: datetime) -> Iterator[Turn]:
    for wanted in (meetings_wanted, duties_wanted, submissions_wanted):
        for recurring in wanted(casework.organisation(), casework.plan_book().in_force(today)):
            present = Period.containing(today, recurring.cycle)
            for period in (present.previous(), present):
                yield recurring.turn(period)


DEMANDS = ("meeting.failed", "meeting.agenda_drawn", "duty.%", "submission.%")


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_given_the_first_start_when_the_calendar_looks_then_nothing_of_before_is_demanded_or_missed(
    database: Database, today: datetime
) -> None:
    asked = "select count(*) from ledger_events where topic like any(%s)"
    with psycopg.connect(database.app_dsn, autocommit=True) as connection:
        with opened(database, today, began=today) as casework:
            load_demonstration(casework, today)
            the_calendar_looks(casework, today)
            assert connection.execute(asked, (list(DEMANDS),)).fetchone() == (0,)
        with opened(database, today) as of_old:  # an office that was here all the time owes what it did not do
            the_calendar_looks(of_old, today)
            assert connection.execute(asked, (["meeting.agenda_drawn"],)).fetchone() != (0,)
            assert connection.execute(asked, (["submission.missed"],)).fetchone() != (0,)


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
