"""Which issue does a receipt's hash belong to? Asked by the household's door; split issues share one receipt.

Nothing but hash and id stands here: whoever reads the table learns neither codes nor cases.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg

from domain.issue.events import ISSUE_EVENTS, IssueLogged
from projections.per_issue import PerIssue
from projections.projection import Recorded

_DDL: Final = """
create table if not exists receipt (issue_id uuid primary key, receipt_hash text not null);
"""
_INDEXES: Final = """
create index if not exists receipt_by_hash on receipt (receipt_hash);
"""


@dataclass(slots=True)
class ReceiptRow:
    """One issue's receipt."""

    issue_id: UUID
    receipt_hash: str


def _logged(event: IssueLogged, recorded: Recorded) -> ReceiptRow:
    return ReceiptRow(event.originator_id, event.receipt_hash)


RECEIPT: Final = PerIssue(
    name="receipt",
    question="Which issue does a receipt's hash belong to? 回执",
    ddl=_DDL,
    indexes=_INDEXES,
    row=ReceiptRow,
    follows=ISSUE_EVENTS,
    begins={IssueLogged: _logged},
    changes={},
    passes_over=ISSUE_EVENTS - {IssueLogged},  # whatever happens to an issue later: its receipt stays
)


# -- asking ---------------------------------------------------------------------------------------------------------


def issues_of(connection: psycopg.Connection, receipt_hash: str) -> list[UUID]:
    """The issues of this receipt: none, one, or all parts of one that was split. One look, whatever comes of it."""
    rows = connection.execute(
        "select issue_id from receipt where receipt_hash = %s order by issue_id", (receipt_hash,)
    ).fetchall()
    return [issue_id for (issue_id,) in rows]
