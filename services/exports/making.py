"""Makes the copies that were asked for, one after the other: in a process of its own, which ends when nothing is left.

`huiyin worker` starts it (making_beside.py) when something is to be made. Whoever makes holds a lock of the database,
so that one copy is made at a time in the county; what a process that died had begun is made from the beginning.
"""

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg

from domain.errors import HuiyinError
from domain.organisation.state import Organisation
from services.exports.formats import Format, write
from services.exports.jobs import FORGET, account_from
from services.exports.layouts import paper_of
from services.exports.paper import Occasion, unit_of
from services.exports.problems import FAILURES, ExportFailed, PrintTooLong
from services.exports.rows import LedgerCopies, Row
from services.exports.sealing import PieceSeal
from services.exports.wanted import Wanted

MOST_ATTEMPTS: Final = 3
MOST_PRINTED: Final = 1_000
_TOLD_EACH: Final = 0.5  # seconds
_LOCK: Final = "select pg_try_advisory_lock(7214033)"
_NEXT: Final = """
update export_job set state = 'making', attempts = attempts + 1, rows_done = 0
where job_id = (select job_id from export_job where state in ('waiting', 'making') order by asked_at limit 1)
returning job_id, account, wanted, format, attempts
"""
_TELL: Final = "update export_job set rows_done = %s, row_count = %s where job_id = %s and state = 'making'"
_DONE: Final = """
update export_job
set state = 'done', title = %s, bytes = %s, rows_done = %s, row_count = %s, ended_at = clock_timestamp()
where job_id = %s and state = 'making'
"""
_FAILED: Final = """
update export_job set state = 'failed', problem = %s, ended_at = clock_timestamp()
where job_id = %s and state = 'making'
"""


class Cancelled(Exception):
    """Nobody wants it any more."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A job that is being made."""

    job_id: UUID
    account: Any
    wanted: Any
    format: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Making:
    """Makes copies. `connect` opens a connection of its own, which the caller closes."""

    connect: Callable[[], psycopg.Connection]
    copies: LedgerCopies
    organisation: Callable[[], Organisation]
    seal: PieceSeal
    clock: Callable[[], datetime]

    def all(self) -> int:
        """Everything that waits; how many copies were made. None while another process makes them."""
        made = 0
        with self.connect() as connection:
            if connection.execute(_LOCK).fetchone() != (True,):
                return 0
            while (row := connection.execute(_NEXT).fetchone()) is not None:
                made += self._made(connection, Begun(*row))
        return made

    def _made(self, connection: psycopg.Connection, job: Begun) -> bool:
        try:
            if job.attempts > MOST_ATTEMPTS:
                raise ExportFailed
            self._make(connection, job)
        except Cancelled:
            return False
        except HuiyinError as refused:
            code = refused.code if refused.code in FAILURES else ExportFailed.code
            connection.execute(_FAILED, (code, job.job_id))
            connection.execute(FORGET, (job.job_id,))
            return False
        return True

    def _make(self, connection: psycopg.Connection, job: Begun) -> None:
        account, wanted, form = account_from(job.account), Wanted.from_json(job.wanted), Format(job.format)
        expected = self.copies.count(account, wanted)
        most = MOST_PRINTED if form is Format.PDF else None
        if most is not None and expected is not None and expected > most:
            raise PrintTooLong
        counted = _Counted(connection, job.job_id, expected, most)
        unit = unit_of(self.organisation(), wanted.village or account.place)
        paper = paper_of(wanted.ledger, Occasion(unit, self.clock(), wanted.period))
        file = io.BytesIO()
        write(form, paper, counted.over(self.copies.rows(account, wanted)), file)
        self._keep(connection, job.job_id, paper.title, file.getvalue(), counted.done)

    def _keep(self, connection: psycopg.Connection, job_id: UUID, title: str, content: bytes, rows: int) -> None:
        """All pieces or none: nobody finds half a copy."""
        with connection.transaction():
            connection.execute("delete from export_piece where job_id = %s", (job_id,))
            done = connection.execute(_DONE, (title, len(content), rows, rows, job_id))
            if done.rowcount != 1:
                raise Cancelled
            connection.execute(FORGET, (job_id,))
            for nth, piece in enumerate(self.seal.pieces(job_id, content)):
                connection.execute("insert into export_piece values (%s, %s, %s)", (job_id, nth, piece))


class _Counted:
    """Rows that say how far they have come, now and then. Raises Cancelled, PrintTooLong."""

    def __init__(self, connection: psycopg.Connection, job_id: UUID, expected: int | None, most: int | None) -> None:
        self._connection = connection
        self._job_id = job_id
        self._expected = expected
        self._most = most
        self.done = 0

    def over(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows themselves."""
        told = 0.0
        for row in rows:
            if time.monotonic() - told > _TOLD_EACH:
                self._tell()
                told = time.monotonic()
            self.done += 1
            if self._most is not None and self.done > self._most:
                raise PrintTooLong
            yield row
        self._tell()

    def _tell(self) -> None:
        if self._connection.execute(_TELL, (self.done, self._expected, self._job_id)).rowcount != 1:
            raise Cancelled
