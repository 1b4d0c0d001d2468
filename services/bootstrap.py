"""The only place where objects are joined: from settings to an office, a casework, a worker's or an API's parts.

Called by the command line and the processes it starts. Nothing is built at import.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from domain.casework import Casework, Office
from domain.plan import load_plan
from domain.receipts import Receipts
from services.holidays import official_table
from services.keys import load_or_create
from services.persistence.directory import SqlDirectory
from services.persistence.factory import recorder_environment
from services.settings import Settings


def system_clock() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def open_office(settings: Settings, *, clock: Callable[[], datetime] = system_clock, plan: str | None = None) -> Office:
    """The plan in force, the calendar, who is who, the receipts' secret and the clock."""
    return Office(
        plan=load_plan(plan or settings.plan),
        holidays=official_table(),
        directory=SqlDirectory(settings.database_url),
        receipts=Receipts(load_or_create(settings.home, "receipt")),
        clock=clock,
        pause=time.sleep,
    )


def open_casework(database_url: str, office: Office) -> Casework:
    """The door for writes on this database. One per process; close it when done."""
    return Casework(office, recorder_environment(database_url))


def casework_of(settings: Settings, *, plan: str | None = None) -> Casework:
    """The door for writes as the settings say."""
    return open_casework(settings.database_url, open_office(settings, plan=plan))
