"""Gives every open issue its workflow again, from the log alone: after Temporal lost its data, or to be sure.

`huiyin rebuild workflows` calls it. Safe at any time, as often as one likes: no step is taken twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg
from temporalio.client import Client

from domain.casework import Casework
from projections.follower import connect
from workflows.messages import Situation, situation_of
from workflows.tell import tell_all

_PAGE: Final = 1000
_BEFORE_ALL: Final = UUID(int=0)
_COUNT: Final = "select count(*) from issue_number"
_NEXT: Final = """
select originator_id from ledger_events
where originator_version = 1 and topic = 'issue.logged' and originator_id > %s order by originator_id limit %s
"""


@dataclass(frozen=True, slots=True)
class RebuiltWorkflows:
    """Issues in the log, and how many of them still need a workflow and were told."""

    issues: int
    told: int


def rebuild_workflows(
    dsn: str,
    casework: Casework,
    temporal: Callable[[], Awaitable[Client]],
    *,
    task_queue: str,
    wake_spread_seconds: int,
    progress: Callable[[int, int], None] | None = None,
) -> RebuiltWorkflows:
    """Starts the workflow of each issue that has not ended, at its present stage, or tells the one that runs.

    `progress(done, total)` in issues, now and then. Raises RPCError or RuntimeError when Temporal is away: run again.
    """
    seen = 0

    def open_issues(connection: psycopg.Connection) -> Iterator[Situation]:
        nonlocal seen
        total = _count(connection)
        for issue_id in _all_issues(connection):
            issue = casework.issue(issue_id)
            if issue is not None and not issue.is_final:
                yield situation_of(issue, wake_spread_seconds)
            seen += 1
            if progress and seen % 100 == 0:
                progress(seen, max(seen, total))

    async def tell_open_issues() -> int:
        with connect(dsn, "workflow rebuild") as connection:
            return await tell_all(await temporal(), task_queue, open_issues(connection))

    told = asyncio.run(tell_open_issues())
    if progress:
        progress(seen, seen)
    return RebuiltWorkflows(issues=seen, told=told)


def _count(connection: psycopg.Connection) -> int:
    row = connection.execute(_COUNT).fetchone()
    return int(row[0]) if row else 0


def _all_issues(connection: psycopg.Connection) -> Iterator[UUID]:
    last = _BEFORE_ALL
    while page := connection.execute(_NEXT, (last, _PAGE)).fetchall():
        yield from (issue_id for (issue_id,) in page)
        last = page[-1][0]
