"""A fresh system for each scenario, and the seed that all chance comes from, printed so that a run can be repeated."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.system import System, running_system

SEED = int(os.environ.get("HUIYIN_FAULTS_SEED", "2026"))
SECONDS = float(os.environ.get("HUIYIN_FAULTS_SECONDS", "30"))


def pytest_report_header() -> str:
    """What a run has to be repeated with."""
    return f"faults: HUIYIN_FAULTS_SEED={SEED} HUIYIN_FAULTS_SECONDS={SECONDS:g}"


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Writes a line to the terminal: what a run went through, so that "passed" says how much was survived."""
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    return lambda line: terminal.write_line(f"\n{line}") if terminal else None


@pytest.fixture
def seed() -> int:
    """The seed of this run."""
    return SEED


@pytest.fixture
def seconds() -> float:
    """How long random faults go on."""
    return SECONDS


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    """A whole system of this test alone."""
    with running_system(tmp_path / "home") as started:
        yield started
