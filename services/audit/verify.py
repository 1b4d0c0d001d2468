"""Was anything changed, or only added? Joins the checks: `huiyin audit verify` and the auditors' pages call it.

The log is read in one transaction that sees one moment: once by position (tree, times), once stream by stream
(versions, four eyes, numbers, commands). It needs the application's role and writes nothing.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, LiteralString
from uuid import UUID

import psycopg

from domain.proof.hashing import HASHINGS, SHA256
from projections.log_reader import LogReader, head
from projections.tree import tree_name
from services.audit import verify_elsewhere
from services.audit.verify_checkpoints import Trust, in_the_database, roots_of, signed_checkpoints
from services.audit.verify_commands import Commands
from services.audit.verify_elsewhere import Progress
from services.audit.verify_faults import Fault, Faults, Found, Where
from services.audit.verify_four_eyes import FourEyes
from services.audit.verify_numbers import Numbers
from services.audit.verify_streams import Order, Told, streams, walk
from services.audit.verify_times import Bounds, Times
from services.audit.verify_tree import TreeWalk
from services.audit.verify_words import QUESTIONS
from services.audit.verify_workflows import Stands, open_ones
from services.settings import Settings

CHECKS: Final = tuple(QUESTIONS)
OF_TREES: Final = frozenset({"signatures", "roots", "saved"})
BY_POSITION: Final = OF_TREES | {"order", "times"}
BY_STREAM: Final = frozenset({"order", "times", "four_eyes", "numbers", "commands", "workflows"})
_BATCH: Final = 4096
_WAITS: Final = timedelta(minutes=5)
"""An event that got no position for so long was overlooked, or put in past the sealer."""
_LOOKS: Final = 10
_PAUSE: Final = 0.1
"""Seconds. The key's file has a checkpoint a moment before the database; longer than all looks it never takes."""
_UNSEALED: Final[LiteralString] = """
select originator_id, originator_version, topic, recorded_at from ledger_events
where recorded_at < %s and not exists (select from seal where seal.notification_id = ledger_events.notification_id)
order by recorded_at limit 20
"""
_NUMBERS: Final[LiteralString] = "select issue_id, number from issue_number where issue_id = any(%s)"


@dataclass
class _Log:
    """What is looked at while the log is read."""

    connection: psycopg.Connection
    only: Collection[str]
    trust: Trust
    progress: Progress
    now: datetime
    head: int
    found: list[Found] = field(default_factory=list)
    expected: dict[UUID, Stands] = field(default_factory=dict)


def verification(settings: Settings, trust: Trust, progress: Progress, only: Collection[str] = CHECKS) -> list[Found]:
    """What each check found, in the order of CHECKS. Raises psycopg.Error, MachineProblem."""
    found = _of_the_log(settings, trust, progress, only)
    if "read_models" in only:
        found.append(verify_elsewhere.read_models(settings, progress))
    if "files" in only:
        found.append(verify_elsewhere.files(settings, progress))
    return sorted(found, key=lambda it: CHECKS.index(it.check))


def _of_the_log(settings: Settings, trust: Trust, progress: Progress, only: Collection[str]) -> list[Found]:
    with (
        psycopg.connect(settings.database_url, autocommit=True, connect_timeout=5) as connection,
        _one_moment(connection, trust),
    ):
        ((now,),) = connection.execute("select clock_timestamp()").fetchall()
        log = _Log(connection, only, trust, progress, now, head(connection))
        times, order = Times(_bounds(log), now), Order()
        _read_by_position(log, times, order)
        _read_by_stream(log, times, order)
        found = [_numbered(connection, it) for it in log.found]
    if "workflows" in only:
        found.append(verify_elsewhere.workflows(settings, log.expected))
    return found


@contextmanager
def _one_moment(connection: psycopg.Connection, trust: Trust) -> Iterator[None]:
    """A transaction that sees one moment, in which what the key remembers is in the database, if it ever will be."""
    for _ in range(_LOOKS):
        if in_the_database(connection, trust):
            break
        time.sleep(_PAUSE)
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        yield


def _bounds(log: _Log) -> Bounds:
    """Until when what each checkpoint covers was recorded at the latest."""
    signed, _ = signed_checkpoints(log.connection, SHA256, log.trust, Faults())
    return Bounds([(it.checkpoint.size, it.seen_by) for it in signed])


# -- by position ----------------------------------------------------------------------------------------------------


def _read_by_position(log: _Log, times: Times, order: Order) -> None:
    """Signatures, roots and saved checkpoints; half of order and times."""
    if BY_POSITION.isdisjoint(log.only):
        return
    signatures, walks, checkpoints = _walks(log)
    reader, after = LogReader(log.connection), -1
    while after < log.head:
        batch = reader.read_sealed(after, _BATCH)
        for walk_ in walks:
            walk_.take(batch)
        times.take(batch)
        order.take(batch)
        after = min(after + _BATCH, log.head)
        log.progress("roots", after + 1, log.head + 1)
    for walk_ in walks:
        walk_.end(log.head)
    order.end(log.head)
    _keep(log, signatures.found("signatures", checkpoints))
    leaves = sum(it.leaves for it in walks)
    _keep(log, _joined("roots", [it.roots_found for it in walks], leaves))
    _keep(log, _joined("saved", [it.saved_found for it in walks], len(log.trust.saved)))


def _walks(log: _Log) -> tuple[Faults, list[TreeWalk], int]:
    """One for each tree that is kept, with the roots that it has to make."""
    signatures, walks, checkpoints = Faults(), [], 0
    for hashing in HASHINGS.values() if not OF_TREES.isdisjoint(log.only) else ():
        size = _size_of(log.connection, tree_name(hashing))
        saved = Faults()
        signed, seen = signed_checkpoints(log.connection, hashing, log.trust, signatures)
        roots = roots_of(hashing, log.trust, signed, signatures, saved)
        if hashing is SHA256 or size or roots:
            walk_ = TreeWalk(log.connection, hashing, size, roots)
            walk_.saved_found = saved
            walks.append(walk_)
            checkpoints += seen
    return signatures, walks, checkpoints


def _size_of(connection: psycopg.Connection, name: str) -> int:
    row = connection.execute("select position + 1 from follower_position where name = %s", (name,)).fetchone()
    return int(row[0]) if row else 0


# -- stream by stream -----------------------------------------------------------------------------------------------


def _read_by_stream(log: _Log, times: Times, order: Order) -> None:
    """Four eyes, numbers, commands, where issues stand; the other half of order and times."""
    if BY_STREAM.isdisjoint(log.only):
        return
    four_eyes, numbers, commands = FourEyes(), Numbers(log.connection), Commands(log.connection)
    takers = {
        "order": order.take_stream,
        "times": times.take_stream,
        "four_eyes": four_eyes.take_stream,
        "numbers": numbers.take_stream,
        "commands": commands.take_stream,
        "workflows": lambda stream: _expect(log, stream),
    }
    records = _feed(log, [take for name, take in takers.items() if name in log.only])
    if "numbers" in log.only:
        numbers.end()
    if "commands" in log.only:
        commands.end()
    if "order" in log.only:
        _look_for_unsealed(log, order.faults)
    _keep(log, order.faults.found("order", records))
    _keep(log, times.faults.found("times", records))
    _keep(log, four_eyes.faults.found("four_eyes", four_eyes.approvals))
    _keep(log, numbers.faults.found("numbers", numbers.issues))
    _keep(log, commands.faults.found("commands", commands.records))


def _feed(log: _Log, takers: Iterable[Callable[[Sequence[Told]], None]]) -> int:
    done, shown = 0, 0
    for stream in streams(log.connection, log.head):
        for take in takers:
            take(stream)
        done += len(stream)
        if done - shown >= _BATCH or done > log.head:
            log.progress("order", done, log.head + 1)
            shown = done
    return done


def _expect(log: _Log, stream: Sequence[Told]) -> None:
    issue, _ = walk(stream, lambda *_: None)
    log.expected.update(open_ones([issue] if issue else []))


def _look_for_unsealed(log: _Log, faults: Faults) -> None:
    for stream, version, topic, recorded_at in log.connection.execute(_UNSEALED, (log.now - _WAITS,)):
        place = Where(stream=stream, version=version, topic=topic, recorded_at=recorded_at)
        faults.add("record-unsealed", place)


# -- what came of it ------------------------------------------------------------------------------------------------


def _keep(log: _Log, found: Found) -> None:
    if found.check in log.only:
        log.found.append(found)


def _joined(check: str, several: Sequence[Faults], looked_at: int) -> Found:
    parts = [it.found(check, 0) for it in several]
    faults = tuple(fault for part in parts for fault in part.faults)
    return Found(check, faults, sum(part.count for part in parts), looked_at)


def _numbered(connection: psycopg.Connection, found: Found) -> Found:
    """With the number of each record's issue."""
    unnamed = [fault.where.stream for fault in found.faults if fault.where.stream and not fault.where.number]
    numbers: dict[UUID, str] = dict(connection.execute(_NUMBERS, (unnamed,)).fetchall()) if unnamed else {}

    def named(fault: Fault) -> Fault:
        number = numbers.get(fault.where.stream) if fault.where.stream else None
        return replace(fault, where=fault.where._replace(number=number)) if number else fault

    return replace(found, faults=tuple(map(named, found.faults)))
