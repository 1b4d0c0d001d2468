"""Which issues may belong on an agenda, and which special meetings are overdue? Asked when an agenda is drawn.

The issue ledger answers once it has counted everything recorded by the cut-off.

Joined to the meetings' activities by services/worker.py. The decision looks at each issue again, in the log.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from domain.errors import Unavailable
from domain.issue.words import Stage
from projections.issue_ledger import ISSUE_LEDGER
from services.persistence.scope import Scope, scoped

_IS_BEHIND: Final = """
with ledger as (
  select coalesce((select position from follower_position where name = %(name)s), -1) as position
)
select exists (
  select from seal join ledger_events using (notification_id), ledger
  where seal.position > ledger.position and recorded_at <= %(by)s
) or exists (
  select from ledger_events left join seal using (notification_id)
  where notification_id > (select low_watermark from seal_progress) and seal.position is null and recorded_at <= %(by)s
)
"""
_WAITING: Final = "select issue_id from issue_ledger where village = any(%s) and stage = any(%s) order by issue_id"


_OVERDUE: Final = """
select meeting_id from meeting_register
where kind = 'special' and township = %(township)s and (
  phase = 'drawn' and meet_by <= %(by)s or confirm_by <= %(by)s and confirmed_by is null and not minutes_overdue
) order by cut_off, meeting_id
"""


class WaitingIssues:
    """Asks on a connection made for the question: it is asked once for a meeting."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def issues(self, villages: Collection[str], stages: Collection[Stage], by: datetime) -> tuple[UUID, ...]:
        """The issues of these villages at these stages. Raises Unavailable while the ledger is behind that moment."""
        try:
            with (
                psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection,
                scoped(connection, Scope.whole()),
            ):
                behind = connection.execute(_IS_BEHIND, {"name": ISSUE_LEDGER.name, "by": by}).fetchone()
                found = connection.execute(_WAITING, (sorted(villages), sorted(stages))).fetchall()
        except psycopg.Error as failure:
            raise Unavailable from failure
        if behind is None or behind[0]:
            raise Unavailable
        return tuple(issue_id for (issue_id,) in found)

    def special_meetings(self, township: str, by: datetime) -> tuple[UUID, ...]:
        """Those of this township that nobody held, or whose minutes nobody confirmed, though that moment was the last.

        As far as the register knows. Raises Unavailable.
        """
        try:
            with (
                psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection,
                scoped(connection, Scope.whole()),
            ):
                found = connection.execute(_OVERDUE, {"township": township, "by": by}).fetchall()
        except psycopg.Error as failure:
            raise Unavailable from failure
        return tuple(meeting_id for (meeting_id,) in found)
