"""`huiyin up` as a process of its own: it serves, is alone on its data, ends cleanly, and comes back after kill -9."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from services.embedded.process import free_port, http_status, is_running
from services.running import Running
from services.settings import Settings
from tests.support.waiting import eventually


@dataclass
class Machine:
    """Starts `tiny_up` on one data folder."""

    home: Path
    port: int = field(default_factory=free_port)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def up(self) -> subprocess.Popen[str]:
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HUIYIN_DATABASE_URL")}
        env |= {"HUIYIN_HOME": str(self.home), "HUIYIN_PORT": str(self.port)}
        output = (self.home.parent / f"up-{len(self.started)}.txt").open("w")
        with output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.tiny_up"], env=env, stdout=output, stderr=output, text=True
            )
        self.started.append(process)
        return process

    def said(self, process: subprocess.Popen[str]) -> str:
        return (self.home.parent / f"up-{self.started.index(process)}.txt").read_text()

    def serving(self) -> subprocess.Popen[str]:
        process = self.up()
        eventually(lambda: "Ctrl-C" in self.said(process) or process.poll() is not None, within=60)
        assert process.poll() is None, self.said(process)
        return process


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path / "home")
    yield made
    for process in made.started:
        if process.poll() is None:
            process.terminate()
        process.wait(20)


def running(machine: Machine) -> Running:
    found = Running.find(machine.home)
    assert found is not None
    return found


def test_given_a_new_home_when_up_then_it_serves_and_tells_where(machine: Machine) -> None:
    process = machine.serving()
    said = machine.said(process)
    state = running(machine)
    assert f"http://127.0.0.1:{machine.port}" in said
    assert state.temporal_ui is not None
    assert state.temporal_ui in said
    assert "starts: 1" in said
    assert set(state.processes) == {"PostgreSQL", "Temporal", "api"}
    assert http_status(machine.port, "/") == 200
    assert Settings(home=machine.home).owner_database_url == state.owner_database_url


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_given_it_is_up_when_asked_to_end_then_all_is_gone_within_15_s(
    machine: Machine, number: signal.Signals
) -> None:
    process = machine.serving()
    family = psutil.Process(process.pid).children(recursive=True)
    began = time.monotonic()
    process.send_signal(number)
    assert process.wait(15) == 0
    assert time.monotonic() - began < 15
    assert [member for member in family if is_running(member.pid)] == []
    assert Running.find(machine.home) is None
    assert not Running.was_left_behind(machine.home)


def test_given_it_is_up_when_up_again_then_it_is_refused_in_words(machine: Machine) -> None:
    machine.serving()
    second = machine.up()
    assert second.wait(20) == 1
    assert f"Huiyin runs on {machine.home} already" in machine.said(second)
    assert "Traceback" not in machine.said(second)
    assert http_status(machine.port, "/") == 200


def test_given_the_port_is_taken_when_up_then_it_is_refused_in_words(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", machine.port)):
        process = machine.up()
        assert process.wait(20) == 1
    assert f"Port {machine.port} is in use" in machine.said(process)
    assert not (machine.home / "postgres").exists()


def test_given_it_was_killed_when_up_again_then_the_data_are_there(machine: Machine) -> None:
    first = machine.serving()
    family = psutil.Process(first.pid).children(recursive=True)
    first.kill()
    first.wait()
    assert Running.find(machine.home) is None
    second = machine.serving()
    assert "starts: 2" in machine.said(second)
    assert [member for member in family if is_running(member.pid)] == []


def test_given_postgres_is_killed_when_watched_then_it_comes_back_on_its_port(machine: Machine) -> None:
    machine.serving()
    before = running(machine)
    killed = before.processes["PostgreSQL"]
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: running(machine).processes["PostgreSQL"] not in (None, killed), within=20)
    assert running(machine).database_url == before.database_url
