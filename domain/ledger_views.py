"""Who sees what of a ledger? By column of the issue ledger and its like, by role of every other one.

The API, exports and pages ask here (services/privacy). README.md shows the tables; a test holds it to them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.values import Role


class View(StrEnum):
    """How much of a column a role sees."""

    WORDS = "words"  # 原文: as it is
    MASKED = "masked"  # 遮蔽: without anything like a telephone number
    NOTHING = "nothing"  # 不予显示


Views = Mapping[Role, View]


def _views(office: View, finance: View, auditor: View, administrator: View = View.NOTHING) -> Views:
    """`office`: the case's own people. Households have a door of their own; the process reads the log."""
    own = (Role.CASE_HANDLER, Role.STATION_LEAD, Role.COMMITTEE_MEMBER, Role.DEPARTMENT)
    others = {Role.FINANCE: finance, Role.AUDITOR: auditor, Role.ADMINISTRATOR: administrator}
    return {**dict.fromkeys(Role, View.NOTHING), **dict.fromkeys(own, office), **others}


_OPEN: Final = _views(View.WORDS, finance=View.WORDS, auditor=View.WORDS)
_CASE: Final = _views(View.WORDS, finance=View.NOTHING, auditor=View.WORDS)
_CASE_WORDS: Final = _views(View.WORDS, finance=View.NOTHING, auditor=View.MASKED)
_IDENTITY: Final = _views(View.WORDS, finance=View.NOTHING, auditor=View.NOTHING)
_COUNTS: Final = _views(View.WORDS, finance=View.WORDS, auditor=View.WORDS, administrator=View.WORDS)

WORDS: Final = _views(View.WORDS, finance=View.MASKED, auditor=View.MASKED)
"""Words of and about a household, wherever a table below does not say less."""


def _columns(views: Views, *names: str) -> dict[str, Views]:
    return dict.fromkeys(names, views)


LEDGERS: Final[Mapping[str, Mapping[str, Views]]] = {
    "issues": {
        **_columns(_OPEN, "issue_id", "number", "version", "position", "recorded_at", "changed_at", "logged_at"),
        **_columns(_OPEN, "village", "village_name", "channel", "category", "plan", "stage", "tier", "unit", "person"),
        **_columns(_OPEN, "department", "leader", "due_at", "due_rule", "due_amount", "due_unit", "due_provisional"),
        **_columns(_OPEN, "missed", "notices", "extensions", "percent", "completed_at", "replied_at"),
        **_columns(_OPEN, "first_replied_at", "closed_at", "reopenings", "merged_into", "merged_into_number"),
        **_columns(_OPEN, "split_from"),
        **_columns(WORDS, "title"),
        **_columns(_CASE, "household", "cause", "rating", "concerns"),
        **_columns(_CASE_WORDS, "description", "place", "source", "measures", "remark"),
    },
    "history": {
        **_columns(_OPEN, "position", "number", "issue_id", "version", "topic", "occurred_at", "recorded_at"),
        **_columns(_OPEN, "actor_user", "actor_role", "command_id", "causation", "late"),
        **_columns(_CASE_WORDS, "details", "zh", "en"),  # the words in them; amounts, dates and stages are open
    },
    "households": {
        **_columns(_CASE, "household_id", "version", "position", "registered_at", "changed_at", "village", "household"),
        **_columns(_CASE, "consents", "objection", "erasure", "erasure_reason", "proposed_by", "erase_at", "erased_at"),
        **_columns(_IDENTITY, "name", "phone", "address"),
    },
    "dashboard": {
        **_columns(_COUNTS, "at", "village", "total", "by_stage", "open", "overdue", "ages", "on_time"),
        **_columns(_COUNTS, "not_counted", "rates", "reply_times", "backlog", "backlog_goal", "counts"),
    },
}
"""Ledger -> column -> role -> view, of rows that the role may see at all (a village, a department, no complaint)."""

_OF_STATION: Final = frozenset({Role.CASE_HANDLER, Role.STATION_LEAD, Role.COMMITTEE_MEMBER, Role.AUDITOR})
_OF_OFFICE: Final = _OF_STATION | {Role.DEPARTMENT, Role.FINANCE}
LEDGER_READERS: Final[Mapping[str, frozenset[Role]]] = {
    "visits": _OF_STATION,
    "opinions": _OF_STATION,
    "priority": _OF_STATION,
    "promises": _OF_STATION,
    "books": _OF_STATION,
    "people": _OF_STATION,
    "hazards": _OF_STATION,
    "petitions": _OF_STATION | {Role.DEPARTMENT},
    "cards": _OF_STATION,
    "coverage": _OF_OFFICE,
    "attendance": _OF_OFFICE,
    "submissions": _OF_OFFICE,
    "committee": _OF_STATION | {Role.DEPARTMENT},
    "projects": _OF_OFFICE,
    "replies": _OF_STATION | {Role.DEPARTMENT},
    "spot-checks": _OF_OFFICE,
    "findings": _OF_STATION,
    "audit-findings": frozenset({Role.AUDITOR, Role.COMMITTEE_MEMBER}),
    "bulletins": _OF_OFFICE,
    "summaries": _OF_STATION,
}
"""Every other ledger -> who reads it, of their own villages or what is with their department; words as WORDS says."""


def view_of(ledger: str, column: str, role: Role) -> View:
    """How much this role sees of a column; nothing of one without a row."""
    return LEDGERS[ledger].get(column, {}).get(role, View.NOTHING)


def may_read(role: Role, ledger: str = "issues") -> bool:
    """Whether this role reads anything of the ledger."""
    return any(views[role] is not View.NOTHING for views in LEDGERS[ledger].values())
