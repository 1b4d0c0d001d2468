"""How often does a process look for garbage in cycles? Seldom: looking costs more than what it finds here.

Called by the long-running processes once everything is imported.
"""

import gc
from typing import Final

_NEW_OBJECTS: Final = 50_000


def look_for_cycles_seldom() -> None:
    """What is there now is never looked through again; new objects only once there are many."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
