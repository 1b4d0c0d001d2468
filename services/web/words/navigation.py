"""Which pages does each role find in its navigation? In the order of its day."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from domain.values import Role
from services.web.language import Pair


class Way(NamedTuple):
    """A link of the navigation."""

    address: str
    called: Pair


_TODAY: Final = Way("/today", Pair("今日", "Today"))
_ISSUES: Final = Way("/issues", Pair("问题", "Issues"))
_NEW: Final = Way("/issues/new", Pair("登记", "Log an issue"))
_VISITS: Final = Way("/visits", Pair("走访", "Visits"))
_MEETINGS: Final = Way("/meetings", Pair("会议", "Meetings"))
_FUNDS: Final = Way("/funds", Pair("经费", "Funds"))
_LEDGERS: Final = Way("/ledgers", Pair("台账", "Ledgers"))
_DASHBOARD: Final = Way("/dashboard", Pair("总览", "Dashboard"))
_OFFICE: Final = Way("/office", Pair("办公", "Office"))
_REFERRED: Final = Way("/department", Pair("转办", "Referred"))
_AUDIT: Final = Way("/audit", Pair("督查", "Audit"))
_INBOX: Final = Way("/inbox", Pair("消息", "Inbox"))

_WAYS: Final[Mapping[Role, Sequence[Way]]] = {
    Role.CASE_HANDLER: (_TODAY, _NEW, _ISSUES, _VISITS, _MEETINGS, _LEDGERS, _DASHBOARD, _INBOX),
    Role.STATION_LEAD: (_TODAY, _ISSUES, _NEW, _VISITS, _MEETINGS, _LEDGERS, _DASHBOARD, _INBOX),
    Role.COMMITTEE_MEMBER: (_TODAY, _MEETINGS, _FUNDS, _ISSUES, _LEDGERS, _DASHBOARD, _INBOX),
    Role.FINANCE: (_TODAY, _FUNDS, _ISSUES, _LEDGERS, _DASHBOARD, _INBOX),
    Role.DEPARTMENT: (_TODAY, _REFERRED, _ISSUES, _LEDGERS, _DASHBOARD, _INBOX),
    Role.AUDITOR: (_AUDIT, _OFFICE, _DASHBOARD, _LEDGERS, _ISSUES, _MEETINGS, _FUNDS, _INBOX),
    Role.ADMINISTRATOR: (_OFFICE, _DASHBOARD, _INBOX),
}


def navigation_of(role: Role | None) -> Sequence[Way]:
    """The pages of this role; none for somebody without a post."""
    return _WAYS.get(role, ()) if role else ()
