"""Loads the demonstration township through the one door. Loading twice adds nothing.

Called by `huiyin up` on the first start of an empty database.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5

import psycopg

from domain.casework import Casework
from domain.commands import Command
from domain.fund.commands import SetBudget, fund_id_of
from domain.issue import commands as c
from domain.meeting.commands import RecordMeeting
from domain.organisation.together import reorganise
from domain.values import LOCAL_ZONE
from services.demonstration.stories import COMMITTEE, FINANCE, MEETING_DAYS_AGO, STORIES, Step, Story
from services.demonstration.township import COMMITTEE as SIGNED_IN
from services.demonstration.township import TOWNSHIP, organisation_commands

_NAMESPACE: Final = UUID("6f1d5a52-2c33-4e0c-9d5e-1e0a6a0c7a11")
_BUDGET: Final = Decimal(120_000)
_ORGANISED_AGO: Final = timedelta(days=400)


def is_empty(connection: psycopg.Connection) -> bool:
    """Whether nothing was ever recorded in this database, but for the holiday tables that come with the program."""
    found = connection.execute("select 1 from ledger_events where topic <> 'holidays.seeded' limit 1").fetchone()
    return found is None


def load_demonstration(casework: Casework, now: datetime) -> int:
    """Sets the organisation up and plays every story as of `now`; returns how many issues there are."""
    morning = _morning(now)
    reorganise(casework, organisation_commands(morning - _ORGANISED_AGO))
    meeting = _meeting(morning)
    casework.handle(meeting)
    fund_year = (morning - timedelta(days=MEETING_DAYS_AGO)).year
    budget = SetBudget(
        command_id=_id("budget"), actor=FINANCE, occurred_at=morning - timedelta(days=90), township=TOWNSHIP,
        year=fund_year, budget=_BUDGET,
    )  # fmt: skip
    casework.handle(budget)
    known = {"meeting_id": meeting.meeting_id, "fund_id": fund_id_of(TOWNSHIP, fund_year)}
    for story in STORIES:
        _play(casework, story, morning, known)
    return len(STORIES)


def _id(key: str) -> UUID:
    return uuid5(_NAMESPACE, key)


def _meeting(morning: datetime) -> RecordMeeting:
    return RecordMeeting(
        command_id=_id("meeting"),
        actor=COMMITTEE,
        occurred_at=morning - timedelta(days=MEETING_DAYS_AGO),
        township=TOWNSHIP,
        chair="committee",
        present=SIGNED_IN,
        absent=("zhou.tao", "sun.li"),
    )


def _play(casework: Casework, story: Story, morning: datetime, known: dict[str, UUID]) -> None:
    issue_id = c.issue_id_of(_id(f"{story.key}/0"))
    for position, step in enumerate(story.steps):
        casework.handle(_command(step, _id(f"{story.key}/{position}"), issue_id, morning, known))


def _command(step: Step, command_id: UUID, issue_id: UUID, morning: datetime, known: dict[str, UUID]) -> Command:
    fields: dict[str, Any] = dict(step.fields)
    occurred_at = morning - timedelta(days=step.days_ago)
    if "expected_completion_in_days" in fields:
        completion = morning + timedelta(days=fields.pop("expected_completion_in_days"))
        fields["expected_completion"] = completion.date()
    if step.command is not c.LogIssue:
        fields["issue_id"] = issue_id
    fields.update({name: known[name] for name in known if name in step.command.model_fields})
    return step.command(command_id=command_id, actor=step.who, occurred_at=occurred_at, **fields)


def _morning(now: datetime) -> datetime:
    return now.astimezone(LOCAL_ZONE).replace(hour=9, minute=0, second=0, microsecond=0)
