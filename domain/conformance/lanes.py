"""What goes on side by side in an issue: its stages, an extension asked for, a pause, final filing.

Made from the declared steps; ordering.py holds each history against every lane by itself.
"""

from collections.abc import Mapping
from typing import Final

from domain.conformance.declared import STEPS, Moves, Place

_RESTARTS: Final = tuple(step.label for step in STEPS.values() if step.clock is not None)


def _reset(*places: Place, to: Place) -> dict[str, Moves]:
    return {label: dict.fromkeys(places, to) for label in _RESTARTS}


LANES: Final[tuple[Mapping[str, Moves], ...]] = (
    {label: step.moves for label, step in STEPS.items()},
    {
        **_reset(Place.IDLE, Place.ASKED, to=Place.IDLE),
        "extension_requested": {Place.IDLE: Place.ASKED},
        "extension_granted": {Place.ASKED: Place.IDLE},
        "extension_refused": {Place.ASKED: Place.IDLE},
    },
    {
        **_reset(Place.RUNNING, Place.PAUSED, to=Place.RUNNING),
        "clock_paused": {Place.RUNNING: Place.PAUSED},
        "clock_resumed": {Place.PAUSED: Place.RUNNING},
    },
    {
        "final_filing_proposed": {Place.NONE: Place.PROPOSED},
        "final_filing_refused": {Place.PROPOSED: Place.NONE},
        "filed_as_final": {Place.PROPOSED: Place.NONE},
        "reopened": dict.fromkeys((Place.NONE, Place.PROPOSED), Place.NONE),
    },
)
"""What goes on side by side: the stages, an extension, a pause, final filing.

A label that a lane does not name passes it by.
"""
BEGINNINGS: Final = (Place.START, Place.IDLE, Place.RUNNING, Place.NONE)
"""Where each lane begins."""
