"""A real browser without a window: what it makes of a page, and what it says on its console.

Tests that need it are left out where there is none, unless REQUIRE_BROWSER=1 asks for it. Who clicks and types:
browsing.py.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

_BROWSER: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_QUIET: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=3000",
)


@dataclass(frozen=True)
class Seen:
    """The page as it stands after its scripts, if any, have run; and the browser's log."""

    page: str
    log: str

    @property
    def complained(self) -> bool:
        """Whether a policy stopped something, or a script said something."""
        return "Refused to" in self.log or "CONSOLE" in self.log or "violates" in self.log


def browser_there() -> str:
    """The browser's program. Skips the test if there is none."""
    if _BROWSER is None:
        assert os.environ.get("REQUIRE_BROWSER") != "1", "a browser is required here: apt-get install chromium"
        pytest.skip("no browser: apt-get install chromium")
    return _BROWSER


def look_at(address: str, profile: Path) -> Seen:
    """Opens the page in a browser of its own."""
    done = subprocess.run(
        [browser_there(), *_QUIET, f"--user-data-dir={profile}", "--dump-dom", address],
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Seen(done.stdout, done.stderr)
