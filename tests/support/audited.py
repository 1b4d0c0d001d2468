"""A township's log that was proved as it grew: real commands, real tree, checkpoints in time, ledgers, one photo.

`township` is made once a file that asks for it; `restore` makes good whatever was done to it.
"""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

import psycopg

from domain.issue import commands as c
from domain.proof.hashing import SHA256, SM3, Hashing
from projections.follower import connect, own_position
from projections.seal import seal_once
from projections.tree import grow, sign_head, tree_name
from services.audit.log_key import LogKey
from services.audit.verify import CHECKS, verification
from services.audit.verify_checkpoints import trust_of
from services.audit.verify_faults import Found
from services.bootstrap import open_casework
from services.files.claiming import Matter, claimed
from services.files.kept import Upload
from services.settings import Settings
from tests.projections.ledger import Log
from tests.support.casework import Case, Clock, case, command, live_through, office
from tests.support.files import files_of, photo
from tests.support.postgres import Database, DatabaseServer

TREES: Final = (SHA256, SM3)
_TABLES: Final = (
    "ledger_events",
    "seal",
    "command_log",
    "issue_number",
    "village_counter",
    "tree_tile",
    "checkpoint",
    "cosignature",
    "file",
    "follower_position",
    "issue_ledger",
)
"""What may be tampered with; `restore` knows them all."""


@dataclass(frozen=True)
class Township:
    """One installation, and what an auditor took away half-way."""

    database: Database
    home: Path

    @property
    def saved(self) -> Path:
        """Kept in the same folder for `restore` only; the auditor has it elsewhere."""
        return self.home / "saved.checkpoint"

    @property
    def key_file(self) -> Path:
        """As the auditor took it down."""
        return self.home / "log.pub"

    @property
    def settings(self) -> Settings:
        """As its processes have them; neither Temporal nor the owner is asked unless a test needs them."""
        return Settings(home=self.home, demonstration=False).model_copy(
            update={
                "given_database_url": self.database.app_dsn,
                "given_owner_database_url": self.database.owner_dsn,
                "given_follower_database_url": self.database.follower_dsn,
                "given_temporal_address": "127.0.0.1:1",
            }
        )

    def superuser(self, *statements: str) -> None:
        """What somebody does who may do everything, and knows of the triggers."""
        with psycopg.connect(self.database.superuser_dsn, autocommit=True) as connection:
            for table in _TABLES:
                connection.execute(f"alter table {table} disable trigger all".encode())
            for statement in statements:
                connection.execute(statement.encode())

    def restore(self) -> None:
        """As it was made, whatever was done to it."""
        self.superuser(*(f"delete from {it}; insert into {it} table kept.{it}" for it in _TABLES))
        shutil.rmtree(self.home)
        shutil.copytree(_kept(self.home), self.home)

    def rows(self, query: str, *values: object) -> list[Any]:
        """As the superuser sees them."""
        with psycopg.connect(self.database.superuser_dsn, autocommit=True) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def goes_on(self, signing: Path | None = None) -> None:
        """Sealer and trees take in whatever is there, and have it signed by the key of this folder, or our own."""
        with connect(self.database.follower_dsn, "tree") as connection:
            seal_once(connection)
            for hashing in TREES:
                _grown(connection, hashing, LogKey(signing or self.home, hashing))

    @property
    def latest(self) -> str:
        """The last checkpoint, as an auditor takes it away."""
        ((note,),) = self.rows("select note from checkpoint where hashing = 'sha256' order by size desc limit 1")
        return str(note)

    def verified(
        self, only: Sequence[str] = CHECKS, *, saved: bool = True, witnesses: Sequence[Path] = ()
    ) -> dict[str, Found]:
        """What each check finds, as the auditor asks."""
        trust = trust_of(self.settings, self.key_file, [self.saved] if saved else [], witnesses)
        return {it.check: it for it in verification(self.settings, trust, lambda *_: None, only)}

    def caught_by(self, *, saved: bool = True) -> set[str]:
        """The checks of the log that find a fault."""
        only = [it for it in CHECKS if it not in ("read_models", "workflows")]
        return {name for name, found in self.verified(only, saved=saved).items() if found.count}


def township(server: DatabaseServer, folder: Path) -> Township:
    """A new one, with its history."""
    database = server.migrated_database()
    made = Township(database, folder / "home")
    clock = Clock()
    with ExitStack() as stack:
        casework = stack.enter_context(closing(open_casework(database.app_dsn, office(clock))))
        live_through(casework, clock, case("works", key="works"))
        made.goes_on()
        made.key_file.write_text(str(LogKey(made.home).public))
        made.saved.write_text(made.latest)
        live_through(casework, clock, _closed(clock.now))
        _with_photo(stack, made, casework, clock)
        made.goes_on()
    with closing(Log(database)) as log:
        log.fill()
    shutil.copytree(made.home, _kept(made.home))
    made.superuser("create schema kept", *(f"create table kept.{it} as table {it}" for it in _TABLES))
    return made


def _kept(home: Path) -> Path:
    return home.with_suffix(".kept")


def _with_photo(stack: ExitStack, made: Township, casework: Any, clock: Clock) -> None:
    files = stack.enter_context(closing(files_of(made.database.app_dsn, made.home / "files")))
    row, _ = files.take_in(Upload(uuid5(UUID(int=0), "photo"), "handler", "QS", None, photo()))
    asked = command(c.LogIssue, key="photo", at=clock.now, photos=(row.digest,), household=None)
    with claimed(files.book, row.uploaded_by, Matter(asked.stream_id, "QS", None), (row.digest,)):
        casework.handle(asked)


def _closed(at: datetime) -> Case:
    """Answered and struck off; no photo is named that nobody took."""
    handled = case("handling", key="closed", at=at).do(c.ResolveIssue).do(c.GiveReply)
    return handled.do(c.RateAnswer).do(c.CloseIssue)


def _grown(connection: Any, hashing: Hashing, key: LogKey) -> None:
    position = own_position(connection, tree_name(hashing))
    while True:
        with connection.transaction():
            reached = grow(connection, hashing, position, 50)
            if reached == position:
                break
            position = reached
    with connection.transaction():
        sign_head(connection, hashing, key, position)
