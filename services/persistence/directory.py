"""Who is who now, which days are worked, which plans were adopted? The streams of these three, folded.

All are looked at for news at most once a second, by one query, and when casework says that this process wrote some.
Joined to casework and to the authenticator by the bootstrap. What was known stays known while the database is away.
"""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final, NamedTuple

import psycopg
from eventsourcing.persistence import OperationalError

from domain.adoption.commands import ADOPTION_ID
from domain.adoption.state import Adoptions
from domain.adoption.state import fold as fold_adoptions
from domain.context import Village
from domain.events import DomainEvent, decode
from domain.holidays.commands import HOLIDAYS_ID
from domain.holidays.state import Holidays
from domain.holidays.state import fold as fold_holidays
from domain.organisation.commands import ORGANISATION_ID
from domain.organisation.evolve import fold as fold_organisation
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.workdays import HolidayTable
from services.holidays import official_years

Connect = Callable[[], AbstractContextManager[psycopg.Connection]]

_FRESH_FOR: Final = 1.0  # seconds
_MISS_FRESH_FOR: Final = 0.05  # an unknown village is looked for again at once: it may have been registered just now
_NEWS: Final = """
select topic, originator_id, originator_version, state from ledger_events
where (originator_id = %s and originator_version > %s) or (originator_id = %s and originator_version > %s)
or (originator_id = %s and originator_version > %s)
order by originator_id, originator_version
"""


class _Known(NamedTuple):
    """As it stood when it was looked at."""

    organisation: Organisation
    holidays: Holidays
    table: HolidayTable
    adoptions: Adoptions


class OrganisationDirectory:
    """`domain.context.Directory` and the office's calendar over the log. Safe to call from several threads."""

    def __init__(self, connect: Connect, now: Callable[[], datetime]) -> None:
        """`connect` gives a connection for the length of a `with`; `now` tells which appointments are in force."""
        self._connect = connect
        self.now = now
        self._lock = threading.Lock()
        self._known: _Known | None = None
        self._looked_at = float("-inf")
        self._written = self._taken_in = object()  # another one whenever this process wrote; the one last looked for

    def forget(self) -> None:
        """This process has written some news: the next question is answered with them."""
        self._written = object()

    def organisation(self) -> Organisation:
        """As it stood a second ago or later. Raises the library's OperationalError if nothing is known yet."""
        return self._read(_FRESH_FOR).organisation

    def holidays(self) -> Holidays:
        """The holiday tables in force and proposed, a second ago or later. Raises as `organisation`."""
        return self._read(_FRESH_FOR).holidays

    def calendar(self) -> HolidayTable:
        """The holiday table in force, a second ago or later. Raises as `organisation`."""
        return self._read(_FRESH_FOR).table

    def adoptions(self) -> Adoptions:
        """The plans proposed and adopted, a second ago or later. Raises as `organisation`."""
        return self._read(_FRESH_FOR).adoptions

    def village(self, code: str) -> Village | None:
        """The village with this code and who looks after it, or None."""
        known = self.organisation().village(code, self.now())
        return known or self._read(_MISS_FRESH_FOR).organisation.village(code, self.now())

    def head_of(self, unit: str, village: str) -> str | None:
        """Who answers for this unit of this village, or None."""
        return self.organisation().head_of(unit, village, self.now())

    def township_of(self, place: str) -> str | None:
        """The name of the township that a place is or belongs to, or None."""
        found = self.organisation().within(place, PlaceKind.TOWNSHIP)
        return found.name if found else None

    def superiors_of(self, user: str) -> frozenset[str]:
        """Everybody above this account."""
        return self.organisation().superiors_of(user, self.now())

    def committee_of(self, township: str) -> tuple[str, ...]:
        """The committee's members of this township, whoever is in charge first."""
        return self.organisation().committee_of(township, self.now())

    def villages_under(self, place: str) -> frozenset[str]:
        """The villages of a place."""
        return self.organisation().villages_under(place)

    def _read(self, fresh_for: float) -> _Known:
        is_older, known = self._is_older(fresh_for), self._known  # in this order: others look meanwhile
        if known is not None and not is_older:
            return known
        in_need = known is None or fresh_for < _FRESH_FOR or self._is_forgotten()
        if not self._lock.acquire(blocking=in_need):
            return known or _nothing()  # somebody else is looking; what is known is good enough meanwhile
        try:
            if self._known is None or self._is_older(fresh_for):
                written = self._written
                self._known, self._looked_at = self._look(self._known)
                self._taken_in = written
            return self._known
        finally:
            self._lock.release()

    def _is_older(self, than: float) -> bool:
        return self._is_forgotten() or time.monotonic() - self._looked_at >= than

    def _is_forgotten(self) -> bool:
        return self._taken_in is not self._written

    def _look(self, known: _Known | None) -> tuple[_Known, float]:
        """What is known now, and since when it counts as looked at."""
        began = time.monotonic()
        before = known or _nothing()
        versions = (
            *(ORGANISATION_ID, before.organisation.version),
            *(HOLIDAYS_ID, before.holidays.version),
            *(ADOPTION_ID, before.adoptions.version),
        )
        try:
            with self._connect() as connection:
                news = connection.execute(_NEWS, versions).fetchall()
        except psycopg.Error as failure:
            if known is None:
                raise OperationalError("the organisation cannot be read") from failure
            return known, time.monotonic()
        return _after(before, [decode(*row) for row in news]) if news else before, began


def _after(before: _Known, news: list[DomainEvent]) -> _Known:
    """What has no news stays the very object that it was."""
    organisation, holidays, adoptions = (
        [event for event in news if event.originator_id == stream]
        for stream in (ORGANISATION_ID, HOLIDAYS_ID, ADOPTION_ID)
    )
    return _Known(
        fold_organisation(organisation, before.organisation) if organisation else before.organisation,
        *(_calendar(fold_holidays(holidays, before.holidays)) if holidays else (before.holidays, before.table)),
        fold_adoptions(adoptions, before.adoptions),
    )


def _nothing() -> _Known:
    return _Known(Organisation(), *_calendar(Holidays()), Adoptions())


def _calendar(holidays: Holidays) -> tuple[Holidays, HolidayTable]:
    return holidays, holidays.table(official_years())
