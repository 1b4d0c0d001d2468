"""A township that hands in under one of the plans: `Office("cx").open(MARCH)`, then `.do(hand_in(PHOTOS, at))`."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.periods import Cycle, Period
from domain.submission import commands as c
from domain.submission import events as e
from domain.submission.state import Standing, fold
from domain.values import THE_PROCESS, Actor, Role
from tests.support.duties import MARCH, Township
from tests.support.office import PEOPLE

HALF = Period(date(2026, 1, 1), Cycle.HALF_YEAR)
PAPER = c.Paper(name="三月公开栏.jpg", digest="ab" * 32)
PHOTOS, FORM = ("board_photos", "QS"), ("committee_form", "QS")
DAY = timedelta(days=1)
DUE = {PHOTOS: MARCH.starts_at + 3 * DAY, FORM: MARCH.starts_at + 30 * DAY}


class Office(Township):
    """A township that hands in."""

    def open(self, period: Period, place: str = "QS") -> e.SubmissionsOpened:
        """The period begins."""
        (event,) = self.do(of_process(c.OpenSubmissions, period.starts_at, period, place))
        assert isinstance(event, e.SubmissionsOpened)
        return event

    def owed(self, period: Period, place: str = "QS") -> set[tuple[str, str, datetime]]:
        """What, whose, until when."""
        return {(it.submission, it.owner, it.due_at) for it in self.open(period, place).owed}

    def missing(self, at: datetime) -> list[tuple[str, str]]:
        """What the process finds missing."""
        found = self.do(of_process(c.RecordMissedSubmissions, at))
        return [(it.submission, it.owner) for it in found if isinstance(it, e.SubmissionMissed)]

    def standing(self, which: tuple[str, str]) -> tuple[Standing, bool]:
        """Where it stands, and whether it was missed."""
        known = fold(self.history(c.submissions_id_of("QS", "2026-03")))
        assert known is not None
        return known.items[which].standing, known.items[which].missed


def of_process(
    kind: type[c.SubmissionCommand], at: datetime, period: Period = MARCH, place: str = "QS"
) -> c.SubmissionCommand:
    fields: dict[str, Any] = {"place": place, "cycle": period.cycle, "first": period.first}
    return kind(command_id=uuid5(UUID(int=5), f"{kind}{at}{place}"), actor=THE_PROCESS, occurred_at=at, **fields)


def of(
    kind: type[c.OnSubmission], which: tuple[str, str], at: datetime, by: str = "handler", **fields: Any
) -> c.OnSubmission:
    said = {"place": "QS", "cycle": Cycle.MONTH, "first": MARCH.first, "submission": which[0], "owner": which[1]}
    command_id = uuid5(UUID(int=6), f"{kind}{which}{at}{by}{fields}")
    actor = PEOPLE.get(by) or Actor(user=by, role=Role.CASE_HANDLER)
    return kind(**{"command_id": command_id, "actor": actor, "occurred_at": at, **said, **fields})


def hand_in(which: tuple[str, str], at: datetime, by: str = "handler", **fields: Any) -> c.OnSubmission:
    return of(c.HandInSubmission, which, at, by, **{"paper": PAPER, **fields})
