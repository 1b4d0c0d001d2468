"""May a process start on this database? Refused where its role is too powerful or the database was loosened.

`huiyin api`, `worker` and `follow` call it first. While the database is away they wait for it: what cannot be asked
is not taken for sound.
"""

import time
from collections.abc import Callable, Sequence

import psycopg
import structlog

from services.embedded.problems import MachineProblem
from services.persistence.protection_check import check_protection
from services.persistence.server_check import Finding, check_server

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0  # seconds

log = structlog.get_logger(__name__)


def tables_of_read_models() -> tuple[str, ...]:
    """Those that every process but the sealer reads or writes."""
    from projections.registry import PROJECTIONS  # here: the sealer knows no events, and need not carry them in memory

    return tuple(table for projection in PROJECTIONS for table in projection.tables)


def findings_of(connection: psycopg.Connection, tables: Sequence[str]) -> list[Finding]:
    """Everything that speaks against running on this connection's database in its role. Raises psycopg.Error."""
    found = check_server(connection)
    if any(finding.code == "not-migrated" for finding in found):
        return found
    return found + check_protection(connection, tables)


def refuse_unsafe_database(
    dsn: str, tables: Sequence[str] | None = None, *, pause: Callable[[float], None] = time.sleep
) -> None:
    """Returns when all is well; `tables`: those that rows' security is asked of, None: of every read model.

    Raises MachineProblem with every finding; waits while the database is away.
    """
    seconds = _FIRST_PAUSE
    protected = tables_of_read_models() if tables is None else tables
    while True:
        try:
            with psycopg.connect(dsn, autocommit=True, connect_timeout=3) as connection:
                found = findings_of(connection, protected)
            break
        except psycopg.OperationalError as away:
            log.warning("waits_for_database", error=type(away).__name__, seconds=seconds)
            pause(seconds)
            seconds = min(seconds * 2, _LONGEST_PAUSE)
    if found:
        raise MachineProblem(
            "unsafe-database",
            zh="\n".join(["未启动：数据库的设置不安全。", *(f"  {each.code}：{each.zh}" for each in found)]),
            en="\n".join(["Not started: the database is not safe.", *(f"  {each.code}: {each.en}" for each in found)]),
        )
