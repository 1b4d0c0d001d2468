"""How do auditors' findings stand? To auditors and committees those of their villages; to others what was told to them.

Commands are like any other (writing.py, which asks `require_reach` here). Of a finding about somebody's conduct that
official and those below learn nothing.
"""

from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.audit.commands import AskAuditSample, AuditCommand, OnAuditFinding, RecordAuditFinding
from domain.audit.rules import who_answers
from domain.audit.state import AuditFinding, fold_finding
from domain.audit.words import FindingStanding
from domain.errors import NotFound, RoleNotAllowed
from domain.ledger_views import LEDGER_READERS
from domain.permissions import roles_for
from domain.values import Role
from projections.audit_findings import FINDING_WORDS, AuditFindingLine, audit_findings
from projections.pages import WHOLE
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer, members_of
from services.api.door.queries import PageQuery, Query, page_and_next, place_of, query_of, read_cursor
from services.api.door.threads import Threads
from services.api.office.numbers import id_of
from services.api.parts import ApiParts
from services.identity.accounts import Account, OutsideScope
from services.persistence.scope import Scope
from services.privacy.looks import Seen

_READ_ALL: Final = LEDGER_READERS["audit-findings"]
_READERS: Final = _READ_ALL | roles_for("AnswerAuditFinding")
_AFTER: Final = {
    FindingStanding.AWAITED: ("close-audit-finding",),
    FindingStanding.ANSWERED: ("accept-audit-answer", "insist-on-audit-finding", "close-audit-finding"),
    FindingStanding.ACCEPTED: ("close-audit-finding",),
    FindingStanding.CLOSED: (),
}
"""What an auditor may do with a finding that stands so."""


class FindingsQuery(PageQuery):
    """`GET /api/v1/audit/findings`."""

    standing: FindingStanding | None = None


class FindingReads:
    """The handlers of both."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def findings(self, request: Request) -> Response:
        """`GET /api/v1/audit/findings`."""
        account = await self._reader(request)
        query = query_of(request, FindingsQuery)
        return await self._threads.run(partial(self._listed, account, query))

    async def finding(self, request: Request) -> Response:
        """`GET /api/v1/audit/findings/{id}`; its ETag is what If-Match expects."""
        account = await self._reader(request)
        query_of(request, Query)
        return await self._threads.run(partial(self._shown, account, request.path_params["id"]))

    async def _reader(self, request: Request) -> Account:
        account = await self._people.case_reader(request)
        if account.role not in _READERS:
            raise RoleNotAllowed
        return account

    # -- in a thread --------------------------------------------------------------------------------------------

    def _listed(self, account: Account, query: FindingsQuery) -> Response:
        at, key = read_cursor(query) or (None, None)
        people = None if account.role in _READ_ALL else sorted(account.actor.persons)
        place = account.place if self._is_in_charge(account) else None
        asked = {**WHOLE, "standing": query.standing, "people": people, "unit": place, "at": at, "key": key}
        with self._parts.reading(Scope.of(account)) as connection:
            found = audit_findings(connection, {**asked, "limit": query.limit + 1})
        shown, following = page_and_next(query, found, place_of)
        sealed = [{name: getattr(line, name) for name in FINDING_WORDS} for line in shown]
        opened = self._parts.unsealing.rows(as_reader(account), sealed, Seen.FINDING)
        items = [{**self._line(line), **words} for line, words in zip(shown, opened, strict=True)]
        return answer({"items": items, "next": following})

    def _is_in_charge(self, account: Account) -> bool:
        organisation = self._parts.casework.organisation()
        return organisation.in_charge(account.role, account.place, self._parts.clock()) in account.actor.persons

    def _line(self, line: AuditFindingLine) -> dict[str, Any]:
        members = {name: value for name, value in members_of(line).items() if name not in ("at", "key")}
        overdue = line.standing == FindingStanding.AWAITED and line.answer_by < self._parts.clock()
        return {**members, "found_at": line.at, "overdue": overdue}

    def _shown(self, account: Account, given: str) -> Response:
        finding = fold_finding(self._parts.casework.history(id_of(given)))
        if finding is None or not may_know(self._parts, account, finding):
            raise NotFound
        summary = finding.closed.summary if finding.closed else None
        sealed = {"problem": finding.recorded.problem, "answer": finding.answer, "opinion": finding.opinion}
        words = self._parts.unsealing.texts(as_reader(account), {**sealed, "summary": summary}, Seen.FINDING)
        document = {**_plain(finding), **words, "overdue": finding.is_overdue(self._parts.clock())}
        return answer({**document, "may": self._may(account, finding)}, version=finding.version)

    def _may(self, account: Account, finding: AuditFinding) -> tuple[str, ...]:
        """What this reader may do with it now; the domain decides again."""
        if account.role is Role.AUDITOR:
            return _AFTER[finding.standing]
        awaited = finding.standing is FindingStanding.AWAITED
        return ("answer-audit-finding",) if awaited and _answers(self._parts, account, finding) else ()


def _plain(finding: AuditFinding) -> dict[str, Any]:
    said = finding.recorded
    names = ("about", "number", "position", "ledger", "fund_id", "concerns", "sample_id", "unit")
    closed = finding.closed
    return {
        "finding_id": finding.finding_id,
        "version": finding.version,
        **{name: getattr(said, name) for name in names},
        "auditor": said.actor.user,
        "found_at": said.occurred_at,
        "answer_by": finding.answer_by,
        "told": finding.told,
        "standing": finding.standing,
        "rounds": finding.rounds,
        "answered_late": finding.answered_late,
        "outcome": closed and closed.outcome,
        "closed_at": closed and closed.occurred_at,
    }


def may_know(parts: ApiParts, account: Account, finding: AuditFinding) -> bool:
    """Auditors and committees within their villages; whoever was told, or is in charge of the unit now."""
    if finding.concerns in account.barred or account.role not in _READERS:
        return False
    if account.role in _READ_ALL:
        return account.villages is None or any(map(account.covers_village, finding.recorded.villages))
    return not account.actor.persons.isdisjoint(finding.told) or _answers(parts, account, finding)


def _answers(parts: ApiParts, account: Account, finding: AuditFinding) -> bool:
    organisation = parts.casework.organisation()
    found = who_answers(organisation, finding.unit, finding.concerns, parts.clock())
    return not account.actor.persons.isdisjoint(found)


def require_reach(parts: ApiParts, account: Account, command: AuditCommand) -> None:
    """Raises OutsideScope for a unit or village that is not the auditor's; NotFound for a finding kept from them."""
    if isinstance(command, OnAuditFinding):
        finding = fold_finding(parts.casework.history(command.finding_id))
        if finding is not None and account.role in _READERS and not may_know(parts, account, finding):
            raise NotFound
    if account.villages is None:
        return
    if isinstance(command, RecordAuditFinding):
        below = parts.casework.organisation().villages_under(command.unit)
        if not any(map(account.covers_village, below)):
            raise OutsideScope
    if isinstance(command, AskAuditSample) and not (command.village and account.covers_village(command.village)):
        raise OutsideScope


_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_NUMBER_OR_NONE: Final = {"type": ["integer", "null"]}
_FINDING: Final[dict[str, Any]] = {
    "finding_id": {"type": "string", "format": "uuid"},
    "version": {"type": "integer", "description": "for the next If-Match"},
    "about": _TEXT, "number": _TEXT_OR_NONE, "ledger": _TEXT_OR_NONE, "fund_id": _TEXT_OR_NONE,
    "concerns": _TEXT_OR_NONE, "sample_id": _TEXT_OR_NONE, "unit": _TEXT, "auditor": _TEXT, "found_at": _TEXT,
    "answer_by": _TEXT, "standing": _TEXT, "rounds": {"type": "integer"}, "overdue": {"type": "boolean"},
    "problem": _TEXT, "answer": _TEXT_OR_NONE, "opinion": _TEXT_OR_NONE, "summary": _TEXT_OR_NONE,
    "outcome": _TEXT_OR_NONE, "closed_at": _TEXT_OR_NONE,
}  # fmt: skip
_OF_ONE: Final[dict[str, Any]] = {
    "position": {**_NUMBER_OR_NONE, "description": "of the event or head in the log"},
    "answered_late": {"type": "boolean"},
    "told": {"type": "array", "items": _TEXT, "description": "who was asked to answer"},
    "may": {"type": "array", "items": _TEXT, "description": "what the reader may do with it now"},
}
AUDIT_FINDING_SCHEMAS: Final[dict[str, Any]] = {
    "FindingList": {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"type": "object", "properties": _FINDING}},
            "next": {**_TEXT_OR_NONE, "description": "cursor of the next page"},
        },
    },
    "AuditFinding": {"type": "object", "properties": {**_FINDING, **_OF_ONE}},
}
