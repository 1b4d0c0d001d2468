"""When a part is away: PostgreSQL, the answer in time, room to wait. Told plainly, with when to come back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from domain.casework import Casework
from services.api.app import create_app
from services.api.parts import ApiParts, IdentityConnections, Limits, ReadConnections
from services.api.serve import server_of
from services.bootstrap import open_casework
from services.identity.authenticator import Authenticator
from services.identity.log_in import LogIns
from services.identity.passwords import Hasher
from services.persistence.directory import OrganisationDirectory
from tests.services.api.conftest import CHEAP, Api, assert_problem, serving
from tests.support.casework import office

NOWHERE = "postgresql://huiyin_app:none@127.0.0.1:1/none"


@contextmanager
def another_api(api: Api, **parts: Any) -> Iterator[Api]:
    """An API beside the session's, with other parts."""
    connect = ReadConnections(api.database.app_dsn)
    identity = IdentityConnections(api.database.app_dsn)
    directory = OrganisationDirectory(connect, api.clock)
    usual = ApiParts(
        casework=api.casework,
        authenticator=Authenticator(identity, directory),
        log_ins=LogIns(identity, Hasher(CHEAP)),
        directory=directory,
        connect=connect,
        plans=office(api.clock).plan_book,
        clock=api.clock,
        receipts=office(api.clock).receipts,
        households=api.parts.households,
        notices=api.parts.notices,
        offline_keys=api.parts.offline_keys,
        views=api.parts.views,
        exports=api.parts.exports,
        files=api.parts.files,
    )
    running = serving(server_of(create_app(replace(usual, **parts)), "127.0.0.1", 0))
    yield replace(api, address=next(running))
    for _ in running:
        pass
    connect.close()
    identity.close()


def test_given_a_connection_that_the_server_ended_then_another_takes_its_place(api: Api) -> None:
    connections = ReadConnections(api.database.app_dsn)
    with connections() as first, connections() as again:
        assert again is first
        pid = first.info.backend_pid
    with psycopg.connect(api.database.superuser_dsn, autocommit=True) as superuser:
        ended = superuser.execute("select pg_terminate_backend(%s, 10000)", (pid,)).fetchone()
    with connections() as another:
        assert ended == (True,)
        assert another.info.backend_pid != pid
        assert another.execute("select 1").fetchone() == (1,)
    connections.close()


@pytest.fixture
def lost_log(api: Api) -> Iterator[Casework]:
    casework = open_casework(NOWHERE, office(api.clock))
    yield casework
    casework.close()


def test_given_no_database_then_everything_says_503_and_when_to_come_back(api: Api) -> None:
    nowhere = ReadConnections(NOWHERE)
    directory = OrganisationDirectory(nowhere, api.clock)
    parts = {"connect": nowhere, "directory": directory, "authenticator": Authenticator(nowhere, directory)}
    with another_api(api, **parts) as cut_off:
        assert cut_off.send("GET", "/healthz").status_code == 200
        answers = [
            cut_off.send("GET", "/readyz"),
            cut_off.get("/api/v1/issues"),
            cut_off.get("/api/v1/dashboard"),
            cut_off.post("/api/v1/issues", {}),
        ]
    for answer in answers:
        assert_problem(answer, 503, "database-away")
        assert answer.headers["retry-after"] == "2"


def test_given_no_log_then_a_write_is_503_after_its_attempts(api: Api, lost_log: Casework) -> None:
    body = {"channel": "visit", "village": "QS", "category": "other", "description": "停电。"}
    with another_api(api, casework=lost_log) as cut_off:
        answer = cut_off.post("/api/v1/issues", body)
        assert_problem(answer, 503, "unavailable")
        assert_problem(
            cut_off.post("/api/v1/issues/QS-2026-0001/fix-on-site", {"measures": "x"}, version=1), 503, "database-away"
        )


class StuckCasework:
    """A casework whose commands hang until they are let go."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.go = threading.Event()

    def handle(self, command: Any, *, expected_version: int | None = None) -> Any:
        self.entered.set()
        self.go.wait(20)
        raise AssertionError("canary-80574213 nobody waits for this any more")


BODY = {"channel": "visit", "village": "QS", "category": "other", "description": "停电。"}


def test_given_an_answer_that_takes_too_long_then_503(api: Api) -> None:
    stuck = StuckCasework()
    with another_api(api, casework=stuck, limits=Limits(answer_seconds=0.2)) as slow:
        assert_problem(slow.post("/api/v1/issues", BODY), 503, "overloaded")
        stuck.go.set()


def test_given_more_waiting_than_there_may_be_then_503_at_once(api: Api) -> None:
    stuck = StuckCasework()
    limits = Limits(writers=1, most_waiting=0, answer_seconds=20)
    with another_api(api, casework=stuck, limits=limits) as busy, httpx.Client(timeout=30) as other:
        first = threading.Thread(target=lambda: replace(busy, client=other).post("/api/v1/issues", BODY))
        first.start()
        assert stuck.entered.wait(10)
        second = busy.post("/api/v1/issues", BODY)
        stuck.go.set()
        first.join()
    assert_problem(second, 503, "overloaded")
    assert second.headers["retry-after"] == "2"


class BrokenCasework:
    def handle(self, command: Any, *, expected_version: int | None = None) -> Any:
        raise RuntimeError(f"canary-80574213 {command.description}")


def test_given_a_fault_of_ours_then_500_without_its_message(api: Api, capfd: pytest.CaptureFixture[str]) -> None:
    with another_api(api, casework=BrokenCasework()) as broken:
        body = {**BODY, "description": "canary-80574213"}
        answer = broken.post("/api/v1/issues", body)
    assert_problem(answer, 500, "internal-error")
    assert "Traceback" not in answer.text
    logged = "".join(capfd.readouterr())
    assert answer.headers["x-request-id"] in logged
    assert "RuntimeError" in logged
    assert "canary-80574213" not in logged


class RefusingLog:
    """What the log says of a text that PostgreSQL cannot hold, should one ever come so far."""

    def handle(self, command: Any, *, expected_version: int | None = None) -> Any:
        raise psycopg.DataError("canary-80574213")


def test_given_what_the_database_cannot_hold_then_422(api: Api) -> None:
    with another_api(api, casework=RefusingLog()) as refusing:
        assert_problem(refusing.post("/api/v1/issues", BODY, key=str(uuid4())), 422, "malformed")


def test_given_tables_of_another_version_then_it_is_not_ready(api: Api, empty_database: Any) -> None:
    elsewhere = ReadConnections(empty_database.app_dsn)
    with another_api(api, connect=elsewhere) as unmigrated:
        assert_problem(unmigrated.send("GET", "/readyz"), 503, "not-ready")
    elsewhere.close()


def test_given_a_connection_that_died_then_the_next_read_opens_another(api: Api) -> None:
    assert api.get("/api/v1/dashboard").status_code == 200
    with psycopg.connect(api.database.superuser_dsn, autocommit=True) as superuser:
        superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = %s and application_name = 'huiyin api reads'",
            (api.database.name,),
        )
    assert [api.get("/api/v1/dashboard").status_code for _ in range(8)] == [200] * 8
