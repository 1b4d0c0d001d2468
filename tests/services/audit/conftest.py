"""The township whose log was proved as it grew: made once, as it was made for each test."""

from collections.abc import Iterator

import pytest

from tests.support.audited import Township, township
from tests.support.postgres import DatabaseServer


@pytest.fixture(scope="session")
def made(database_server: DatabaseServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    """Made once."""
    first = township(database_server, tmp_path_factory.mktemp("township"))
    yield first
    database_server.drop(first.database)


@pytest.fixture
def proved(made: Township) -> Iterator[Township]:
    """As it was made, before and after."""
    yield made
    made.restore()
