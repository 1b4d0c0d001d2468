"""Which list holds exactly what a figure counted? The address of the list, for every number of the dashboards.

None where the reader may not see the rows: an administrator reads no cases, finance no ratings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from domain.ledger_views import View, may_read, view_of
from domain.values import Role
from projections.figures import OF_RATINGS
from services.api.door.queries import DashboardQuery

_ISSUES: Final = "/api/v1/issues?"


@dataclass(frozen=True, slots=True)
class Opening:
    """The lists behind one dashboard: its village and its time are in each address."""

    role: Role
    query: DashboardQuery

    def of(self, figure: str, **more: Any) -> str | None:
        """The address of what this figure counted, of this part."""
        hidden = figure in OF_RATINGS and view_of("issues", "rating", self.role) is View.NOTHING
        return None if hidden else self.base(counted=figure, **more)

    def every(self, figures: Mapping[str, Any]) -> dict[str, str | None]:
        """Each figure's address."""
        return {figure: self.of(figure) for figure in figures}

    def base(self, **more: Any) -> str | None:
        """The address of all issues of a part; `&counted=` one of its figures narrows it."""
        if not may_read(self.role):
            return None
        asked = {"village": self.query.village, "as_of": self.query.as_of, "known_at": self.query.known_at, **more}
        given = {name: _written(value) for name, value in asked.items() if value is not None}
        return _ISSUES + urlencode(given)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
