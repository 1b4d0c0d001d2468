"""The office that the matrix test asks through: everybody who asks, what they ask for, and what the answers amount to.

Every request would do, but says that it happened in 2199: whoever may ask is told in-the-future, and nothing
is ever written. Called by test_matrix.py.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID, uuid4

import httpx

from domain.commands import Command
from domain.fund.commands import SetBudget
from domain.household.commands import RegisterHousehold, RequestCopy
from domain.issue import commands as c
from domain.meeting.commands import RecordMeeting
from domain.spot_check.commands import RecordInspection
from services.api.openapi.examples import EXAMPLES
from services.audit.log_key import LogKey
from services.files.kept import Upload
from tests.domain.test_household import ask as ask_of_household
from tests.services.api.conftest import Api
from tests.services.api.matrix_answers import ONE, fault, opened, told
from tests.services.api.matrix_askers import NOBODY, account_of, let_in, of_nobody, those_with_accounts
from tests.services.api.matrix_audit import OF_AUDITORS, READ_FINDINGS, audited
from tests.support.casework import PEOPLE, TOWNSHIP, command
from tests.support.files import photo
from tests.support.http import PASSING
from tests.support.matrix import (
    BY_SESSION,
    LISTS,
    OF_CHECKS,
    SEARCH,
    UPLOAD,
    Asker,
    Operation,
    Thing,
    Verdict,
    expected,
    expected_of_household,
    expected_to_begin,
)
from tests.support.spot_checks import ask as ask_of_check
from tests.support.states import a_new_case
from tests.support.tree import sign_log

LOG: Final = "POST /api/v1/issues"
MEET: Final = "POST /api/v1/meetings"
FUND: Final = "POST /api/v1/funds"
VISITS: Final = ("POST /api/v1/visits/", "POST /api/v1/liaison/", "POST /api/v1/duties/", "POST /api/v1/submissions/")
CHECKS: Final = "POST /api/v1/spot-checks/"
BULLETINS: Final = "POST /api/v1/bulletins/"
CODES: Final = {"云岭镇": "T1", "外山镇": "T2"}
"""Of townships, which spot checks and bulletins go by."""
OF_PLACES: Final = ("SetRota", "HandInSubmission", "SignHandIn", "ReturnSubmission")
EXPORT: Final = "/api/v1/exports/{id}"
ELSEWHERE: Final = "外山镇"
NEVER: Final = "2199-01-01T00:00:00Z"
ABSENT: Final = "QS-2026-9999"
REGISTER: Final = "POST /api/v1/households"
BODIES: Final = {
    SEARCH: b'{"phone":"13800138000"}',
    "POST /api/v1/suggestions": json.dumps(EXAMPLES["AskSuggestions"]).encode(),
    "POST /api/v1/inbox/read": b'{"up_to":0}',
    "PUT /api/v1/me/notices": b'{"targets":[]}',
    "POST /api/v1/exports": b'{"ledger":"issues","format":"csv"}',
    "PUT /api/v1/me/views": b'{"name":"open","ledger":"issues","query":{"open":"true"}}',
}
"""What requests that are no commands need in their bodies."""
QUERIES: Final[dict[str, dict[str, str]]] = {
    "GET /api/v1/issues": {"limit": "200", "sort": "newest"},
    "DELETE /api/v1/me/views": {"name": "open"},
    "GET /api/v1/ledgers/issues/difference": {"limit": "200", "as_of": "2000-01-01T00:00:00Z"},
}


@dataclass(frozen=True)
class Office:
    """Everybody who asks, everything that is asked for."""

    api: Api
    askers: tuple[Asker, ...]
    credentials: Mapping[str, Mapping[str, str]]
    things: tuple[Thing, ...]
    ids: Mapping[str, Mapping[str, str]]
    receipt_code: str
    digest: str

    def faults(self, operation: Operation) -> list[str]:
        """The cells of this operation that are not as expected, in words."""
        return list(chain.from_iterable(self._faults(operation, asker) for asker in self.askers))

    def _faults(self, operation: Operation, asker: Asker) -> Iterator[str]:
        if operation.on_issue:
            yield from self._on_issues(operation, asker)
        elif operation.on_household:
            yield from self._on_households(operation, asker)
        elif operation.name == LOG or operation.name.startswith((*VISITS, FUND, MEET, CHECKS, BULLETINS)):
            yield from self._when_beginning(operation, asker)
        elif operation.path.startswith(EXPORT):
            yield from self._on_exports(operation, asker)
        elif operation.name in OF_AUDITORS:
            yield from self._on_findings(operation, asker)
        elif "{id}" in operation.path:
            yield from self._on_townships(operation, asker)
        elif not (asker.by_session and not asker.writes and operation.name in BY_SESSION):  # that would end the session
            answer = self._ask(operation, asker)
            yield from fault(operation, asker, "", expected(operation, asker, None), answer, None)
            if operation.name in LISTS and answer.status_code == 200:
                yield from self._shown(operation, asker, answer.text)

    def _on_issues(self, operation: Operation, asker: Asker) -> Iterator[str]:
        absent = told(self._ask(operation, asker, number=ABSENT))
        for thing in filter(asker.concerned, self.things if asker.role else self.things[:1]):
            answer = self._ask(operation, asker, number=thing.number, version=thing.version)
            yield from fault(operation, asker, thing.name, expected(operation, asker, thing), answer, absent)
            if operation.name == ONE and answer.status_code == 200:
                yield from opened(asker, answer.json())

    def _when_beginning(self, operation: Operation, asker: Asker) -> Iterator[str]:
        for village, township in {"QS": TOWNSHIP, "LX": TOWNSHIP, "WS": ELSEWHERE}.items():
            if operation.name == LOG or operation.name.startswith(VISITS):
                covered = asker.villages is None or village in asker.villages
                named = "place" if operation.operation_id in OF_PLACES else "village"
                answer = self._ask(operation, asker, **{named: village})
            else:
                covered = asker.township in (None, township)
                coded = operation.name.startswith((CHECKS, BULLETINS))
                named = "place" if operation.name.startswith(BULLETINS) else "township"
                answer = self._ask(operation, asker, **{named: CODES[township] if coded else township})
            wanted = expected_to_begin(operation, asker, covered=covered)
            yield from fault(operation, asker, f"something of {village}", wanted, answer, None)

    def _on_households(self, operation: Operation, asker: Asker) -> Iterator[str]:
        absent = told(self._ask(operation, asker, of="ZZ", version=2))
        for village in ("QS", "LX", "WS"):
            answer = self._ask(operation, asker, of=village, version=2)
            wanted = expected_of_household(operation, asker, village)
            yield from fault(operation, asker, f"a household of {village}", wanted, answer, absent)

    def _on_exports(self, operation: Operation, asker: Asker) -> Iterator[str]:
        """Somebody else's export is as absent to everybody, whatever their role."""
        absent = told(self._ask(operation, asker, id=str(UUID(int=7))))
        wanted = expected(operation, asker, None)
        wanted = Verdict.ABSENT if wanted is Verdict.ADMITTED else wanted
        answer = self._ask(operation, asker, id=self.ids[EXPORT]["lead"])
        yield from fault(operation, asker, "the lead's export", wanted, answer, absent)

    def _on_townships(self, operation: Operation, asker: Asker) -> Iterator[str]:
        """Meetings and funds, by their ids."""
        absent = told(self._ask(operation, asker, id=str(UUID(int=7))))
        for township, id_ in self.ids[operation.name].items():
            wanted = expected(operation, asker, None)
            foreign = asker.township not in (None, township) or operation.name in OF_CHECKS
            if wanted is Verdict.ADMITTED and foreign:
                wanted = Verdict.ABSENT
            answer = self._ask(operation, asker, id=id_)
            yield from fault(operation, asker, f"one of {township}", wanted, answer, absent)

    def _on_findings(self, operation: Operation, asker: Asker) -> Iterator[str]:
        """By whose villages they are in; whoever neither audits nor sits on the committee is told of none of these."""
        absent = told(self._ask(operation, asker, id=str(UUID(int=7))))
        for village, id_ in self.ids[operation.name].items():
            wanted = expected(operation, asker, None)
            reads = asker.role in READ_FINDINGS and (asker.villages is None or village in asker.villages)
            wanted = Verdict.ABSENT if wanted is Verdict.ADMITTED and not reads else wanted
            yield from fault(operation, asker, f"of {village}", wanted, self._ask(operation, asker, id=id_), absent)

    def _shown(self, operation: Operation, asker: Asker, text: str) -> Iterator[str]:
        for thing in self.things:
            if (thing.number in text) is not asker.covers(thing):
                told = "shown" if thing.number in text else "missing"
                yield f"{operation.name} as {asker.name}: {thing.name} is {told}"

    def _ask(self, operation: Operation, asker: Asker, **options: Any) -> httpx.Response:
        """Repeated while the answer is one that says so: a busy machine is no finding."""
        for _ in range(5):
            answer = self._send(operation, asker, **options)
            if answer.status_code not in PASSING:
                break
        return answer

    def _send(
        self,
        operation: Operation,
        asker: Asker,
        *,
        number: str = ABSENT,
        version: int = 1,
        id: str = "",
        of: str = "QS",
        **fields: str,
    ) -> httpx.Response:
        known = {
            "number": number,
            "name": "issues",
            "code": self.receipt_code,
            "id": id,
            "year": "2026",
            "digest": self.digest,
            "tile": "0/000.p/1",
        }
        path = operation.path.format(**known, village=of, household="QS-012")
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"', "Content-Type": "application/json"}
        headers |= self.credentials[asker.name]
        if operation.name in (LOG, REGISTER) or operation.name.startswith((FUND, MEET, CHECKS, BULLETINS)):
            del headers["If-Match"]
        query = QUERIES.get(operation.name, {})
        if operation.method == "GET":
            return self.api.send(operation.method, path, headers=headers, params=query)
        if operation.name == UPLOAD:
            headers["Content-Type"] = "application/octet-stream"
            return self.api.send(operation.method, path, headers=headers, params={"village": "QS"})
        if not operation.is_write:
            content = BODIES.get(operation.name, b"{}")
            return self.api.send(operation.method, path, headers=headers, params=query, content=content)
        body = {**EXAMPLES[operation.operation_id], **fields, "occurred_at": NEVER}
        return self.api.send(operation.method, path, headers=headers, content=json.dumps(body).encode())


def matrix_office(api: Api) -> Office:
    """Accounts of every role, in one village, and without that bound; issues of theirs and of others."""
    askers = those_with_accounts()
    digest = _photo(api)
    logged = api.lived("logged", village="QS", photos=(digest,))
    held = [_held(api, RecordMeeting, township=township, key=uuid4().hex) for township in (TOWNSHIP, ELSEWHERE)]
    meetings = dict(zip((TOWNSHIP, ELSEWHERE), held, strict=True))
    budgets = [_held(api, SetBudget, township=township, year=2031) for township in (TOWNSHIP, ELSEWHERE)]
    funds = dict(zip((TOWNSHIP, ELSEWHERE), budgets, strict=True))
    inspected = (_inspected(api, code, *stations) for code, stations in {"T1": ("QS", "LX"), "T2": ("WS",)}.items())
    checks = dict(zip((TOWNSHIP, ELSEWHERE), inspected, strict=True))
    asked = api.post("/api/v1/exports", {"ledger": "issues", "format": "csv"}, by="lead").json()
    ids = {
        **audited(api),
        EXPORT: {"lead": asked["job_id"]},
        **dict.fromkeys({"GET /api/v1/spot-checks/{id}", *OF_CHECKS}, checks),
        "GET /api/v1/meetings/{id}": meetings,
        "GET /api/v1/meetings/{id}/minutes": meetings,
        "GET /api/v1/meetings/{id}/items": meetings,
        "GET /api/v1/funds/{id}": funds,
        "GET /api/v1/funds/{id}/projects": funds,
        "GET /api/v1/funds/{id}/what-if": funds,
    }
    credentials = {**let_in(api, askers), **of_nobody(api, logged.receipt_code or "")}
    complained_of = sorted({account_of(asker) for asker in askers if not asker.cases})
    things = (
        _thing("its village's issue", "QS", str(logged.number)),
        *(_with_department(api, key, digest) for key in ("construction", "environment")),
        *(_logged(api, f"an issue of {village}", digest, village=village) for village in ("LX", "WS")),
        *(_logged(api, f"a complaint about {name}", digest, concerns=name) for name in complained_of),
        _logged(api, "a complaint about the lead", digest, concerns="lead"),
    )
    nobody = [Asker(name, None) for name in NOBODY]
    for village in ("QS", "LX", "WS"):
        for kind in (RegisterHousehold, RequestCopy):
            asked = ask_of_household(kind).model_copy(update={"village": village, "command_id": uuid4()})
            api.casework.handle(asked)
    api.follow()
    with TemporaryDirectory() as home:
        sign_log(api.database, LogKey(Path(home)))
    return Office(api, (*askers, *nobody), credentials, things, ids, logged.receipt_code or "", digest)


def _photo(api: Api) -> str:
    """A photo of a household of QS, which every issue here names."""
    row, _ = api.parts.files.take_in(Upload(uuid4(), "handler", "QS", "QS-012", photo()))
    return row.digest


def _held(api: Api, kind: type[Command], **fields: Any) -> str:
    return str(api.casework.handle(command(kind, at=api.clock.now, **fields)).stream_id)


def _inspected(api: Api, township: str, *stations: str) -> str:
    asked = ask_of_check(RecordInspection, at=api.clock.now, township=township, stations=stations, by=PEOPLE["auditor"])
    return str(api.casework.handle(asked).stream_id)


def _thing(name: str, village: str, number: str, **more: Any) -> Thing:
    return Thing(name, village, number, **{"version": 1, **more})


def _logged(api: Api, name: str, digest: str, *, village: str = "QS", concerns: str | None = None) -> Thing:
    number = api.lived("logged", village=village, concerns=concerns, by="household", photos=(digest,)).number
    return _thing(name, village, str(number), concerns=concerns)


def _with_department(api: Api, key: str, digest: str) -> Thing:
    life = a_new_case(key=uuid4().hex, photos=(digest,)).do(c.EscalateIssue, department=key)
    return _thing(f"an issue with {key}", "QS", str(api.live(life).number), version=2, department=key)
