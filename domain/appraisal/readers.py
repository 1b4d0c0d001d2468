"""Whose account of an appraisal 考核 does a role read? The third table of permissions, shown in domain/README.md."""

from typing import Final

from domain.ledger_views import LEDGER_READERS
from domain.values import Role

OWN_ACCOUNT: Final = frozenset({Role.CASE_HANDLER, Role.FINANCE})
"""Only their own, wherever they acted."""
EVERY_ACCOUNT: Final = LEDGER_READERS["coverage"] - OWN_ACCOUNT
"""Everybody's, of the villages or with the department of their post. Roles in neither set read none."""
