"""Who may do what to which object, at every route of the API's description: what the matrix test expects.

The roles of a command are read from the page that people read, domain/README.md, not from the code that is tested; of
reads and of what is open to all they stand here. A route that is in neither place is Unexpected: no test lets it pass.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from domain.values import Role
from tests.support.matrix_audit import AUDIT_READS, OF_THE_WHOLE_LOG

README: Final = Path(__file__).resolve().parents[2] / "domain" / "README.md"
HERE: Final = "tests/support/matrix.py"
CASE_READERS: Final = frozenset(
    {Role.CASE_HANDLER, Role.STATION_LEAD, Role.COMMITTEE_MEMBER, Role.FINANCE, Role.DEPARTMENT, Role.AUDITOR}
)
FILES: Final = frozenset(
    {"GET /api/v1/issues/{number}/files/{digest}", "GET /api/v1/issues/{number}/files/{digest}/preview"}
)
"""Of a household: its words' readers see them. Whether the case is there for somebody is asked before."""
OF_CHECKS: Final = frozenset(f"GET /api/v1/spot-checks/{{id}}/files/{{digest}}{of}" for of in ("", "/preview"))
"""Of findings: the matrix has none, so that whoever may look is told that there is no such file."""
OF_THE_OFFICE: Final = (
    "GET /api/v1/organisation",
    "GET /api/v1/holidays/{year}",
    "GET /api/v1/plans",
    "GET /api/v1/inbox",
    "GET /api/v1/me/notices",
    "PUT /api/v1/me/notices",
    "POST /api/v1/inbox/read",
    "GET /api/v1/me/choices",
    "GET /api/v1/people",
)
"""Reads of everybody who works there, and what is each one's own."""
OF_AN_ISSUE: Final = "GET /api/v1/issues/{{number}}{}"
OF_THE_LOG: Final = ("organisation/history", "log/checkpoint", "log/tile/{tile}")
OF_CASES: Final = ("", "/history", "/actions", "/deadlines", "/what-next", "/proof")
READS: Final = {
    **dict.fromkeys(OF_THE_OFFICE, frozenset(Role) - {Role.HOUSEHOLD, Role.PROCESS}),
    **dict.fromkeys(OF_CHECKS, CASE_READERS),
    **dict.fromkeys(("GET /api/v1/issues", *map(OF_AN_ISSUE.format, OF_CASES)), CASE_READERS),
    **dict.fromkeys(FILES, CASE_READERS - {Role.FINANCE, Role.AUDITOR}),
    **{f"GET /api/v1/ledgers/{of}": CASE_READERS for of in ("{name}", "{name}/export", "appraisal", "appraisal/marks")},
    **dict.fromkeys(("POST /api/v1/exports", "GET /api/v1/exports"), CASE_READERS),
    **{f"{method} /api/v1/exports/{{id}}": CASE_READERS for method in ("GET", "DELETE")},
    "GET /api/v1/exports/{id}/file": CASE_READERS,
    **{f"GET /api/v1/meetings{of}": CASE_READERS for of in ("", "/{id}", "/{id}/items", "/{id}/minutes")},
    **{f"GET /api/v1/funds{of}": CASE_READERS for of in ("", "/{id}", "/{id}/projects", "/{id}/what-if")},
    **{f"GET /api/v1/{of}": frozenset({Role.AUDITOR, Role.ADMINISTRATOR}) for of in OF_THE_LOG},
    "GET /api/v1/holidays/{year}/affected": CASE_READERS,
    "GET /api/v1/me/choices": frozenset(Role) - {Role.PROCESS},
    "GET /api/v1/team": frozenset({Role.STATION_LEAD, Role.COMMITTEE_MEMBER, Role.AUDITOR}),
    "GET /api/v1/issues/{number}/related": CASE_READERS - {Role.FINANCE, Role.AUDITOR},
    "GET /api/v1/today": CASE_READERS,
    **{f"{method} /api/v1/me/views": CASE_READERS for method in ("GET", "PUT", "DELETE")},
    "POST /api/v1/suggestions": frozenset({Role.CASE_HANDLER, Role.STATION_LEAD, Role.DEPARTMENT}),
    **{f"GET /api/v1/{of}": CASE_READERS for of in ("spot-checks", "spot-checks/{id}", "bulletins")},
    **AUDIT_READS,
    "GET /api/v1/hot-topics": CASE_READERS - {Role.FINANCE},
    "GET /api/v1/audit/conformance": frozenset({Role.AUDITOR}),
    **{f"GET /api/v1/dashboard{of}": CASE_READERS | {Role.ADMINISTRATOR} for of in ("", "/table", "/months")},
    "GET /api/v1/dashboard/coverage": CASE_READERS,
    "POST /api/v1/files": frozenset({Role.CASE_HANDLER, Role.STATION_LEAD, Role.DEPARTMENT}),
}
"""Who reads what at all; whose, follows from the post."""
FIELD_STAFF: Final = frozenset({Role.CASE_HANDLER, Role.STATION_LEAD})
SEARCH: Final = "POST /api/v1/households/search"
UPLOAD: Final = "POST /api/v1/files"
SUGGESTIONS: Final = "POST /api/v1/suggestions"
NO_COMMANDS: Final = frozenset(
    {
        SEARCH, UPLOAD, SUGGESTIONS, "POST /api/v1/inbox/read", "PUT /api/v1/me/notices", "PUT /api/v1/me/views",
        "DELETE /api/v1/me/views", "POST /api/v1/exports", "DELETE /api/v1/exports/{id}",
    }
)  # fmt: skip
"""Posted, and nothing of the log is written."""
READS_OF_HOUSEHOLDS: Final = {
    "GET /api/v1/households/{village}/{household}": FIELD_STAFF | {Role.AUDITOR},
    "GET /api/v1/households/{village}/{household}/looks": FIELD_STAFF | {Role.AUDITOR},
    "GET /api/v1/households/{village}/{household}/copy": FIELD_STAFF,
    SEARCH: FIELD_STAFF,
}
"""Who reads what of a household, in their own villages."""
_LISTED: Final = ("issues", "ledgers/{name}", "ledgers/{name}/export", "ledgers/issues/difference")
LISTS: Final = frozenset(map("GET /api/v1/{}".format, _LISTED))
"""Reads that show everything within the reader's scope, and nothing else."""
BY_PROVIDER: Final = frozenset({"GET /login/oidc", "GET /login/oidc/callback"})
"""The way to the identity provider and back; where there is none, the same absence for everybody."""
OPEN: Final = BY_PROVIDER | {
    "GET /healthz",
    "GET /readyz",
    "GET /api/v1/notice-board",
    "GET /api/v1/site",
    "GET /metrics",
    "GET /api/openapi.json",
    "POST /api/v1/session",
}
"""For everybody, whoever they are: nothing of any case is there."""
BY_RECEIPT: Final = frozenset({"GET /api/v1/receipts/{code}"}) | {
    f"POST /api/v1/receipts/{{code}}/{act}"
    for act in ("rate", "ask-for-review", "ask-for-recheck", "details", "file", "correction", "objection", "export")
}
"""For whoever holds a receipt's code, whoever they are; a session counts for nothing there, from whatever page."""
OF_ONESELF: Final = frozenset({"GET /api/v1/session"})
"""For everybody known, about themselves."""
BY_SESSION: Final = frozenset(
    {
        "DELETE /api/v1/session",
        "GET /api/v1/sessions",
        "DELETE /api/v1/sessions",
        "POST /api/v1/password",
        "GET /api/v1/me/offline-key",
    }
)
"""As OF_ONESELF, but not for programs: a token gets nowhere."""
PAGES: Final = frozenset({"GET /api/docs", "GET /api/docs.css", "GET /print.css"})
"""Served, open to all, but not part of the API's description."""


class Unexpected(AssertionError):
    """A route of which nobody said who may use it."""


class Verdict(StrEnum):
    """What an answer amounts to."""

    OPEN = "open to everybody"
    ADMITTED = "let in"
    UNKNOWN = "401: nobody known"
    FORBIDDEN = "403: not with this role"
    NO_POST = "403: in no post"
    OUTSIDE = "403: not in that village or township"
    NOT_HELD = "403: not in such a post"
    NARROW = "403: not with such a token"
    FOREIGN_PAGE = "403: not from another site's page"
    ABSENT = "404: as if there were none"


@dataclass(frozen=True)
class Asker:
    """Somebody who asks; `role` None: nobody known.

    `villages`, `departments`, `township`: whose business is theirs, None: all; `barred`: no complaints about these.
    `writes`, `cases`: what all their writes, or whatever is not about themselves, are answered with, if not by rule.
    """

    name: str
    role: Role | None
    villages: frozenset[str] | None = None
    departments: frozenset[str] | None = None
    barred: frozenset[str] = field(default_factory=frozenset)
    writes: Verdict | None = None
    by_session: bool = False
    township: str | None = None
    cases: Verdict | None = None

    def covers(self, thing: "Thing") -> bool:
        """Whether an issue is their business at all."""
        if self.role is Role.HOUSEHOLD or thing.concerns in self.barred:
            return False
        if self.departments is not None and thing.department not in self.departments:
            return False
        return self.villages is None or thing.village in self.villages

    def concerned(self, thing: "Thing") -> bool:
        """Whether a cell of theirs is worth asking for: of all complaints, those about them and those above."""
        return thing.concerns is None or thing.concerns in self.barred


@dataclass(frozen=True)
class Thing:
    """An issue that somebody asks for: in which village, with which department, complaining of whom."""

    name: str
    village: str
    number: str
    version: int
    department: str | None = None
    concerns: str | None = None


@dataclass(frozen=True)
class Operation:
    """One operation of the API's description."""

    method: str
    path: str
    operation_id: str

    @property
    def name(self) -> str:
        """As the tables above call it."""
        return f"{self.method} {self.path}"

    @property
    def is_write(self) -> bool:
        """Whether it is a command."""
        return self.operation_id in _roles_of_commands()

    @property
    def on_issue(self) -> bool:
        """Whether it is about one issue."""
        return "{number}" in self.path

    @property
    def on_household(self) -> bool:
        """Whether it is about one household, named by the path."""
        return "{household}" in self.path

    @property
    def roles(self) -> frozenset[str]:
        """Who may use it at all. Raises Unexpected."""
        if self.is_write:
            return _roles_of_commands()[self.operation_id]
        if self.name in READS | READS_OF_HOUSEHOLDS:
            return (READS | READS_OF_HOUSEHOLDS)[self.name]
        if self.name in OF_ONESELF | BY_SESSION:
            return frozenset(Role)
        raise Unexpected(
            f"{self.name} ({self.operation_id}) is served, but nobody said who may use it: "
            "a command belongs into the table Commands of domain/README.md, "
            f"anything else into READS, OPEN or their like in {HERE}"
        )


def operations(description: dict[str, Any]) -> Iterator[Operation]:
    """Every operation of an OpenAPI document."""
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield Operation(method.upper(), path, operation["operationId"])


def expected(operation: Operation, asker: Asker, thing: Thing | None) -> Verdict:
    """What this asker may expect of this operation on this issue, or (None) of one that names no issue."""
    if operation.name in BY_RECEIPT:
        return Verdict.OPEN
    if operation.name in OPEN:
        from_elsewhere = asker.writes is Verdict.FOREIGN_PAGE and operation.method != "GET"
        return Verdict.FOREIGN_PAGE if from_elsewhere else Verdict.OPEN
    roles = operation.roles
    if asker.role is None or (operation.name in BY_SESSION and not asker.by_session):
        return Verdict.UNKNOWN
    if operation.method != "GET" and asker.writes is not None:
        return asker.writes
    if asker.cases is not None and operation.name not in OF_ONESELF | BY_SESSION:
        return asker.cases
    if operation.name in FILES and asker.role in CASE_READERS and thing is not None and not asker.covers(thing):
        return Verdict.ABSENT
    if not operation.is_write and asker.role not in roles:
        return Verdict.FORBIDDEN
    if thing is not None and not asker.covers(thing):
        return Verdict.ABSENT
    if operation.name in OF_THE_WHOLE_LOG and asker.villages is not None:
        return Verdict.OUTSIDE
    return Verdict.ADMITTED if asker.role in roles else Verdict.FORBIDDEN


def expected_of_household(operation: Operation, asker: Asker, village: str) -> Verdict:
    """What this asker may expect of this operation on a household of a village."""
    found = expected(operation, asker, None)
    looked_for = found is Verdict.ADMITTED or (found is Verdict.FORBIDDEN and operation.is_write)
    covered = asker.villages is None or village in asker.villages
    return Verdict.ABSENT if looked_for and not covered else found


def expected_to_begin(operation: Operation, asker: Asker, *, covered: bool) -> Verdict:
    """What this asker may expect of a command that begins something in a village or township, theirs or not."""
    found = expected(operation, asker, None)
    if found in (Verdict.UNKNOWN, asker.writes, asker.cases) or covered:
        return found
    return Verdict.OUTSIDE


def hidden_columns(asker: Asker) -> frozenset[str]:
    """The columns of an issue of which this asker sees nothing, by the table in domain/README.md."""
    heads = {Role.FINANCE: 3, Role.AUDITOR: 4}
    rows = [
        line.strip("|").split("|") for line in README.read_text("utf-8").splitlines() if line.startswith("| issues |")
    ]
    kept_back = (row[1] for row in rows if row[heads.get(asker.role or Role.PROCESS, 2)].strip() == "nothing")
    return frozenset(name for names in kept_back for name in re.findall(r"`(\w+)`", names))


@cache
def _roles_of_commands() -> dict[str, frozenset[str]]:
    """The table Commands of domain/README.md: command -> roles."""
    section = README.read_text("utf-8").split("## Commands 请求\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {re.findall(r"`(\w+)`", row[0])[0]: frozenset(row[2].strip().split(", ")) for row in rows}
