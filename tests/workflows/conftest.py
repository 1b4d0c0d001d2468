"""The clock under which workflows' tests run their casework."""

import pytest

from tests.workflows.process import ProcessClock


@pytest.fixture
def clock() -> ProcessClock:
    """In place of the usual clock, so that steps see the skipped time."""
    return ProcessClock()
