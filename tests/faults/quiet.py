"""After the storm: wait until everything has caught up by itself, then look whether it is all true."""

import json
from collections.abc import Sequence
from typing import Any

from tests.faults.checker import Asked, findings
from tests.faults.log_of import log_of
from tests.support.system import System
from tests.support.waiting import eventually

QUIET_WITHIN = 120.0
"""Seconds in which everything has to be well again."""


def doctor(system: System) -> tuple[int, dict[str, Any]]:
    """What `huiyin doctor --json` says: exit status and document."""
    done = system.cli("doctor", "--json")
    said: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, said


def until_quiet(system: System) -> None:
    """Everything runs, nothing lags, the doctor finds nothing; every open issue's workflow knows it, owing nothing."""

    def well() -> bool:
        if not system.whole():
            return False
        status, said = doctor(system)
        assert status == 0, said["problems"]
        assert all(lag["events"] == 0 for lag in said["lags"].values()), said["lags"]
        return said["unsealed"] == 0

    def settled() -> bool:
        left = system.unsettled()
        assert not left, f"{len(left)} workflows are behind, such as that of {left[0]}; see {system.home}/logs"
        return True

    eventually(well, within=QUIET_WITHIN)
    eventually(settled, within=QUIET_WITHIN)
    eventually(well, within=QUIET_WITHIN)  # what the process still owed, it has recorded


def assert_all_true(system: System, history: Sequence[Asked]) -> None:
    """The log holds what people were told, once; the read models are what a rebuild makes; the workflows know."""
    found = findings(history, log_of(system))
    assert not found, "\n".join(found[:20])
    compared = system.cli("rebuild", "--all", "--compare")
    assert compared.returncode == 0, compared.stdout + compared.stderr
    assert system.unsettled() == []
