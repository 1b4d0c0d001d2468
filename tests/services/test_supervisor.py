"""The supervisor keeps its children alive, ends them in order, and takes them along when it is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.embedded import MachineProblem
from services.embedded.process import is_running, open_private, rotate
from services.supervisor import Child, ChildSpec, StopRequested, Supervisor
from tests.support.waiting import eventually

WAITS = "import signal; signal.pause()"
DIES = "raise SystemExit('no table')"
SAYS_WHEN_ASKED_TO_END = """
import signal, sys
def end(*_):
    print(sys.argv[1], file=open(sys.argv[2], "a"))
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("listens", flush=True)
signal.pause()
"""
DOES_NOT_LISTEN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("listens", flush=True)
while True:
    signal.pause()
"""
SUPERVISES = """
import sys
from pathlib import Path
from services.supervisor import Child, ChildSpec, Supervisor
supervisor = Supervisor(print)
child = Child(ChildSpec("worker", (sys.executable, "-c", "import signal; signal.pause()")), Path(sys.argv[1]))
supervisor.launch([child])
print(child.pid, flush=True)
supervisor.watch()
"""


@pytest.fixture
def reports() -> list[str]:
    return []


@pytest.fixture
def supervisor(reports: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(reports.append)
    yield made
    made.stop()


def child(logs: Path, name: str, program: str, *arguments: str, patience: float = 5.0) -> Child:
    return Child(ChildSpec(name, (sys.executable, "-c", program, *arguments), patience=patience), logs)


def listens(one: Child) -> bool:
    return one.log.exists() and "listens" in one.log.read_text()


def test_given_a_child_when_it_is_killed_then_another_takes_its_place(
    supervisor: Supervisor, reports: list[str], tmp_path: Path
) -> None:
    worker = child(tmp_path, "worker", WAITS)
    supervisor.launch([worker])
    first = worker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    supervisor.wait_for(lambda: worker.pid not in (None, first), within=10)
    assert [line.split()[0] for line in reports] == ["worker"]
    assert supervisor.pids() == {"worker": worker.pid}


def test_given_a_child_that_cannot_live_when_watched_then_restarts_come_ever_later(
    supervisor: Supervisor, reports: list[str], tmp_path: Path
) -> None:
    supervisor.launch([child(tmp_path, "worker", DIES)])
    supervisor.wait_for(lambda: len(reports) == 3, within=20)
    assert [line.split("restart in ")[1].split(" s ")[0] for line in reports] == ["0.5", "1", "2"]


def test_given_a_child_that_is_never_ready_when_awaited_then_its_log_is_quoted(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    worker = child(tmp_path, "worker", DIES)
    supervisor.launch([worker])
    with pytest.raises(MachineProblem, match="no table") as refused:
        supervisor.wait_for(lambda: False, within=0.4)
    assert refused.value.code == "not-ready"


def test_given_two_groups_when_stopped_then_the_last_one_ends_first(supervisor: Supervisor, tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    groups = [[child(tmp_path, name, SAYS_WHEN_ASKED_TO_END, name, str(ends))] for name in ("seal", "relay", "api")]
    for group in groups:
        supervisor.launch(group)
    supervisor.wait_for(lambda: all(listens(one) for group in groups for one in group), within=20)
    supervisor.stop()
    assert ends.read_text().split() == ["api", "relay", "seal"]


def test_given_a_child_that_does_not_listen_when_stopped_then_it_is_killed(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    stubborn = child(tmp_path, "worker", DOES_NOT_LISTEN, patience=0.2)
    supervisor.launch([stubborn])
    supervisor.wait_for(lambda: listens(stubborn), within=20)
    supervisor.stop()
    assert stubborn.exit_status == -signal.SIGKILL


def test_given_a_signal_while_starting_when_waiting_then_the_wait_ends(supervisor: Supervisor, tmp_path: Path) -> None:
    with supervisor.signals():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(StopRequested):
            supervisor.wait_for(lambda: False, within=10)


def test_given_a_step_when_it_fails_then_its_log_is_quoted(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.run_once(child(tmp_path, "migrate", "pass"), within=20)
    with pytest.raises(MachineProblem, match="no table") as refused:
        supervisor.run_once(child(tmp_path, "migrate", DIES), within=20)
    assert refused.value.code == "step-failed"


def test_given_the_supervisor_is_killed_when_its_children_hear_of_it_then_they_end(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", SUPERVISES, str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert is_running(worker)
        parent.kill()
        eventually(lambda: not is_running(worker))


def test_given_a_log_over_its_cap_when_rotated_then_its_writer_goes_on_in_the_emptied_file(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    with open_private(log) as writer:
        writer.write(b"old\n" * 100)
        writer.flush()
        assert not rotate(log, cap=400)
        assert rotate(log, cap=399)
        writer.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "api.log.1").read_bytes() == b"old\n" * 100
