"""pm4py reads our exports and finds in them what we put there. Its Python is made by `make check-process-mining`."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from services.audit.exporting.making import ExportFormat
from services.audit.exporting.ocel_json import BEGINNING
from tests.services.test_log_export import document, log, made

__all__ = ["document", "log", "made"]
PYTHON: Final = Path(__file__).resolve().parents[2] / "build" / "process-mining" / "bin" / "python"
READ_BACK: Final = Path(__file__).with_name("read_back.py")


@pytest.fixture(scope="module")
def read(made: Mapping[ExportFormat, Path]) -> dict[str, Any]:
    """What pm4py says of the three files."""
    files = (made[form] for form in (ExportFormat.OCEL_JSON, ExportFormat.OCEL_SQLITE, ExportFormat.XES))
    suffixes = (".json", ".sqlite", ".xes")
    named = [str(file.rename(file.with_suffix(suffix))) for file, suffix in zip(files, suffixes, strict=True)]
    ended = subprocess.run([PYTHON, READ_BACK, *named], capture_output=True, text=True, timeout=110, check=False)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def test_given_the_exports_then_pm4py_finds_every_event_object_and_relation(
    document: dict[str, Any], read: dict[str, Any]
) -> None:
    assert read["broken"] == []
    objects, events = document["objects"], document["events"]
    values = [(it["id"], each["name"], each["time"] == BEGINNING) for it in objects for each in it["attributes"]]
    known = {(found, name) for found, name, first in values if first}
    changes = [(found, name) for found, name, first in values if not first]
    assert read["sqlite"]["changes"] == len(changes)
    # Of what was not there from the beginning, its reader of JSON takes the first value for having been.
    assert read["json"].pop("changes") == len(changes) - len(set(changes) - known)
    assert read["json"] == {name: value for name, value in read["sqlite"].items() if name != "changes"}
    assert (read["json"]["events"], read["json"]["objects"]) == (len(events), len(objects))
    assert read["json"]["relations"] == sum(len(it["relationships"]) for it in events)
    assert read["json"]["links"] == sum(len(it["relationships"]) for it in objects)
    assert read["json"]["types"] == sorted(it["name"] for it in document["objectTypes"])
    assert {"closed", "settled", "handling"} <= set(read["json"]["stages"])


def test_given_the_traces_then_pm4py_discovers_a_process_that_they_fit(
    document: dict[str, Any], read: dict[str, Any]
) -> None:
    of_issues = [it for it in document["events"] if it["type"].startswith("issue.")]
    issues = {each["objectId"] for it in of_issues for each in it["relationships"] if each["qualifier"] == "issue"}
    assert (read["xes"]["events"], read["xes"]["traces"]) == (len(of_issues), len(issues))
    assert read["xes"]["fitness"] > 0.99
