"""The process that makes copies: `python -m services.exports.making_process`, started by making_beside.py.

It finds its settings as every process does, makes all copies that wait, and ends. It says nothing of what is in them.
"""

import os
import sys
from typing import Final

import structlog

from services.bootstrap_exports import open_making
from services.exports.pdf import press
from services.logs import log_as_json
from services.settings import Settings

_NICE: Final = 10
_log = structlog.get_logger(__name__)


def main() -> None:
    """Everything that waits."""
    log_as_json()
    os.nice(_NICE)
    try:
        with open_making(Settings()) as making:
            making.all()
    except Exception as failure:  # its words may quote what somebody wrote
        _log.error("exports.not_made", reason=type(failure).__name__)
        sys.exit(1)
    finally:
        press().close()


if __name__ == "__main__":
    main()
