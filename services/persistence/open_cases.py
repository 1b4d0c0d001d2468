"""How many cases of a household are not settled? Asked before its words may be erased; joined to casework by bootstrap.

By the issue ledger, which follows the log by moments: an erasure waits for days, and asks again at its end.
"""

from typing import Final

import psycopg
from eventsourcing.persistence import OperationalError

from domain.issue.words import FINAL_STAGES
from services.persistence.scope import Scope, scoped

_COUNT: Final = """
select count(*) from issue_ledger where village = %s and household = %s and stage <> all(%s)
"""


class OpenCases:
    """Counts on a connection made for the question: it is asked rarely."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def __call__(self, village: str, household: str) -> int:
        """Raises OperationalError when it cannot be known."""
        try:
            with (
                psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection,
                scoped(connection, Scope.whole()),
            ):
                row = connection.execute(_COUNT, (village, household, sorted(FINAL_STAGES))).fetchone()
        except psycopg.Error as failure:
            raise OperationalError("the ledger cannot be read") from failure
        return int(row[0]) if row else 0
