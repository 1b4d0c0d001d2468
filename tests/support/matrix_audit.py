"""Who asks what auditors ask: joined to READS of matrix.py."""

from typing import Final

from domain.values import Role

_AUDITORS: Final = frozenset({Role.AUDITOR})
_ANSWER: Final = frozenset({Role.STATION_LEAD, Role.COMMITTEE_MEMBER, Role.FINANCE, Role.DEPARTMENT, Role.AUDITOR})
OF_THE_WHOLE_LOG: Final = frozenset({"GET /api/v1/feed"})
"""For those alone whose business every village is."""
_CASE_READERS: Final = _ANSWER | {Role.CASE_HANDLER}
AUDIT_READS: Final = {
    **dict.fromkeys(OF_THE_WHOLE_LOG, _AUDITORS),
    **{f"GET /api/v1/issues/{{number}}/{of}": _CASE_READERS for of in ("replay", "difference")},
    **{f"GET /api/v1/ledgers/issues/{of}": _CASE_READERS for of in ("difference", "days")},
    **{f"GET /api/v1/audit/findings{of}": _ANSWER for of in ("", "/{id}")},
    **{f"GET /api/v1/audit/{of}": _AUDITORS for of in ("samples", "samples/{id}", "looks", "what-if", "proof")},
    "GET /api/v1/audit/looks/report": frozenset({Role.AUDITOR, Role.COMMITTEE_MEMBER, Role.ADMINISTRATOR}),
}
