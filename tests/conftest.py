"""Fixtures that every test may ask for: a real PostgreSQL and a real Temporal, started once a session when needed."""

from typing import Final

import pytest

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.temporal",
    "tests.support.casework",
    "tests.support.browsing",
]

_FIRST: Final = ("e2e", "plans", "workflows", "services", "projections", "domain")
"""The folders of files that take longest: two processes that share the work then end at the same time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; within a folder as they stand."""
    items.sort(key=_when)


def _when(item: pytest.Item) -> int:
    folder = item.nodeid.split("/")[1]
    return _FIRST.index(folder) if folder in _FIRST else len(_FIRST)
