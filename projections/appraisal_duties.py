"""How visits, duties, papers handed in and spot checks are counted, for officers and for the places they serve.

Used by appraisal.py only. What an event does not say of its stream is taken from the marks of that stream's beginning.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

import psycopg

from domain.duty import events as duty
from domain.events import DomainEvent
from domain.spot_check import events as check
from domain.submission import events as paper
from domain.submission.policy import OwedBy
from domain.values import LOCAL_ZONE
from domain.visit import events as visit
from projections.appraisal_marks import Counted, Mark, first_of, write
from projections.per_event import Take
from projections.projection import Recorded

_JUST_BEFORE: Final = timedelta(seconds=1)
"""What is late from midnight on was due the day before."""


def _numbered(marks: Iterable[Mark]) -> Iterator[Mark]:
    for nth, mark in enumerate(marks):
        mark.nth = nth
        yield mark


# -- visits ---------------------------------------------------------------------------------------------------------


def _visited(connection: psycopg.Connection, event: visit.VisitRecorded, recorded: Recorded) -> None:
    """One visit of the place, and one of each officer who came."""
    write(connection, _numbered(_visits(event, recorded)))


def _visits(event: visit.VisitRecorded, recorded: Recorded) -> Iterator[Mark]:
    for officer in (None, *event.officers):
        yield Mark(
            *(event.originator_id, event.originator_version, 0, recorded.position, event.occurred_at),
            what=Counted.VISIT if officer is None else Counted.VISITED,
            officer=officer,
            place=event.village,
            villages=[event.village],
            reference=str(event.entry),
            rule=event.kind.value,
        )


_STRUCK: Final = """
insert into appraisal_mark
select stream_id, %(version)s, nth, %(position)s, at, what, -count, officer, unit, place, villages, department,
  concerns, reference, rule, part, whole
from appraisal_mark where stream_id = %(stream)s and reference = %(entry)s and what = any('{visit,visited}')
"""


def _struck(connection: psycopg.Connection, event: visit.VisitStruck, recorded: Recorded) -> None:
    stream, version, position = first_of(event, recorded)
    values = {"stream": stream, "version": version, "position": position, "entry": str(event.entry)}
    connection.execute(_STRUCK, values)


# -- duties and papers ----------------------------------------------------------------------------------------------


def _duties_closed(connection: psycopg.Connection, event: duty.DutyPeriodClosed, recorded: Recorded) -> None:
    write(connection, _numbered(_duties(event, recorded)))


def _duties(event: duty.DutyPeriodClosed, recorded: Recorded) -> Iterator[Mark]:
    for it in event.tallies:
        for what in (Counted.DUTY, Counted.SHORT) if it.shortfall else (Counted.DUTY,):
            yield Mark(
                *(event.originator_id, event.originator_version, 0, recorded.position, _on(event.last)),
                what=what,
                officer=it.officer,
                place=event.place,
                villages=list(event.villages),
                reference=event.period,
                rule=it.rule,
                part=it.done,
                whole=it.quota,
            )


def _on(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)


def _papers_owed(connection: psycopg.Connection, event: paper.SubmissionsOpened, recorded: Recorded) -> None:
    write(connection, _numbered(_owed(event, recorded)))


def _owed(event: paper.SubmissionsOpened, recorded: Recorded) -> Iterator[Mark]:
    """An officer's, a department's, or the place's own."""
    for it in event.owed:
        department = it.owner if it.by is OwedBy.DEPARTMENT else None
        yield Mark(
            *(event.originator_id, event.originator_version, 0, recorded.position, it.due_at - _JUST_BEFORE),
            what=Counted.OWED,
            officer=it.owner if it.by is OwedBy.OFFICER else None,
            unit=department and department.partition("@")[0],
            place=it.owner if it.by is OwedBy.VILLAGE else event.place,
            villages=list(event.villages),
            department=department and department.removeprefix("department:").partition("@")[0],
            reference=it.owner,
            rule=it.submission,
        )


_PAPER_MISSED: Final = """
insert into appraisal_mark
select stream_id, %(version)s, 0, %(position)s, at, 'missed', 1, officer, unit, place, villages, department, concerns,
  reference, rule, null, null
from appraisal_mark
where stream_id = %(stream)s and what = 'owed' and rule = %(rule)s and reference = %(owner)s
"""


def _paper_missed(connection: psycopg.Connection, event: paper.SubmissionMissed, recorded: Recorded) -> None:
    stream, version, position = first_of(event, recorded)
    values = {"stream": stream, "version": version, "position": position}
    connection.execute(_PAPER_MISSED, {**values, "rule": event.submission, "owner": event.owner})


# -- spot checks ----------------------------------------------------------------------------------------------------


def _checked(
    connection: psycopg.Connection, event: check.SpotCheckDrawn | check.InspectionRecorded, recorded: Recorded
) -> None:
    """Each station checked; a mark of all of them is seen by whoever sees one of the villages."""
    drawn = isinstance(event, check.SpotCheckDrawn)
    stations = (event.station,) if isinstance(event, check.SpotCheckDrawn) else event.stations
    marks = (
        Mark(
            *(event.originator_id, event.originator_version, 0, recorded.position, event.occurred_at),
            what=Counted.CHECKED,
            place=station,
            villages=list(event.villages),
            reference=event.period,
            rule="drawn" if drawn else "inspected",
        )
        for station in stations
    )
    write(connection, _numbered(marks))


_OF_CHECK: Final = """
insert into appraisal_mark
select stream_id, %(version)s, 0, %(position)s, %(at)s, %(what)s, %(count)s, null, null, place,
  coalesce(%(villages)s, villages), null, null, coalesce(%(reference)s, reference), %(finding)s, null, null
from appraisal_mark
where stream_id = %(stream)s and what = %(of)s and (%(station)s::text is null or place = %(station)s)
  and (%(of)s = 'checked' or rule = %(finding)s)
"""


def _of_check(connection: psycopg.Connection, event: DomainEvent, recorded: Recorded, **said: object) -> None:
    stream, version, position = first_of(event, recorded)
    plain = {"of": Counted.CHECKED, "count": 1, "villages": None, "reference": None, "finding": None, "station": None}
    where = {"stream": stream, "version": version, "position": position, "at": event.occurred_at}
    connection.execute(_OF_CHECK, {**plain, **where, **said})


def _found(connection: psycopg.Connection, event: check.FindingRecorded, recorded: Recorded) -> None:
    own = {"station": event.station, "reference": event.item, "finding": str(event.finding)}
    villages = [event.village] if event.village else None
    _of_check(connection, event, recorded, what=Counted.FINDING, villages=villages, **own)


def _ledgers_missed(connection: psycopg.Connection, event: check.HandInMissed, recorded: Recorded) -> None:
    at, count = event.hand_in_by - _JUST_BEFORE, max(len(event.missing), 1)
    _of_check(connection, event, recorded, what=Counted.LEDGERS_MISSED, at=at, count=count)


def _rectification_missed(connection: psycopg.Connection, event: check.RectificationMissed, recorded: Recorded) -> None:
    said = {"of": Counted.FINDING, "finding": str(event.finding), "at": event.due_at - _JUST_BEFORE}
    _of_check(connection, event, recorded, what=Counted.RECTIFICATION_MISSED, **said)


TAKES: Final[dict[type[DomainEvent], Take]] = {
    visit.VisitRecorded: _visited,
    visit.VisitStruck: _struck,
    duty.DutyPeriodClosed: _duties_closed,
    paper.SubmissionsOpened: _papers_owed,
    paper.SubmissionMissed: _paper_missed,
    check.SpotCheckDrawn: _checked,
    check.InspectionRecorded: _checked,
    check.FindingRecorded: _found,
    check.HandInMissed: _ledgers_missed,
    check.RectificationMissed: _rectification_missed,
}
PASSED_OVER: Final[frozenset[type[DomainEvent]]] = frozenset(
    {
        visit.VisitCorrected, visit.OpinionsCollected, visit.HazardRegistered, duty.RotaSet, duty.DutyPeriodOpened,
        duty.DutiesReminded, paper.SubmissionsReminded, paper.SubmissionHandedIn, paper.HandInSigned,
        paper.SubmissionReturned, check.SpotCheckAnnounced, check.LedgersHandedIn, check.HandInReminded,
        check.RectificationOrdered, check.RectificationReported, check.RectificationRechecked, check.SpotCheckClosed,
    }
)  # fmt: skip
"""They put nothing to anybody's account."""
