"""`huiyin bench rebuild`: how many events a second do the read models take in when they are made anew from the log?

All read models together, put in place, and compared row by row; beside them PostgreSQL, on a database of the bench.
"""

import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import psycopg

from domain.events import DomainEvent, encode
from projections.log_reader import head
from projections.rebuild import Comparison, Rebuilt, compare, rebuild
from projections.registry import NAMES
from services.bench.harness import BenchOffice, Result, measured, table
from services.bench.histories import histories

_REPEATS: Final = 3
_OF_ISSUES: Final = ("issue_ledger", "issue_history", "dashboard")
_NOTES: Final = (
    f"Of issues: {', '.join(_OF_ISSUES)}; all: {len(NAMES)} read models, among them {', '.join(NAMES[3:8])}.",
    "fsync on; events are those of lives decided by the real commands, 5.6 an issue.",
    "CPU: user and system time per event, of the program with its second process, and of PostgreSQL.",
)


def run(issues: int = 18_000) -> Result:
    """Makes the events of so many issues; rebuilds the three that show issues, then all, three times; compares once."""
    with BenchOffice(()) as office:
        write_log(office.postgres.owner_dsn, histories(issues))
        owner_dsn = office.postgres.owner_dsn
        rows = [
            _measured(office, f"rebuild, {what}", partial(rebuild, owner_dsn, names))
            for what, names in (("of issues", _OF_ISSUES), ("all", NAMES))
            for _ in range(_REPEATS)
        ]
        rows.append(_measured(office, "rebuild --compare, all", lambda: _equal(compare(owner_dsn, NAMES))))
    return {"bench": "rebuild", "rows": rows, "table": table("bench rebuild", rows, _NOTES)}


def write_log(owner_dsn: str, events: Iterable[DomainEvent]) -> None:
    """Appends events in bulk, and seals them in that order."""
    with psycopg.connect(owner_dsn) as connection:
        into = "copy ledger_events (originator_id, originator_version, topic, state) from stdin with (format binary)"
        with connection.cursor() as cursor, cursor.copy(into) as copy:
            copy.set_types(("uuid", "int8", "text", "bytea"))
            for event in events:
                copy.write_row((event.originator_id, event.originator_version, event.TOPIC, encode(event)))
        connection.execute(
            "insert into seal select row_number() over (order by notification_id) - 1, notification_id"
            " from ledger_events"
        )


def _measured(office: BenchOffice, what: str, made: Callable[[], list[Rebuilt] | list[Comparison]]) -> dict[str, Any]:
    with psycopg.connect(office.postgres.app_dsn) as connection:
        events = head(connection) + 1
    before = os.times()
    with measured(office) as piece:
        results = made()
    after = os.times()
    helpers = after.children_user + after.children_system - before.children_user - before.children_system
    own = after.user + after.system - before.user - before.system
    return {
        "run": what,
        "events": events,
        "rows": sum(result.rows for result in results),
        "events/s": events / piece.seconds,
        "CPU us/event: program": (own + helpers) / events * 1e6,
        "PostgreSQL": piece.cpu["PostgreSQL"] / events * 1e6,
        "others' cores": max(0.0, piece.others - helpers / piece.seconds),
    }


def _equal(compared: list[Comparison]) -> list[Comparison]:
    """A bench of something wrong measures nothing."""
    if any(each.differences for each in compared):
        raise AssertionError("the rebuilt read models differ from the live ones")
    return compared
