"""Which households' waiting period is over, and whose keys are destroyed? A step that the worker takes each minute.

No timer of its own: what is due stands in the register, so a restart loses nothing, and two workers do no harm.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import uuid5

import psycopg
import structlog
from eventsourcing.persistence import InterfaceError, OperationalError

from domain.casework import Casework
from domain.errors import HuiyinError
from domain.household.commands import EraseHousehold
from domain.privacy import subject_of
from domain.values import THE_PROCESS
from projections.household_register import HouseholdRow, erasures_due
from services.beside import beside
from services.persistence.household_keys import HouseholdKeys, KeysAway
from services.persistence.scope import Scope, scoped
from services.privacy.vault import REMEMBERED_SECONDS

EACH_SECONDS: Final = 60.0
SETTLED_SECONDS: Final = 5 * REMEMBERED_SECONDS
"""So long after a key was retired no process seals with it any more."""
_AWAY: Final = (psycopg.Error, KeysAway, OperationalError, InterfaceError)

_log = structlog.get_logger(__name__)


class Erasing:
    """Takes the step. `settled_seconds`: how long a retired key rests before it is destroyed.

    `forget_files`: what is sealed with a household's keys up to a generation is shown no more, and removed soon.
    """

    def __init__(
        self,
        casework: Casework,
        keys: HouseholdKeys,
        dsn: str,
        clock: Callable[[], datetime],
        *,
        forget_files: Callable[[str, str, int], int],
        settled_seconds: float = SETTLED_SECONDS,
    ) -> None:
        self._casework = casework
        self._keys = keys
        self._dsn = dsn
        self._clock = clock
        self._forget_files = forget_files
        self._settled_seconds = settled_seconds

    def step(self) -> int:
        """Erases what is due; returns how many keys were destroyed. Raises psycopg.Error, KeysAway, OperationalError.

        A due household's key is retired first: what is said from then on goes under a new one. When no process can
        seal with the old one any more, and still no case is open, the erasure is recorded, and then the key destroyed.
        """
        with (
            psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection,
            scoped(connection, Scope.whole()),
        ):
            due = erasures_due(connection, self._clock())
        for row in due:
            self._record(row)
        return sum(self._destroy(*retired) for retired in self._keys.retired(self._settled_seconds).items())

    def _record(self, row: HouseholdRow) -> None:
        subject = subject_of(row.village, row.household)
        self._keys.retire(subject)
        if self._keys.is_in_use(subject, self._settled_seconds):
            return
        erase = EraseHousehold(
            command_id=uuid5(row.household_id, f"erase/{row.version}"),
            actor=THE_PROCESS,
            occurred_at=self._clock(),
            village=row.village,
            household=row.household,
            generation=self._keys.last_generation(subject),
        )
        try:
            self._casework.handle(erase)
        except HuiyinError as refusal:
            _log.info("erasing.waits", household_id=str(row.household_id), code=refusal.code)

    def _destroy(self, subject: str, generation: int) -> int:
        """What was recorded as erased is destroyed, also when the process died in between."""
        household = self._casework.household(*subject.split("/"))
        if household is None or household.erased_up_to < generation:
            return 0  # retired, but not erased: a case was opened, or it was cancelled
        if household.is_erased:
            self._keys.unindex(subject)
        self._forget_files(household.village, household.household, household.erased_up_to)
        return self._keys.destroy(subject, household.erased_up_to)


@contextmanager
def erasing_beside(step: Callable[[], int], each_seconds: float = EACH_SECONDS) -> Iterator[None]:
    """Takes the step again and again in a thread of its own, for as long as the `with` lasts."""
    with beside("erasing", step, each_seconds, _AWAY):
        yield
