"""`huiyin bench audit`: what do proofs cost, and how long do an auditor's questions take?

One log for all of it, on a database of the bench: it is sealed into its trees and signed, verified, looked at as of
another time, held against another plan, and one issue of it replayed.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString

import psycopg

from domain.plan import load_plan
from domain.proof.hashing import SHA256, SM3, Hashing
from domain.what_if.totals import Totals
from projections.dashboard import dashboard
from projections.dashboard_source import When
from projections.follower import connect, own_position
from projections.issue_ledger import ISSUE_LEDGER, LedgerFilter, Sort
from projections.past import rows_at
from projections.past_pages import count_at, found_at, told_at
from projections.rebuild import rebuild
from projections.tree import grow, sign_head, tree_name
from services.audit import replay, what_if
from services.audit.log_key import LogKey
from services.audit.verify import CHECKS, verification
from services.audit.verify_checkpoints import trust_of
from services.audit.verify_faults import faulty
from services.bench.harness import BenchOffice, Result, measured, table
from services.bench.histories import BenchDirectory, histories
from services.bench.rebuild import write_log
from services.bootstrap import asking_casework, system_clock
from services.persistence.scope import Scope, scoped

_SEALED_AT_ONCE: Final = 500
_REPLAYS: Final = 200
_PAGES: Final = 20
_PAGE: Final = 50
_READ_MODELS: Final = ("issue_ledger", "issue_history", "dashboard", "issue_spells")
_OF_THE_LOG: Final = tuple(it for it in CHECKS if it not in ("read_models", "files", "workflows"))
_NUMBERS: Final[LiteralString] = """
insert into issue_number (number, village, year, serial, issue_id)
select number, split_part(number, '-', 1), split_part(number, '-', 2)::integer, split_part(number, '-', 3)::integer, id
from (
  select originator_id as id, convert_from(state, 'UTF8')::jsonb ->> 'number' as number
  from ledger_events where topic = 'issue.logged'
) as logged
"""
_COUNTERS: Final[LiteralString] = """
insert into village_counter (village, year, last)
select village, year, max(serial) from issue_number group by village, year
"""
_COMMANDS: Final[LiteralString] = """
insert into command_log (command_id, originator_id, version, digest)
select (convert_from(state, 'UTF8')::jsonb ->> 'command_id')::uuid, originator_id, max(originator_version), ''
from ledger_events group by 1, 2
on conflict do nothing -- the office's own organisation has its commands
"""
_NOTES: Final = (
    f"Sealed: tiles in transactions of {_SEALED_AT_ONCE} events, a signature after each; live there is one a second.",
    "Verified: the checks of the log itself, all of them, in one run. As of: half of the time that the log covers.",
    "CPU: user and system time, of the program and of PostgreSQL (fsync on).",
)


def run(issues: int = 18_000) -> Result:
    """Makes so many issues, 5.6 events each: 18,000 are 100,000 events."""
    with BenchOffice(()) as office:
        events = _fill(office, issues)
        rows = [
            _sealed(office, SHA256, events),
            _sealed(office, SM3, events),
            _verified(office, events),
            *_as_of(office, issues),
            _what_if(office, issues),
            _replayed(office),
        ]
    return {"bench": "audit", "rows": rows, "table": table(f"bench audit, {events:,} events", rows, _NOTES)}


def _fill(office: BenchOffice, issues: int) -> int:
    write_log(office.postgres.owner_dsn, histories(issues))
    with psycopg.connect(office.postgres.owner_dsn) as connection:
        for statement in (_NUMBERS, _COUNTERS, _COMMANDS):
            connection.execute(statement)
        row = connection.execute("select count(*) from seal").fetchone()
    rebuild(office.postgres.owner_dsn, _READ_MODELS)
    with psycopg.connect(office.postgres.owner_dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")
    return int(row[0]) if row else 0


def _row(office: BenchOffice, what: str, number: int, act: Callable[[], object]) -> dict[str, Any]:
    with measured(office) as piece:
        act()
    return {
        "what": what,
        "number": number,
        "seconds": piece.seconds,
        "us each": piece.seconds / number * 1e6,
        "CPU us each: program": piece.cpu["bench"] / number * 1e6,
        "PostgreSQL": piece.cpu["PostgreSQL"] / number * 1e6,
    }


# -- proofs ---------------------------------------------------------------------------------------------------------


def _sealed(office: BenchOffice, hashing: Hashing, events: int) -> dict[str, Any]:
    signer = LogKey(office.settings.home, hashing)

    def seal() -> None:
        with connect(office.postgres.follower_dsn, "bench") as connection:
            connection.execute("set synchronous_commit = on")
            position = own_position(connection, tree_name(hashing))
            while position < events - 1:
                with connection.transaction():
                    position = grow(connection, hashing, position, _SEALED_AT_ONCE)
                with connection.transaction():
                    sign_head(connection, hashing, signer, position)

    return _row(office, f"seal, {hashing.name}: an event", events, seal)


def _verified(office: BenchOffice, events: int) -> dict[str, Any]:
    trust = trust_of(office.settings, None, [])

    def verify() -> None:
        if faulty(verification(office.settings, trust, lambda *_: None, _OF_THE_LOG)):
            raise AssertionError("the log of the bench has a fault")  # a bench of something wrong measures nothing

    return _row(office, "verify: an event", events, verify)


# -- questions ------------------------------------------------------------------------------------------------------


def _as_of(office: BenchOffice, issues: int) -> Iterator[dict[str, Any]]:
    with psycopg.connect(office.postgres.app_dsn, autocommit=True) as connection:
        when = When(as_of=_middle(connection))

        def everywhere(ask: Callable[[], object]) -> Callable[[], None]:
            def asked() -> None:
                for _ in range(_PAGES):
                    with scoped(connection, Scope.whole()):
                        ask()

            return asked

        def page() -> None:
            count_at(connection, LedgerFilter(), when)
            found = found_at(connection, LedgerFilter(), when, after=None, limit=_PAGE, sort=Sort.NEWEST)
            for issue_id in found:
                told_at(connection, issue_id, when)

        def figures() -> None:
            dashboard(connection, when.moment, when=when)

        yield _row(office, "ledger as of: a page of 50", _PAGES, everywhere(page))
        yield _row(office, "dashboard as of", _PAGES, everywhere(figures))
        whole = rows_at(connection, ISSUE_LEDGER, as_of=when.as_of)
        yield _row(office, "whole ledger as of: an issue", issues, lambda: sum(1 for _ in whole))


def _middle(connection: psycopg.Connection) -> datetime:
    with scoped(connection, Scope.whole()):
        row = connection.execute(
            "select min(occurred_at) + (max(occurred_at) - min(occurred_at)) / 2 from issue_history"
        ).fetchone()
    if row is None:
        raise AssertionError("the log of the bench is empty")
    middle: datetime = row[0]
    return middle


def _what_if(office: BenchOffice, issues: int) -> dict[str, Any]:
    def ask() -> None:
        with (
            closing(asking_casework(office.settings)) as casework,
            psycopg.connect(office.postgres.app_dsn, autocommit=True) as connection,
            what_if.unwriting(connection) as up_to,
        ):
            world = what_if.world_of(casework, BenchDirectory(), load_plan("pc"))
            totals = Totals()
            for issue in what_if.replayed(connection, up_to, world, system_clock()):
                totals.add(issue)

    return _row(office, "what if, plan pc: an issue", issues, ask)


def _replayed(office: BenchOffice) -> dict[str, Any]:
    with psycopg.connect(office.postgres.app_dsn, autocommit=True) as connection:
        chosen = connection.execute("select issue_id from issue_number order by number limit %s", (_REPLAYS,))
        ids = [issue_id for (issue_id,) in chosen]

        def ask() -> None:
            for issue_id in ids:
                with scoped(connection, Scope.whole()):
                    stream = replay.stream_of(connection, issue_id)
                    replay.replayed(connection, stream, late_after=timedelta(days=3))

        return _row(office, "replay: an issue", len(ids), ask)
