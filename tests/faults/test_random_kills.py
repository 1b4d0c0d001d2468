"""Every part killed at random with SIGKILL, and connections cut, while people work: what they were told is true."""

import time
from collections.abc import Callable

import pytest

from tests.faults.load import Load
from tests.faults.nemesis import CONNECTIONS, Nemesis
from tests.faults.quiet import assert_all_true, until_quiet
from tests.support.system import PARTS, System


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_given_every_part_is_killed_at_random_when_people_work_on_then_each_acknowledged_command_is_there_once(
    system: System, seed: int, seconds: float, tell: Callable[[str], None]
) -> None:
    load = Load(system, seed)
    nemesis = Nemesis(system, seed, (*PARTS, CONNECTIONS), pause=(0.5, 3.0))
    with load.at_work(), nemesis.at_large():
        time.sleep(seconds)  # how long it lasts, not a wait for anything
    tell(f"{load.told()}; killed: {dict(nemesis.hits)}")
    assert load.failures == []
    assert load.acknowledged() >= seconds, "too little was done to prove anything"
    assert set(nemesis.hits) == {*PARTS, CONNECTIONS}, "not every part was killed: let it last longer"
    until_quiet(system)
    assert_all_true(system, load.history)
