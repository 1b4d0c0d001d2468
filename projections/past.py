"""Where did each issue stand at another time? Rows made from the log as of what had happened, and was known, by then.

For `huiyin ledger --as-of --known-at` and audits: always right, and as slow as reading the log.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import psycopg

from projections.dashboard_source import When
from projections.log_reader import head
from projections.moments import each_told_by
from projections.per_issue import IssueRow, PerIssue
from projections.projection import decoded
from projections.streams import FIRST, LAST, whole_streams

Row = TypeVar("Row", bound=IssueRow)


def rows_at(
    connection: psycopg.Connection,
    model: PerIssue[Row],
    *,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    issue_id: UUID | None = None,
) -> Iterator[Row]:
    """The model's rows without what happened after `as_of` and without what was recorded after `known_at` (moments.py).

    Of one issue or of all, in no particular order. Raises as `projections.projection.decoded` does.
    """
    with connection.transaction():
        for batch in whole_streams(connection, head(connection), issue_id or FIRST, issue_id or LAST):
            yield from model.fold(each_told_by(decoded(batch), When(as_of, known_at)), {}).values()
