"""`huiyin doctor` says in words what is wrong while a part is dead, exits 1, and is content again when it is back."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.faults.quiet import doctor, until_quiet
from tests.support.door import Door
from tests.support.system import System, running_system
from tests.support.waiting import eventually

SAID = {
    "PostgreSQL": "database-away",
    "Temporal": "temporal-away",
    "api": "api-away",
    "seal": "sealer-behind",
    "ledgers": "follower-behind",
    "relay": "relay-behind",
    "worker": "process-down",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("doctor") / "home") as started:
        yield started


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", SAID)
def test_given_a_part_is_dead_when_the_doctor_looks_then_it_says_which_and_what_to_do(
    shared: System, part: str
) -> None:
    until_quiet(shared)
    door = Door(shared)
    with shared.kept_dead(part):
        if part in ("seal", "ledgers", "relay"):
            door.log(at=datetime.now(UTC))  # something to lag behind

        def told() -> bool:
            status, said = doctor(shared)
            found = [problem for problem in said["problems"] if problem["code"].startswith(SAID[part])]
            return status == 1 and bool(found) and all(problem["zh"] and problem["en"] for problem in found)

        eventually(told, within=90)
        spoken = shared.cli("doctor")
        assert spoken.returncode == 1
        assert SAID[part] in spoken.stdout
        assert "Traceback" not in spoken.stdout + spoken.stderr
    door.close()
    until_quiet(shared)
    assert "All is well" in shared.cli("doctor").stdout
