"""The household register: which households are known, what is agreed with each, and what waits? Words stay sealed.

One row per household, under its stream's id. The API, the command line and the erasing step ask it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from domain.household import events as e
from projections.per_issue import Change, PerIssue
from projections.projection import Recorded


@dataclass(slots=True)
class HouseholdRow:
    """One household as the register holds it."""

    household_id: UUID
    version: int
    position: int
    registered_at: datetime
    changed_at: datetime
    village: str
    household: str
    name: str | None = None  # sealed, as are phone and address
    phone: str | None = None
    address: str | None = None
    consents: str | None = None  # priority visits: the reasons agreed to, with commas between
    objection: str | None = None  # open | upheld | refused
    erasure: str | None = None  # proposed | confirmed
    erasure_reason: str | None = None
    proposed_by: str | None = None
    erase_at: datetime | None = None
    erased_at: datetime | None = None


WORDS: Final = ("name", "phone", "address")
"""The columns that hold sealed words."""


def _registered(event: e.HouseholdRegistered, recorded: Recorded) -> HouseholdRow:
    return HouseholdRow(
        household_id=event.originator_id,
        version=event.originator_version,
        position=recorded.position,
        registered_at=event.occurred_at,
        changed_at=event.occurred_at,
        village=event.village,
        household=event.household,
        name=event.name,
        phone=event.phone,
        address=event.address,
    )


def _registered_anew(row: HouseholdRow, event: e.HouseholdRegistered) -> None:
    row.name, row.phone, row.address, row.erased_at = event.name, event.phone, event.address, None


def _corrected(row: HouseholdRow, event: e.HouseholdCorrected) -> None:
    setattr(row, event.field, event.value)


def _consented(row: HouseholdRow, event: e.PriorityConsentRecorded) -> None:
    row.consents = _joined({*_split(row.consents), event.reason.value})


def _withdrew(row: HouseholdRow, event: e.PriorityConsentWithdrawn) -> None:
    row.consents = _joined(_split(row.consents) - {event.reason.value})


def _split(consents: str | None) -> set[str]:
    return set(consents.split(",")) if consents else set()


def _joined(consents: set[str]) -> str | None:
    return ",".join(sorted(consents)) or None


def _objected(row: HouseholdRow, _: e.ProcessingObjected) -> None:
    row.objection = "open"


def _answered(row: HouseholdRow, event: e.ObjectionAnswered) -> None:
    row.objection = "upheld" if event.upheld else "refused"
    row.consents = None if event.upheld else row.consents


def _asked(row: HouseholdRow, _: e.CopyRequested) -> None:
    """That it asked for a copy is in the log; nothing of the row changes."""


def _proposed(row: HouseholdRow, event: e.ErasureProposed) -> None:
    row.erasure, row.erasure_reason, row.proposed_by = "proposed", event.reason, event.actor.user


def _confirmed(row: HouseholdRow, event: e.ErasureConfirmed) -> None:
    row.erasure, row.erase_at = "confirmed", event.erase_at


def _cancelled(row: HouseholdRow, _: e.ErasureCancelled) -> None:
    row.erasure = row.erasure_reason = row.proposed_by = row.erase_at = None


def _erased(row: HouseholdRow, event: e.HouseholdErased) -> None:
    row.name = row.phone = row.address = row.consents = row.objection = None
    row.erasure = row.erasure_reason = row.proposed_by = row.erase_at = None
    row.erased_at = event.occurred_at


def _moved(change: Any) -> Change[HouseholdRow]:
    def moved(row: HouseholdRow, event: Any, recorded: Recorded) -> None:
        row.version, row.position, row.changed_at = event.originator_version, recorded.position, event.occurred_at
        change(row, event)

    return moved


_DDL: Final = """
create table if not exists household_register (
  household_id uuid primary key, version bigint not null, position bigint not null,
  registered_at timestamptz not null, changed_at timestamptz not null,
  village text not null, household text not null, name text, phone text, address text,
  consents text, objection text, erasure text, erasure_reason text, proposed_by text,
  erase_at timestamptz, erased_at timestamptz
);
"""
_INDEXES: Final = """
create unique index if not exists household_register_by_number on household_register (village, household);
create index if not exists household_register_by_erasure on household_register (erase_at) where erase_at is not null;
"""
HOUSEHOLD_REGISTER: Final = PerIssue(
    name="household_register",
    question="Which households are known, what is agreed with each, and what waits? 户登记",
    ddl=_DDL,
    indexes=_INDEXES,
    row=HouseholdRow,
    follows=e.HOUSEHOLD_EVENTS,
    begins={e.HouseholdRegistered: _registered},
    changes={
        e.HouseholdRegistered: _moved(_registered_anew),
        e.HouseholdCorrected: _moved(_corrected),
        e.PriorityConsentRecorded: _moved(_consented),
        e.PriorityConsentWithdrawn: _moved(_withdrew),
        e.ProcessingObjected: _moved(_objected),
        e.ObjectionAnswered: _moved(_answered),
        e.CopyRequested: _moved(_asked),
        e.ErasureProposed: _moved(_proposed),
        e.ErasureConfirmed: _moved(_confirmed),
        e.ErasureCancelled: _moved(_cancelled),
        e.HouseholdErased: _moved(_erased),
    },
    key="household_id",
)


# -- asking ---------------------------------------------------------------------------------------------------------

_ONE: Final[LiteralString] = "select * from household_register where village = %s and household = %s"
_DUE: Final[LiteralString] = """
select * from household_register where erasure = 'confirmed' and erase_at <= %s order by erase_at, household_id
"""


def entry(connection: psycopg.Connection, village: str, household: str) -> HouseholdRow | None:
    """The row of one household, or None."""
    with connection.cursor(row_factory=class_row(HouseholdRow)) as cursor:
        return cursor.execute(_ONE, (village, household)).fetchone()


def erasures_due(connection: psycopg.Connection, now: datetime) -> list[HouseholdRow]:
    """The households whose waiting period is over."""
    with connection.cursor(row_factory=class_row(HouseholdRow)) as cursor:
        return cursor.execute(_DUE, (now,)).fetchall()
