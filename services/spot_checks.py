"""Was this draw what the log says? Every figure of a recorded draw beside the same one made again from the sealed log.

Called by `huiyin spot-check verify`; the other tools that can do it are described in domain/spot_check/drawing.py.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from domain.spot_check.basis import Basis, draw_from
from domain.spot_check.state import Check


class Compared(NamedTuple):
    """One figure: as it was recorded, and as it comes out again (None: it does not come out at all)."""

    name: str
    recorded: Any
    again: Any

    @property
    def same(self) -> bool:
        """Whether both agree."""
        return bool(self.recorded == self.again)


def drawn_again(check: Check, draw_basis: Callable[[str, datetime], Basis | None]) -> list[Compared]:
    """The figures of a monthly check's draw; empty where nothing was drawn. Raises OperationalError."""
    fixed, drawn = check.announced, check.drawn
    if fixed is None or drawn is None:
        return []
    basis = draw_basis(check.township, fixed.draw_at)
    again = draw_from(basis, check.period, fixed.items, fixed.not_again_within_months) if basis else None
    made = {} if basis is None or again is None else {"head": basis.head, "head_hash": basis.head.hash, **asdict(again)}
    names = (
        "head", "head_hash", "seed", "stations_counted", "stations_digest", "station", "items_counted", "items_digest",
        "items",
    )  # fmt: skip
    return [Compared(name, getattr(drawn, name), made.get(name)) for name in names]
