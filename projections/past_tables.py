"""How did any ledger stand at another time? Its tables made anew from what counted then, for one connection alone.

For `huiyin ledger NAME --as-of --known-at`: every read model takes the events through the same `apply` as live, into
temporary tables that stand before the live ones and are gone afterwards. As slow as reading the log.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import psycopg

from projections.appraisal import APPRAISAL
from projections.dashboard import DASHBOARD
from projections.dashboard_source import When
from projections.inbox import INBOX
from projections.issue_history import ISSUE_HISTORY
from projections.log_reader import head
from projections.moments import each_told_by
from projections.projection import Projection, decoded
from projections.receipt import RECEIPT
from projections.registry import PROJECTIONS
from projections.row_security import see_everything
from projections.streams import whole_streams

_NO_LEDGER: Final = (APPRAISAL, DASHBOARD, INBOX, ISSUE_HISTORY, RECEIPT)
"""No ledger that is a form asks these; dashboard and history tell another time by themselves."""
OF_LEDGERS: Final[tuple[Projection, ...]] = tuple(it for it in PROJECTIONS if it not in _NO_LEDGER)


@contextmanager
def tables_at(
    connection: psycopg.Connection,
    when: When,
    projections: Sequence[Projection] = OF_LEDGERS,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[psycopg.Connection]:
    """The connection, to which these read models are meanwhile as they were then; it sees everything.

    In one transaction, undone at the end. `progress(events, of how many)`. Raises what reading and taking in raise.
    """
    with connection.transaction() as undone:
        see_everything(connection)
        connection.execute("set local search_path = pg_temp, public")
        for projection in projections:
            connection.execute(projection.ddl.encode())
        _fill(connection, when, projections, progress)
        for projection in projections:
            connection.execute(projection.indexes.encode())
        yield connection
        raise psycopg.Rollback(undone)


def _fill(
    connection: psycopg.Connection,
    when: When,
    projections: Sequence[Projection],
    progress: Callable[[int, int], None] | None,
) -> None:
    last, done = head(connection), 0
    for batch in whole_streams(connection, last):
        told = list(each_told_by(decoded(batch), when))
        for projection in projections:
            projection.apply(connection, told)
        done += len(batch)
        if progress:
            progress(done, last + 1)
