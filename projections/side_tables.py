"""Fills read models from the whole log into tables of their own, beside the live ones, in a schema called `rebuild`.

Called by rebuild.py. Streams are read whole, one after the other, so memory does not grow with the log; several
processes take a part of the streams each; every read model gets its events through the same `apply` as live.
"""

import gc
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from typing import Final, NamedTuple
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from domain.errors import HuiyinError
from projections.log_reader import LogReader, SealedEvent
from projections.projection import Projection, Recorded, UnreadableEvent, decoded, place_of
from projections.registry import chosen
from projections.streams import whole_streams

SIDE: Final = "rebuild"
"""The schema in which new tables are made, until they take the live ones' place."""
_BATCH: Final = 4000
_WORTH_A_PROCESS: Final = 20_000  # events; a process takes a second to start
_MOST_PROCESSES: Final = 4
_SESSION: Final = f"-c search_path={SIDE},public -c synchronous_commit=off -c work_mem=64MB -c cursor_tuple_fraction=1"


class CannotRebuild(HuiyinError):
    """An event that a read model cannot take in; its content is not told."""

    code = "cannot-rebuild"
    zh = "日志中有一条事项，台账程序不能接受。请改用写下它的版本，或修正程序后重做；现有台账未动。"
    en = (
        "The log holds an event that a read model cannot take in. Run the version that wrote it, or repair the program."
    )

    def __init__(self, name: str, position: int, topic: str, error: str) -> None:
        super().__init__(name, position, topic, error)
        self.name, self.position, self.topic, self.error = name, position, topic, error

    def __str__(self) -> str:
        return f"{super().__str__()} ({self.name}, {self.position}, {self.topic}, {self.error})"


class RebuildInterrupted(HuiyinError):
    """One of the processes of a rebuild was killed."""

    code = "rebuild-interrupted"
    zh = "重建中的一个进程被终止（可能内存不足）；现有台账未动。请重做。"
    en = "A process of the rebuild was killed, perhaps for want of memory; the live tables are untouched. Try again."


class Part(NamedTuple):
    """Some of the streams: those with ids from `first` to `last`, up to a position for each read model by name."""

    first: UUID
    last: UUID
    up_to: Mapping[str, int]


def make_side_tables(connection: psycopg.Connection, projections: Sequence[Projection]) -> None:
    """Empty tables in SIDE, without their further indexes; what an interrupted rebuild left there is dropped."""
    side = sql.Identifier(SIDE)
    with connection.transaction():
        connection.execute(sql.SQL("drop schema if exists {} cascade").format(side))
        connection.execute(sql.SQL("create schema {}").format(side))
        connection.execute(sql.SQL("set local search_path = {}").format(side))
        for projection in projections:
            connection.execute(projection.ddl.encode())


def complete_side_tables(dsn: str, projections: Sequence[Projection]) -> None:
    """Indexes and rough statistics for the full tables: made at once, indexes cost half of what row by row costs."""
    with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_PROCESSES)) as threads:
        list(threads.map(partial(_complete, dsn), projections))  # raises what went wrong there


def _complete(dsn: str, projection: Projection) -> None:
    with side_connection(dsn) as connection:
        connection.execute("set local default_statistics_target = 10")  # PostgreSQL makes better ones in a minute
        connection.execute(projection.indexes.encode())
        for table in projection.tables:
            connection.execute(sql.SQL("analyze {}").format(sql.Identifier(SIDE, table)))


def fill_side_tables(dsn: str, up_to: Mapping[str, int]) -> None:
    """Every event up to these positions, into the tables of these read models. Raises CannotRebuild, psycopg.Error."""
    events = max(up_to.values()) + 1
    cores = os.cpu_count() or 1
    processes = min(cores + cores // 2, _MOST_PROCESSES, 1 + events // _WORTH_A_PROCESS)  # each waits at times
    number = 1 if processes == 1 else 2 * processes
    bounds = [(1 << 128) * nth // number for nth in range(number + 1)]
    parts = [Part(UUID(int=first), UUID(int=end - 1), up_to) for first, end in pairwise(bounds)]
    if processes == 1:
        _fill_part(dsn, parts[0])
        return
    with ProcessPoolExecutor(processes - 1, mp_context=_way_to_start()) as pool:
        begun = {pool.submit(_fill_part, dsn, part): part for part in parts}
        try:
            for future, part in reversed(begun.items()):
                if future.cancel():  # while the others start, and whenever they are behind, this process does it
                    _fill_part(dsn, part)
            for future in begun:
                if not future.cancelled():
                    future.result()
        except BrokenProcessPool:
            raise RebuildInterrupted from None
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _way_to_start() -> BaseContext:
    """Forking saves a second of imports each, and is safe as long as no other thread might hold a lock."""
    alone = sys.platform == "linux" and threading.active_count() == 1
    return get_context("fork" if alone else "spawn")


def catch_up(connection: psycopg.Connection, projection: Projection, after: int, up_to: int) -> None:
    """The events after one position up to another, in the order of the log and in the caller's transaction."""
    reader = LogReader(connection)
    while after < up_to:
        batch = reader.read_sealed(after, min(_BATCH, up_to - after))
        _take(connection, projection, _decoded(batch))
        after = batch[-1].position


def side_connection(dsn: str) -> psycopg.Connection:
    """A connection to which the tables of SIDE come first."""
    return psycopg.connect(make_conninfo(dsn, application_name="huiyin rebuild", options=_SESSION))


def _fill_part(dsn: str, part: Part) -> None:
    projections = chosen(part.up_to.keys())
    last = max(part.up_to.values())
    with _collector_paused(), side_connection(dsn) as reading, side_connection(dsn) as writing:
        for batch in whole_streams(reading, last, part.first, part.last, _BATCH):
            recorded = _decoded(batch)
            for projection in projections:
                own = part.up_to[projection.name]
                _take(writing, projection, recorded if own == last else [it for it in recorded if it.position <= own])


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Without the collector of cycles: it costs as much as decoding, and events hold none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _decoded(sealed: Sequence[SealedEvent]) -> list[Recorded]:
    try:
        return decoded(sealed)
    except UnreadableEvent as unreadable:
        raise CannotRebuild("log", unreadable.position, unreadable.topic, unreadable.error) from None


def _take(connection: psycopg.Connection, projection: Projection, recorded: Sequence[Recorded]) -> None:
    try:
        with connection.transaction():
            projection.apply(connection, recorded)
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise
    except Exception as error:
        raise _cannot(connection, projection, recorded, error) from None


def _cannot(
    connection: psycopg.Connection, projection: Projection, recorded: Sequence[Recorded], error: Exception
) -> CannotRebuild:
    """Looks for the event at fault, one by one."""
    for each in recorded:
        try:
            with connection.transaction():
                projection.apply(connection, [each])
        except Exception as again:
            return CannotRebuild(projection.name, each.position, each.event.TOPIC, place_of(again))
    return CannotRebuild(projection.name, recorded[0].position, recorded[0].event.TOPIC, place_of(error))
