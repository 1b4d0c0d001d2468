"""What is wanted in a copy: which ledger, narrowed by what, in which order? It can be kept as JSON until it is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import TypeAdapter

from projections.issue_ledger import EVERYTHING, LedgerFilter, Sort

ISSUES: Final = "issues"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of issues a filter and an order; of other ledgers what a form is asked for by. `period`: as titles name it."""

    ledger: str
    village: str | None = None
    period: str | None = None
    issues: LedgerFilter = EVERYTHING
    sort: Sort = Sort.OLDEST
    form: Mapping[str, str | None] = field(default_factory=dict)

    def to_json(self) -> Any:
        """As a table keeps it."""
        return _WANTED.dump_python(self, mode="json")

    @classmethod
    def from_json(cls, kept: Any) -> "Wanted":
        """What `to_json` made."""
        return _WANTED.validate_python(kept, strict=False)


_WANTED: Final = TypeAdapter(Wanted)
