"""One whole system for all end-to-end tests: started once, driven over HTTP."""

from collections.abc import Iterator

import pytest

from tests.support.browsing import House
from tests.support.system import System, running_system


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """`huiyin up` on a new data folder, with an empty log and the people of tests/support/office.py."""
    with running_system(tmp_path_factory.mktemp("e2e") / "home") as started:
        yield started


@pytest.fixture
def house(system: System) -> House:
    """For browsers (tests/support/browsing.py)."""
    return House(system.address, system.running.database_url)
