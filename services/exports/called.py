"""How are officers and units called on forms and in histories? An account by its owner's name, a unit by its place's.

Asked for on the connection of the reader, in one question, for all lines of an answer together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, LiteralString, TypeVar

import psycopg
from psycopg.rows import tuple_row

from domain.issue.words import Tier
from projections.issue_history import HistoryLine
from projections.issue_ledger_fold import LedgerRow
from projections.labels import Label, label
from services.privacy.unsealing import sentences_of

_STATION: Final = "station:"
_OFFICERS: Final[LiteralString] = "select name, display_zh, display_en from account"
_PLACES: Final[LiteralString] = "select code, name from place"
_TIERS: Final = {tier.value: label(tier) for tier in Tier}
_OFFICER_FIELDS: Final = ("person", "leader")
_NESTED_OFFICERS: Final = ("holder", "responsible")
Row = TypeVar("Row", bound=LedgerRow)


@dataclass(frozen=True, slots=True)
class Called:
    """Names by account and by place. Whom nobody knows any more is called as the log has it."""

    officers: Mapping[str, Label]
    places: Mapping[str, str]

    def officer(self, account: str) -> Label:
        """The owner of an account; a place that is named where a person may be (their codes are in capitals)."""
        return self.officers.get(account) or Label(*[self.places.get(account, account)] * 2)

    def unit(self, unit: str) -> Label:
        """township, county, department:<key>, station:<village>."""
        if unit.startswith(_STATION):
            place = self.places.get(unit.removeprefix(_STATION), unit.removeprefix(_STATION))
            return Label(f"{place}驻点", f"station of {place}")
        return _TIERS.get(unit) or Label(*[self.places.get(unit, unit)] * 2)

    def issue(self, line: Row) -> Row:
        """A line of the issue ledger, in the form's own language."""
        told: Row = self.line(line, officers=_OFFICER_FIELDS, units=("unit",))
        return told

    def line(self, line: Any, *, officers: Sequence[str], units: Sequence[str]) -> Any:
        """A line of any ledger with these fields told; a list of accounts becomes one of names."""
        told: dict[str, Any] = {name: self._officers(getattr(line, name)) for name in officers}
        told |= {name: self.unit(unit).zh if (unit := getattr(line, name)) else unit for name in units}
        return replace(line, **told)

    def history(self, lines: Sequence[HistoryLine]) -> list[HistoryLine]:
        """Lines of a history whose sentences name people; their details stay as the log has them."""
        return [replace(line, zh=self._told(line, 0), en=self._told(line, 1)) for line in lines]

    def _officers(self, accounts: Any) -> Any:
        if isinstance(accounts, str):
            return self.officer(accounts).zh
        return None if accounts is None else type(accounts)(self.officer(each).zh for each in accounts)

    def _told(self, line: HistoryLine, language: int) -> str:
        details: dict[str, Any] = dict(line.details)
        for name in _OFFICER_FIELDS:
            if isinstance(details.get(name), str):
                details[name] = self.officer(details[name])[language]
        for name in _NESTED_OFFICERS:
            if isinstance(nested := details.get(name), Mapping) and "person" in nested:
                details[name] = {**nested, "person": self.officer(nested["person"])[language]}
        if isinstance(unit := details.get("unit"), str):
            details["unit"] = self.unit(unit)[language]
        return sentences_of(line.topic, details)[language]


def called(connection: psycopg.Connection) -> Called:
    """Of all accounts and places, those that were closed too."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        officers = {name: Label(zh, en) for name, zh, en in cursor.execute(_OFFICERS)}
        return Called(officers, dict(cursor.execute(_PLACES).fetchall()))
