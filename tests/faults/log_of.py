"""Reads a system's whole log for the checker, straight from its tables."""

from typing import Any

import domain.streams  # noqa: F401  # decode knows the events of modules that are loaded
from domain.events import decode
from domain.values import Role
from tests.faults.checker import Log, Stored
from tests.support.system import System

_EVENTS = """
select notification_id, position, originator_id, originator_version, topic, state
from ledger_events left join seal using (notification_id)
order by notification_id
"""


def log_of(system: System) -> Log:
    """Everything that is stored now."""

    def stored(row: tuple[Any, ...]) -> Stored:
        notification_id, position, stream_id, version, topic, state = row
        event = decode(topic, stream_id, version, state)
        return Stored(
            notification_id,
            position,
            stream_id,
            version,
            topic,
            event.command_id,
            by_process=event.actor.role is Role.PROCESS,
            occurred_at=event.occurred_at,
            about=tuple(str(getattr(event, name, "")) for name in ("rule", "submission", "owner")),
        )

    commands = system.rows("select command_id, originator_id, version from command_log")
    counters = system.rows("select village, year, last from village_counter")
    return Log(
        events=[stored(row) for row in system.rows(_EVENTS)],
        commands={command_id: (stream_id, version) for command_id, stream_id, version in commands},
        numbers=system.rows("select village, year, serial, number, issue_id from issue_number"),
        counters={(village, year): last for village, year, last in counters},
        sealed=system.rows("select position, notification_id from seal"),
    )
