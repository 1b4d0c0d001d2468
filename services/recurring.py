"""What runs by the calendar here? The list of it, and the task beside the worker that keeps Temporal's schedules so.

What is wanted follows from the organisation and the plans, so it is looked at again and again; nobody has to tell it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog
from temporalio.client import Client

from domain.casework import Casework
from domain.organisation.state import Organisation
from domain.organisation.words import PlaceKind
from domain.plan import Plan
from services.looking import looking_beside
from workflows.bulletins import bulletins_wanted
from workflows.committee import meetings_wanted
from workflows.duties import duties_wanted
from workflows.funding import funds_wanted
from workflows.schedules import Recurring, keep
from workflows.spot_check import spot_checks_wanted
from workflows.submissions import submissions_wanted

Wanted = Callable[[Organisation, Plan], Iterable[Recurring]]
"""What one part of the plan asks for at the places of the organisation."""

WANTED: Final[tuple[Wanted, ...]] = (
    meetings_wanted, duties_wanted, submissions_wanted, funds_wanted, spot_checks_wanted, bulletins_wanted,
)  # fmt: skip
"""One line for each kind of workflow that runs by the calendar."""

LOOKS_EACH_SECONDS: Final = 60.0
STARTS_ANEW_AFTER: Final = timedelta(hours=6)
"""So often what is missing is started though nothing changed: Temporal may have lost its data."""

_log = structlog.get_logger(__name__)


class KeptCalendar:
    """Keeps the schedules of one installation; several workers doing so do no harm."""

    def __init__(
        self, casework: Casework, task_queue: str, clock: Callable[[], datetime], parts: Sequence[Wanted] = WANTED
    ) -> None:
        self._casework = casework
        self._task_queue = task_queue
        self._clock = clock
        self._parts = parts
        self._kept: list[Recurring] | None = None
        self._kept_at: datetime | None = None

    @asynccontextmanager
    async def kept(self, client: Client) -> AsyncIterator[None]:
        """For as long as the `async with` lasts. What goes wrong is said and tried again."""
        self._kept = None
        async with looking_beside(lambda: self.look(client), LOOKS_EACH_SECONDS, "calendar.not_kept"):
            yield

    async def look(self, client: Client) -> bool:
        """One look; whether something was to be done. Raises RPCError, OperationalError, InterfaceError."""
        now = self._clock()
        asked = await asyncio.to_thread(self._wanted)
        if asked == self._kept and self._kept_at is not None and now < self._kept_at + STARTS_ANEW_AFTER:
            return False
        await keep(client, self._task_queue, asked, now)
        self._kept, self._kept_at = asked, now
        _log.info("calendar.kept", schedules=len(asked))
        return True

    def _wanted(self) -> list[Recurring]:
        """What each plan in force now asks for at the places where it is in force."""
        organisation, book, now = self._casework.organisation(), self._casework.plan_book(), self._clock()

        def plan_at(place: str | None) -> Plan:
            township = organisation.within(place, PlaceKind.TOWNSHIP) if place else None
            return book.in_force(now, township.name if township else None)

        plans = {plan.id: plan for plan in map(plan_at, organisation.places if book.asks_where else (None,))}
        return [
            recurring
            for plan in plans.values()
            for part in self._parts
            for recurring in part(organisation, plan)
            if not book.asks_where or plan_at(recurring.place).id == plan.id
        ]
