"""Which copies are being made for somebody, how far is each, and where is its file? The table of export jobs.

`ExportDesk` is the API's: asked for, looked at, taken away, cancelled, by its owner in the post they asked in.
What was made lies in sealed pieces and goes a day after it was done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from domain.errors import CommandReused, NotFound
from services.exports.formats import Format
from services.exports.problems import ExportNotReady, TooManyExports
from services.exports.sealing import PieceSeal
from services.exports.wanted import Wanted
from services.identity.accounts import Account

MOST_UNDONE: Final = 5
"""Of one person."""
_ASK: Final = """
insert into export_job (job_id, person, post, asked, account, wanted, format) values (%s, %s, %s, %s, %s, %s, %s)
on conflict (job_id) do nothing
"""
_SAME: Final = "select person = %s and post = %s and asked = %s from export_job where job_id = %s"
_UNDONE: Final = "select count(*) from export_job where person = %s and state in ('waiting', 'making')"
_OF: Final = """
select job_id, format, wanted, asked_at, state, rows_done, row_count, title, bytes, problem, ended_at from export_job
where person = %(person)s and post = %(post)s and (%(job_id)s::uuid is null or job_id = %(job_id)s)
order by asked_at desc
"""
_CANCEL: Final = """
update export_job set state = 'cancelled', ended_at = clock_timestamp(), bytes = null
where job_id = %s and person = %s and post = %s and state <> 'cancelled'
"""
FORGET: Final = """
update export_job set account = '{}', wanted = jsonb_build_object('ledger', wanted -> 'ledger') where job_id = %s
"""
"""A job that ended knows no filter and no scope any more."""
_ONE_AT_A_TIME: Final = "select pg_advisory_xact_lock(7214033, hashtext(%s))"
_ACCOUNT: Final = TypeAdapter(Account)


@dataclass(frozen=True, slots=True)
class Job:
    """A copy asked for. `row_count` None: not known yet; `problem`: the code of why there is no file."""

    job_id: UUID
    format: str
    wanted: Any
    asked_at: datetime
    state: str
    rows_done: int
    row_count: int | None
    title: str | None
    bytes: int | None
    problem: str | None
    ended_at: datetime | None


class ExportDesk:
    """Everybody's jobs. `dsn`: role huiyin_app; a connection for each request, for they are rare."""

    def __init__(self, dsn: str, seal: PieceSeal) -> None:
        self._dsn = dsn
        self._seal = seal

    def ask(self, job_id: UUID, account: Account, wanted: Wanted, form: Format, asked: bytes) -> tuple[Job, bool]:
        """The job, and whether it is new: the same request twice is one job. `asked`: a digest of the request.

        Raises TooManyExports, and CommandReused where something else was asked for under this id.
        """
        scope, narrowed = Jsonb(_ACCOUNT.dump_python(account, mode="json")), Jsonb(wanted.to_json())
        values = (job_id, account.name, post_of(account), asked, scope, narrowed, form)
        with self._connected() as connection, connection.transaction():
            connection.execute(_ONE_AT_A_TIME, (account.name,))
            new = connection.execute(_ASK, values).rowcount == 1
            same = connection.execute(_SAME, (account.name, post_of(account), asked, job_id)).fetchone()
            if same != (True,):
                raise CommandReused
            undone = connection.execute(_UNDONE, (account.name,)).fetchone()
            if new and undone and undone[0] > MOST_UNDONE:
                raise TooManyExports
        return self.one(job_id, account), new

    def of(self, account: Account) -> list[Job]:
        """Somebody's jobs in this post, the latest first."""
        with self._connected() as connection:
            return _jobs(connection, account, None)

    def one(self, job_id: UUID, account: Account) -> Job:
        """One of them. Raises NotFound, also for another's."""
        with self._connected() as connection:
            return _one(connection, job_id, account)

    def file(self, job_id: UUID, account: Account) -> tuple[Job, bytes]:
        """The job and what was made. Raises NotFound, ExportNotReady."""
        with self._connected() as connection, connection.transaction():
            job = _one(connection, job_id, account)
            pieces = connection.execute(
                "select sealed from export_piece where job_id = %s order by nth", (job_id,)
            ).fetchall()
        if job.state != "done" or job.bytes is None:
            raise ExportNotReady
        return job, self._seal.open(job_id, [bytes(sealed) for (sealed,) in pieces], job.bytes)

    def cancel(self, job_id: UUID, account: Account) -> Job:
        """The job, which goes no further and has no file any more. Raises NotFound."""
        with self._connected() as connection, connection.transaction():
            connection.execute(_CANCEL, (job_id, account.name, post_of(account)))
            job = _one(connection, job_id, account)
            connection.execute(FORGET, (job_id,))
            connection.execute("delete from export_piece where job_id = %s", (job_id,))
        return job

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        options = "-c statement_timeout=10s"
        with psycopg.connect(self._dsn, autocommit=True, connect_timeout=3, options=options) as connection:
            yield connection


def _jobs(connection: psycopg.Connection, account: Account, job_id: UUID | None) -> list[Job]:
    asked = {"person": account.name, "post": post_of(account), "job_id": job_id}
    with connection.cursor(row_factory=class_row(Job)) as cursor:
        return cursor.execute(_OF, asked).fetchall()


def _one(connection: psycopg.Connection, job_id: UUID, account: Account) -> Job:
    found = _jobs(connection, account, job_id)
    if not found:
        raise NotFound
    return found[0]


def post_of(account: Account) -> str:
    """In which post, and for whom, somebody acts: what they asked for in another one is not theirs here."""
    behalf = f"/{account.on_behalf_of}" if account.on_behalf_of else ""
    return f"{account.role}@{account.place}{behalf}"


def account_from(kept: Any) -> Account:
    """The account as it was when it asked."""
    return _ACCOUNT.validate_python(kept, strict=False)
