"""The database commits and the API never hears of it: the answer is found again, and nothing happens twice."""

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from services.embedded.process import free_port, http_status
from tests.faults.load import Load
from tests.faults.quiet import assert_all_true, until_quiet
from tests.support.lossy_proxy import LossyProxy, lossy_proxy
from tests.support.system import HUIYIN, System
from tests.support.waiting import eventually


@contextmanager
def another_api(system: System, database_url: str) -> Iterator[str]:
    """An API process beside the system's own, on another way to the database; its address."""
    port = free_port()
    env = {**os.environ, **system.environment, "HUIYIN_PORT": str(port), "HUIYIN_DATABASE_URL": database_url}
    process = subprocess.Popen([str(HUIYIN), "api"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: http_status(port, "/readyz") == 200, within=30)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def lose_answers_while_at_work(load: Load, proxy: LossyProxy, seed: int) -> int:
    """Loses an answer again and again until enough was done; how many times."""
    dice, lost = random.Random(seed), 0
    while load.acknowledged() < 200 and not load.failures:
        goal = load.acknowledged() + dice.randint(1, 4)
        eventually(lambda goal=goal: load.acknowledged() >= goal or load.failures, within=60)
        proxy.lose_next_answer()
        lost += 1
    return lost


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_given_answers_of_the_database_are_lost_when_people_work_on_then_each_command_counts_once(
    system: System, seed: int
) -> None:
    with lossy_proxy(system.running.database_url) as proxy, another_api(system, proxy.dsn) as address:
        load = Load(system, seed, workers=4, address=address)
        with load.at_work():
            lost = lose_answers_while_at_work(load, proxy, seed)
    assert load.failures == []
    assert lost > 30
    assert load.repeated > 3, "no answer was lost between COMMIT and reply, so nothing was proved"
    until_quiet(system)
    assert_all_true(system, load.history)
