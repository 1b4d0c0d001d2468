"""Temporal dead for a while, or its data gone: people go on, nothing is lost, and no step is taken twice."""

import time
from collections import Counter

import pytest

from tests.faults.load import Load
from tests.faults.log_of import log_of
from tests.faults.quiet import assert_all_true, doctor, until_quiet
from tests.support.system import System
from tests.support.waiting import eventually


def steps_taken(system: System) -> Counter[str]:
    """What the process did so far, by topic."""
    return Counter(event.topic for event in log_of(system).events if event.by_process)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_given_temporal_is_dead_when_people_work_on_then_workflows_catch_up_by_themselves(
    system: System, seed: int
) -> None:
    load = Load(system, seed, workers=3)
    with load.at_work():
        eventually(lambda: load.acknowledged() > 30, within=60)
        with system.kept_dead("Temporal"):
            before, began = load.acknowledged(), time.monotonic()
            status, said = doctor(system)
            assert status == 1
            assert "temporal-away" in {problem["code"] for problem in said["problems"]}
            eventually(lambda: load.acknowledged() > before + 100, within=60)
            assert load.acknowledged() - before > time.monotonic() - began, "people had to wait for Temporal"
            steps_before = steps_taken(system)
    assert load.failures == []
    until_quiet(system)
    assert_all_true(system, load.history)
    assert steps_taken(system).total() > steps_before.total(), "the process owed nothing, so nothing was proved"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_given_temporals_data_are_deleted_when_workflows_are_rebuilt_then_each_waits_and_nothing_is_doubled(
    system: System, seed: int
) -> None:
    load = Load(system, seed, workers=3)
    with load.at_work():
        eventually(lambda: load.acknowledged() > 150, within=120)
    until_quiet(system)
    before = steps_taken(system)
    assert before.total() > 0
    with system.kept_dead("Temporal"):
        for file in (system.home / "temporal").glob("temporal.db*"):
            file.unlink()
    eventually(system.whole, within=60)

    def missed_them() -> bool:
        status, said = doctor(system)
        return status == 1 and "workflows-missing" in {problem["code"] for problem in said["problems"]}

    eventually(missed_them, within=60)
    rebuilt = system.cli("rebuild", "workflows", within=300)
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    until_quiet(system)
    assert steps_taken(system) == before
    assert_all_true(system, load.history)
