"""What may a phone keep of these pages while there is no line? Forms without anything of a case (decision 0035)."""

from typing import Final

from domain.issue.commands import LogIssue
from domain.values import Role
from domain.visit.commands import RecordVisit

_WITHOUT_A_LINE: Final = "/offline"
_FORMS: Final = {"/issues/new": LogIssue.ROLES, "/visits/new": RecordVisit.ROLES}
KEPT_PAGES: Final = (*_FORMS, _WITHOUT_A_LINE)
KEPT_HOURS: Final = 12
"""As long as the longest session: then the phone's key is gone as well."""


def kept_pages_of(role: Role | None) -> list[str]:
    """Those that somebody in this role has a use for."""
    return [*(path for path, roles in _FORMS.items() if role in roles), _WITHOUT_A_LINE]
