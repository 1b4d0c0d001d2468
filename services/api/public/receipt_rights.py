"""What may a household ask for, behind its receipt? Corrections, objections and a copy of its data (PIPL 44 to 46).

Each needs the proof that receipt_words.py asks for, goes through the register like an officer's command, and is
recorded as the household's own. Called by receipts.py.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import psycopg
from pydantic import StringConstraints

from domain.household.commands import CorrectHousehold, HouseholdCommand, ObjectToProcessing, RequestCopy
from domain.household.words import HouseholdField, SpokenBy
from domain.issue.state import Issue
from domain.values import Actor, Line, Role, Text
from services.api.door.bodies import Body
from services.api.parts import ApiParts
from services.api.public.receipt_words import THE_HOUSEHOLD_ITSELF, Proven, words_of

THE_HOUSEHOLD: Final = Actor(user="household", role=Role.HOUSEHOLD)
"""Whoever holds the code: the log keeps no more of them than the receipt itself says."""
_NAMES: Final = frozenset({"user_name", "on_behalf_of", "actor", "proposed_by"})

LastFour = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
"""The end of the telephone number in the register."""


class Proof(Body):
    """What every one of them carries."""

    last_four: LastFour


class Correction(Proof):
    """更正资料 Correct the household's entry. Its telephone only at the counter: it is the proof itself."""

    field: Literal["name", "address"]
    value: Line | None = None

    def command(self, **envelope: Any) -> HouseholdCommand:
        """As the domain takes it."""
        return CorrectHousehold(**envelope, field=HouseholdField(self.field), value=self.value)


class Objection(Proof):
    """异议 Object to what is done with the household's data."""

    request: Text

    def command(self, **envelope: Any) -> HouseholdCommand:
        """As the domain takes it."""
        return ObjectToProcessing(**envelope, request=self.request, spoken_by=SpokenBy.ITSELF)


class Export(Proof):
    """查阅复制 A copy of the household's data."""

    def command(self, **envelope: Any) -> HouseholdCommand:
        """As the domain takes it."""
        return RequestCopy(**envelope, spoken_by=SpokenBy.ITSELF)


class Right(StrEnum):
    """`POST /api/v1/receipts/{code}/<word>`."""

    CORRECTION = "correction"
    OBJECTION = "objection"
    EXPORT = "export"


Claim = Correction | Objection | Export
RIGHTS: Final[Mapping[Right, type[Claim]]] = {
    Right.CORRECTION: Correction,
    Right.OBJECTION: Objection,
    Right.EXPORT: Export,
}


def claim(parts: ApiParts, proven: Proven, key: UUID, said: Claim, now: datetime) -> bool:
    """Records it; whether it had been recorded before. Raises the domain's refusals."""
    whose = {"village": proven.village, "household": proven.household}
    command = said.command(command_id=key, actor=THE_HOUSEHOLD, occurred_at=now, **whose)
    return parts.households.register.handle(command).repeated


def copy_of(parts: ApiParts, connection: psycopg.Connection, proven: Proven, issues: Sequence[Issue]) -> dict[str, Any]:
    """The register's entry and events, the words of this receipt's issues, and the looks; officers by role only."""
    held = parts.households.copy(connection, THE_HOUSEHOLD_ITSELF, proven.village, proven.household)
    shown = words_of(parts, connection, proven, issues)
    events = [{**_nameless(event), "role": event["actor"]["role"]} for event in held["events"]]
    return {"household": _nameless(held["household"]), "events": events, **shown}


def _nameless(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _NAMES}
