"""Which columns of a line may this role see? Takes the others out, before anything sealed is opened for them.

Called wherever the issue ledger leaves: API, pages, exports. The table is domain/ledger_views.py.
"""

from dataclasses import replace
from types import NoneType
from typing import Any, Final, TypeVar, get_args, get_type_hints

from domain.ledger_views import LEDGERS, View
from domain.privacy import WITHHELD
from domain.values import Role
from projections.issue_ledger_fold import LedgerRow

Line = TypeVar("Line", bound=LedgerRow)

_MAY_BE_EMPTY: Final = {name for name, kind in get_type_hints(LedgerRow).items() if NoneType in get_args(kind)}
_HIDDEN: Final[dict[Role, dict[str, Any]]] = {
    role: {
        name: None if name in _MAY_BE_EMPTY else WITHHELD
        for name, views in LEDGERS["issues"].items()
        if views[role] is View.NOTHING and name in get_type_hints(LedgerRow)
    }
    for role in Role
}


def without_hidden(role: Role, line: Line) -> Line:
    """The line without what this role sees nothing of: empty, or withheld where it cannot be. For roles that read."""
    return replace(line, **{name: instead for name, instead in _HIDDEN[role].items() if getattr(line, name)})
