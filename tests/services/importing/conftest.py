"""What the tests of the import share beside tests/services/importing/files.py."""

from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test writes its file."""
    return tmp_path / "books.csv"
