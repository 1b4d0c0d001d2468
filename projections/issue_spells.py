"""How did each issue stand at any time before? One row for each time that what is counted of it stayed the same.

For the dashboard and lists of another time, by what had happened (`from_at`, `until_at`) and by what was recorded by
then (`known_from`, `known_until`); `past.rows_at` tells the same from the log, slowly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Final, LiteralString
from uuid import UUID

import psycopg

from projections.copying import columns_of, copy_rows
from projections.dashboard import DASHBOARD, ROW_COLUMNS
from projections.dashboard_fold import DashboardRow
from projections.projection import Recorded

_DDL: Final = (
    "create table if not exists issue_spell (issue_id uuid not null,"
    + ROW_COLUMNS
    + """, version bigint not null, from_at timestamptz not null, known_from timestamptz not null, until_at timestamptz,
  known_until timestamptz, primary key (issue_id, version));
"""
)
_INDEXES: Final = """
create index if not exists issue_spell_last on issue_spell (issue_id) where until_at is null;
create index if not exists issue_spell_by_village on issue_spell (village, from_at);
"""


@dataclass(slots=True)
class _Times:
    version: int
    from_at: datetime
    known_from: datetime
    until_at: datetime | None = None
    known_until: datetime | None = None


_ROW: Final = columns_of(DashboardRow)
_COLUMNS: Final = {**_ROW, **columns_of(_Times)}
_LAST: Final[LiteralString] = "delete from issue_spell where issue_id = any(%s) and until_at is null returning {}"
Spell = tuple[DashboardRow, _Times]


class IssueSpells:
    """The projection: the last spell of an issue is open; an event that changes what is counted begins another."""

    name: Final = "issue_spells"
    question: Final = "How did each issue stand at any time before?"
    ddl: Final = _DDL
    indexes: Final = _INDEXES
    tables: Final = ("issue_spell",)

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """As Projection.apply: one read, one COPY."""
        told = [it for it in batch if type(it.event) in DASHBOARD.begins or type(it.event) in DASHBOARD.changes]
        _check_known(batch)
        last = _taken_off(connection, {it.event.originator_id for it in told})
        ended: list[Spell] = []
        for recorded in told:
            issue_id = recorded.event.originator_id
            before = last.get(issue_id)
            rows = {issue_id: replace(before[0])} if before else {}
            after = DASHBOARD.fold([recorded], rows)[issue_id]
            if before is None:
                last[issue_id] = (after, _begun(recorded))
            elif after != before[0]:
                times = _begun(recorded, not_before=before[1])
                ended.append((before[0], replace(before[1], until_at=times.from_at, known_until=times.known_from)))
                last[issue_id] = (after, times)
        _write(connection, [*ended, *last.values()])


def _check_known(batch: Sequence[Recorded]) -> None:
    """Raises UnknownEvent, as the dashboard does."""
    kinds = {type(it.event): it for it in batch}
    for kind, recorded in kinds.items():
        if kind not in DASHBOARD.begins and kind not in DASHBOARD.changes:
            DASHBOARD.fold([recorded], {})


def _begun(recorded: Recorded, not_before: _Times | None = None) -> _Times:
    """Clocks may be set back; what came later in the log does not begin earlier."""
    event = recorded.event
    if not_before is None:
        return _Times(event.originator_version, event.occurred_at, recorded.recorded_at)
    from_at = max(event.occurred_at, not_before.from_at)
    return _Times(event.originator_version, from_at, max(recorded.recorded_at, not_before.known_from))


def _taken_off(connection: psycopg.Connection, issue_ids: set[UUID]) -> dict[UUID, Spell]:
    names: LiteralString = ", ".join(_COLUMNS)
    found = connection.execute(_LAST.format(names), (list(issue_ids),)).fetchall() if issue_ids else []
    width = len(_ROW)
    spells = ((DashboardRow(*values[:width]), _Times(*values[width:])) for values in found)
    return {row.issue_id: (row, times) for row, times in spells}


def _write(connection: psycopg.Connection, spells: Sequence[Spell]) -> None:
    of_row, of_times = attrgetter(*_ROW), attrgetter(*columns_of(_Times))
    rows = ((*of_row(row), *of_times(times)) for row, times in spells)
    copy_rows(connection, "issue_spell", _COLUMNS, rows)


ISSUE_SPELLS: Final = IssueSpells()
