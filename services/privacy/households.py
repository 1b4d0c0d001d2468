"""What does the office hold of a household, who looked at it, and which household has this number?

Called by the API and the command line for officers, and by the household's own door. Every answer is a look.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString

import psycopg

from domain.adoption.book import PlanBook
from domain.casework import Casework
from domain.errors import NotFound, Unavailable
from domain.events import DomainEvent
from domain.household.commands import household_id_of
from domain.household.events import CopyRequested
from domain.household.words import phone_digits
from domain.ledger_views import View
from domain.liaison.commands import register_id_of
from domain.privacy import personal_fields, subject_of
from projections import household_register, issue_history, issue_ledger, visits
from projections.household_register import HouseholdRow
from services.persistence.household_keys import KeysAway
from services.privacy.looks import Look, Seen, looks_at
from services.privacy.problems import CopyNotRequested
from services.privacy.register import BlindIndex, Register
from services.privacy.unsealing import Reader, Unsealing

COPY_WITHIN: Final = timedelta(days=30)
"""So long after a household asked for a copy one may be made."""
_CASES: Final[LiteralString] = """
select number from issue_ledger where village = %s and household = %s order by logged_at, number
"""


@dataclass(frozen=True, slots=True)
class Households:
    """Answers about households. Connections come bound to the asker's scope."""

    casework: Casework
    unsealing: Unsealing
    index: BlindIndex
    plans: Callable[[], PlanBook]
    clock: Callable[[], datetime]

    @property
    def register(self) -> Register:
        """Where commands about households go."""
        return Register(self.casework, self.index)

    def show(self, connection: psycopg.Connection, reader: Reader, village: str, household: str) -> dict[str, Any]:
        """The household's entry in the register, opened. Raises NotFound."""
        return self._shown(reader, _entry(connection, village, household), Seen.HOUSEHOLD)

    def looks(self, connection: psycopg.Connection, village: str, household: str) -> list[Look]:
        """Who looked at the household's words. Raises NotFound."""
        _entry(connection, village, household)
        return looks_at(connection, subject_of(village, household))

    def search(self, connection: psycopg.Connection, reader: Reader, phone: str) -> list[dict[str, Any]]:
        """The households in scope that have this telephone number; each is a look. Raises Unavailable."""
        if reader.view is not View.WORDS:
            return []
        try:
            subjects = self.index.find(phone)
        except KeysAway as away:
            raise Unavailable from away
        found = (household_register.entry(connection, *subject.split("/")) for subject in subjects)
        shown = [self._shown(reader, row, Seen.SEARCH) for row in found if row is not None and row.phone]
        return [each for each in shown if phone_digits(str(each["phone"])) == phone_digits(phone)]

    def copy(self, connection: psycopg.Connection, reader: Reader, village: str, household: str) -> dict[str, Any]:
        """Everything the office holds of the household (PIPL 45): register, events, visits, liaison, cases, looks.

        Raises NotFound, and CopyNotRequested unless the household asked for it not long ago.
        """
        row = _entry(connection, village, household)
        history = list(self.casework.history(household_id_of(village, household)))
        asked = [event.occurred_at for event in history if isinstance(event, CopyRequested)]
        if not asked or asked[-1] < self.clock() - COPY_WITHIN:
            raise CopyNotRequested
        return {
            "household": self._shown(reader, row, Seen.COPY),
            "events": [self._told(reader, event) for event in history],
            "visits": self._visits(connection, reader, village, household),
            "liaison": [self._told(reader, event) for event in self._liaison(row)],
            "cases": [self._case(connection, reader, number) for number in _cases(connection, row)],
            "looks": [asdict(look) for look in looks_at(connection, subject_of(village, household), limit=10_000)],
        }

    def _shown(self, reader: Reader, row: HouseholdRow, what: Seen) -> dict[str, Any]:
        identity = replace(reader, view=reader.of_identity)
        words = self.unsealing.texts(identity, _words(asdict(row), household_register.WORDS), what)
        return {**asdict(row), **words}

    def _told(self, reader: Reader, event: DomainEvent) -> dict[str, Any]:
        fields = event.model_dump(mode="json", exclude={"originator_id", "command_id", "causation"}, exclude_none=True)
        words = self.unsealing.texts(reader, _words(fields, personal_fields(type(event))), Seen.COPY)
        return {"what": event.TOPIC, **fields, **words}

    def _visits(
        self, connection: psycopg.Connection, reader: Reader, village: str, household: str
    ) -> list[dict[str, Any]]:
        lines = [asdict(line) for line in visits.visits_to(connection, village, household)]
        words = [{name: line[name] for name in visits.VISIT_WORDS} for line in lines]
        opened = self.unsealing.rows(reader, words, Seen.COPY)
        return [{**line, **said} for line, said in zip(lines, opened, strict=True)]

    def _liaison(self, row: HouseholdRow) -> Iterator[DomainEvent]:
        """What the village's liaison registers say of it, year by year."""
        for year in range(row.registered_at.year, self.clock().year + 1):
            events = self.casework.history(register_id_of(row.village, year))
            yield from (event for event in events if getattr(event, "household", None) == row.household)

    def _case(self, connection: psycopg.Connection, reader: Reader, number: str) -> dict[str, Any]:
        late_after = timedelta(days=self.plans().in_force(self.clock()).recording.late_after_days)
        lines = self.unsealing.history(reader, issue_history.history(connection, number, late_after=late_after))
        entry = issue_ledger.entry(connection, number)
        shown = list(self.unsealing.lines(reader, [entry] if entry else [], Seen.COPY))
        return {"entry": [asdict(line) for line in shown], "history": [asdict(line) for line in lines]}


def _entry(connection: psycopg.Connection, village: str, household: str) -> HouseholdRow:
    row = household_register.entry(connection, village, household)
    if row is None:
        raise NotFound
    return row


def _cases(connection: psycopg.Connection, row: HouseholdRow) -> list[str]:
    return [number for (number,) in connection.execute(_CASES, (row.village, row.household)).fetchall()]


def _words(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, str | None]:
    return {name: fields.get(name) for name in names if name in fields}
