"""One API for all tests of the door: the real application on a real socket and a real database, with its accounts."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
import uvicorn

from domain.casework import Casework
from domain.fund.commands import SetBudget
from domain.fund.state import fold as fold_fund
from domain.issue.commands import AllocateFunding
from domain.office import Outcome
from domain.organisation.commands import AppointOfficer, OrganisationCommand
from domain.organisation.together import reorganise
from domain.values import Role
from projections.projection import decoded
from projections.registry import PROJECTIONS
from services.api.app import create_app
from services.api.door.limits import Kind, Limiter
from services.api.parts import ApiParts, IdentityConnections, Limits, ReadConnections
from services.api.serve import server_of
from services.bootstrap import open_casework
from services.exports.jobs import ExportDesk
from services.exports.sealing import PieceSeal
from services.identity.authenticator import Authenticator
from services.identity.log_in import LogIns
from services.identity.offline_keys import OfflineKeys
from services.identity.passwords import Cost, Hasher
from services.notify.allowed import allowed_of
from services.notify.desk import NoticeDesk
from services.notify.read_marks import ReadMarks
from services.notify.target_book import TargetBook
from services.notify.targets import TargetSeal
from services.persistence.adopted_plans import AdoptedPlans
from services.persistence.directory import OrganisationDirectory
from services.persistence.household_keys import HouseholdKeys
from services.persistence.open_cases import OpenCases
from services.privacy.households import Households
from services.privacy.looks import LookBook
from services.privacy.register import BlindIndex
from services.privacy.unsealing import Unsealing
from services.saved_views import SavedViews
from tests.support.casework import FUND_ID, Case, Clock, case, command, office
from tests.support.files import files_of
from tests.support.organisation import ask
from tests.support.people import USERS, let_in, settle
from tests.support.postgres import Database, DatabaseServer
from tests.support.settling import SINCE
from tests.support.vault import VAULT
from tests.support.waiting import eventually

CANARY = "canary-80574213"
"""Put into inputs that are refused: it must not come back."""
_TAKEN_IN = """
insert into follower_position (name, position) values (%s, %s)
on conflict (name) do update set position = excluded.position
"""
CHEAP = Cost(passes=1, kibibytes=64)
TEST_LIMITS = Limits(body_seconds=1.0)


@dataclass
class Api:
    """The door as a client sees it, and what is behind it."""

    address: str
    client: httpx.Client
    casework: Casework
    clock: Clock
    database: Database
    tokens: Mapping[str, str]
    inside: psycopg.Connection = field(repr=False)
    parts: ApiParts = field(repr=False)

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.client.request(method, self.address + path, **options)

    def get(self, path: str, by: str = "handler", **options: Any) -> httpx.Response:
        return self.send("GET", path, headers=self.bearer(by), **options)

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        by: str = "handler",
        key: str | None = None,
        version: int | None = None,
        **headers: str,
    ) -> httpx.Response:
        """A write as a proper client sends it; `body` is JSON, or bytes as they are."""
        sent = {**self.bearer(by), "Idempotency-Key": key or str(uuid4()), "Content-Type": "application/json"}
        if version is not None:
            sent["If-Match"] = f'"{version}"'
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        return self.send("POST", path, headers=sent, content=content)

    def bearer(self, by: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[by]}"}

    def written(self) -> tuple[int, int]:
        """How many events and commands the log holds."""
        row = self.inside.execute("select (select count(*) from ledger_events), (select count(*) from command_log)")
        events, commands = row.fetchone() or (0, 0)
        return events, commands

    def reorganise(self, *changes: OrganisationCommand) -> None:
        """Changes of the organisation."""
        reorganise(self.casework, changes)

    def lived(self, state: str, **log_fields: Any) -> Outcome:
        """A new issue brought to a named state through casework; the clock stands at its last moment."""
        return self.live(case(state, **{"key": uuid4().hex, **log_fields}))

    def live(self, life: Case) -> Outcome:
        """Every command of a case, each at its time. All cases share one fund, whose budget is set once."""
        outcomes = []
        for sent in life.commands:
            self.clock.set(max(self.clock.now, sent.occurred_at))
            if isinstance(sent, AllocateFunding | SetBudget):
                self._set_budget()
            if not isinstance(sent, SetBudget):
                outcomes.append(self.casework.handle(sent))
        return outcomes[-1]

    def _set_budget(self) -> None:
        fund = fold_fund(self.casework.history(FUND_ID))
        if fund is None or not fund.opened:
            self.casework.handle(command(SetBudget, at=self.clock.now, budget=90_000_000))

    def follow(self) -> None:
        """The read models take in the whole log, from its beginning."""
        with psycopg.connect(self.database.follower_dsn, autocommit=True) as follower:
            self._take_in(follower)

    def _take_in(self, follower: psycopg.Connection) -> None:
        rows = follower.execute(
            "select row_number() over (order by notification_id) - 1, originator_id, originator_version, topic, state,"
            " recorded_at from ledger_events order by notification_id"
        ).fetchall()
        batch = decoded([Sealed(*row) for row in rows])
        with follower.transaction():
            for projection in PROJECTIONS:
                for table in projection.tables:
                    follower.execute(f"delete from {table}".encode())
                projection.apply(follower, batch)
                follower.execute(_TAKEN_IN, (projection.name, len(batch) - 1))


@dataclass(frozen=True)
class Sealed:
    """As projections.projection.Sealed."""

    position: int
    originator_id: Any
    originator_version: int
    topic: str
    state: bytes
    recorded_at: Any


def accounts(database: Database) -> dict[str, str]:
    """Everybody's account but the process's, and a token each; `villager` serves in one village only.

    `admin2`: what one administrator proposes another confirms.
    """
    second = {"officer": "admin2", "role": Role.ADMINISTRATOR, "place": "T1"}
    settle(
        database.app_dsn,
        ask(AppointOfficer, at=SINCE, officer="villager", place="LX"),
        ask(AppointOfficer, at=SINCE, **second),
    )
    return let_in(database.app_dsn, [*USERS, "villager", "admin2"])


def serving(server: uvicorn.Server) -> Iterator[str]:
    """The server runs in a thread of this process; its address."""
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    yield f"http://{host}:{port}"
    server.should_exit = True
    thread.join(timeout=10)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def api(database_server: DatabaseServer) -> Iterator[Api]:
    """The API of one file's tests, so that no other file's order changes what they find. They make their own issues."""
    with an_api(database_server) as opened:
        yield opened


@contextmanager
def an_api(database_server: DatabaseServer) -> Iterator[Api]:
    """An API on a database of its own."""
    database = database_server.migrated_database()
    clock = Clock()
    connect, looks = ReadConnections(database.app_dsn), LookBook(database.app_dsn)
    directory = OrganisationDirectory(connect, clock)
    known = {"directory": directory, "calendar": directory.calendar, "forget": directory.forget}
    plans = AdoptedPlans(directory, office(clock).plan)
    joined = replace(office(clock), open_cases=OpenCases(database.app_dsn), plans=plans, **known)
    casework = open_casework(database.app_dsn, joined)
    identity = IdentityConnections(database.app_dsn)
    book = TargetBook(database.app_dsn, TargetSeal(b"n" * 32), allowed_of("wecom, jsons://hook.example"))
    notices = NoticeDesk(ReadMarks(database.app_dsn), book)
    folder = TemporaryDirectory()
    files = files_of(database.app_dsn, Path(folder.name) / "files")
    keys, unsealing = HouseholdKeys(database.keys_dsn, b"k" * 32), Unsealing(VAULT, looks)
    index = BlindIndex(keys, b"p" * 32)
    parts = ApiParts(
        casework=casework,
        authenticator=Authenticator(identity, directory),
        log_ins=LogIns(identity, Hasher(CHEAP)),
        directory=directory,
        connect=connect,
        plans=joined.plan_book,
        clock=clock,
        households=Households(casework, unsealing, index, joined.plan_book, clock),
        receipts=office(clock).receipts,
        notices=notices,
        offline_keys=OfflineKeys(b"o" * 32),
        views=SavedViews(database.app_dsn),
        exports=ExportDesk(database.app_dsn, PieceSeal(b"e" * 32)),
        files=files,
        temporal_ui="http://127.0.0.1:8233",
        limits=TEST_LIMITS,
        limiter=Limiter(dict.fromkeys(Kind, "1000000/minute")),
    )
    running = serving(server_of(create_app(parts), "127.0.0.1", 0))
    with psycopg.connect(database.app_dsn, autocommit=True) as inside, httpx.Client(timeout=30) as client:
        yield Api(next(running), client, casework, clock, database, accounts(database), inside, parts)
    for _ in running:
        pass
    casework.close()
    connect.close()
    looks.close()
    notices.close()
    files.close()
    folder.cleanup()
    keys.close()
    identity.close()
    database_server.drop(database)


@pytest.fixture(scope="module")
def number(api: Api) -> str:
    """An issue just logged, at version 1, that no test changes."""
    logged = api.lived("logged").number
    assert logged is not None
    return logged


def assert_problem(response: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """A problem document of this status (and code), complete, in both languages, without the canary."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert CANARY not in response.text
    assert CANARY not in str(response.headers)
    document: dict[str, Any] = response.json()
    assert {"type", "title", "status", "code", "zh", "en", "errors"} <= document.keys()
    assert document["status"] == status
    assert document["zh"]
    assert document["en"]
    assert document["type"] == f"/api/docs#{document['code']}"
    assert code is None or document["code"] == code
    for error in document["errors"]:
        assert error.keys() == {"path", "code", "zh", "en"}
        assert all(error.values())
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    return document
