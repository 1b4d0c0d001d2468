"""`huiyin doctor` says in words what is wrong while a part is dead, exits 1, and is content again when it is back."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from tests.faults.quiet import doctor
from tests.support.door import Door
from tests.support.system import System, running_system
from tests.support.waiting import eventually

SAID = {
    ("PostgreSQL",): {"database-away"},
    ("Temporal",): {"temporal-away"},
    ("worker", "api"): {"process-down", "api-away"},
    ("seal",): {"process-down", "sealer-behind"},
    ("ledgers", "relay"): {"process-down", "follower-behind", "relay-behind"},
}
"""The parts that are killed, and what has to be said then."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("doctor") / "home") as started:
        yield started


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("parts", SAID, ids=" and ".join)
def test_given_parts_are_dead_when_the_doctor_looks_then_it_says_which_and_what_to_do(
    shared: System, parts: tuple[str, ...]
) -> None:
    door = Door(shared)
    with ExitStack() as dead:
        for part in parts:
            dead.enter_context(shared.kept_dead(part))
        if "api" not in parts and "PostgreSQL" not in parts:
            door.log(at=datetime.now(UTC))  # something to lag behind

        def told() -> bool:
            status, said = doctor(shared)
            problems = said["problems"]
            assert all(problem["zh"] and problem["en"] for problem in problems)
            return status == 1 and SAID[parts] <= {problem["code"] for problem in problems}

        eventually(told, within=60)
        spoken = shared.cli("doctor")
        assert spoken.returncode == 1
        assert all(code in spoken.stdout for code in SAID[parts])
        assert "Traceback" not in spoken.stdout + spoken.stderr
    door.close()
    eventually(lambda: doctor(shared)[0] == 0, within=90)
    assert "All is well" in shared.cli("doctor").stdout
