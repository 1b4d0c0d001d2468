"""Fixtures that every test may ask for: a real PostgreSQL and a real Temporal, started once a session when needed."""

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.temporal",
    "tests.support.casework",
    "tests.support.browsing",
]
