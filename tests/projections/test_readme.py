"""The read models' README: it leads to every file and every table that there is, and to none that is gone."""

import re
from pathlib import Path

from projections import registry

FOLDER = Path(registry.__file__).parent
README = (FOLDER / "README.md").read_text("utf-8")


def test_every_file_is_named_and_every_named_file_exists() -> None:
    files = {path.name for path in FOLDER.glob("*.py")} - {"__init__.py"}
    assert set(re.findall(r"`(\w+\.py)`", README)) == files


def test_every_read_model_stands_with_its_question_file_and_table() -> None:
    for projection in registry.PROJECTIONS:
        for table in projection.tables:
            assert f"| `{projection.name}.py`" in README
            assert f"| `{table}`, a " in README
