"""Auditors' findings on their pages: recorded, answered, accepted or insisted on, closed. Called by audit_pages.py.

Each step is a form made from its command's description; which finding it is follows from the address.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from domain.audit.words import FindingStanding
from domain.values import Role
from services.api.door.problems import NoSuchPath
from services.web import words
from services.web.forms import Choice, Form, body_of, fields_of
from services.web.inside import Inside, Problem
from services.web.language import Pair
from services.web.person import person_of
from services.web.reading import posted
from services.web.rendering import Rendering, to
from services.web.words.ledgers import LEDGERS

_ACTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "answer-audit-finding": ("AnswerAuditFinding", ("answer",)),
    "accept-audit-answer": ("AcceptAuditAnswer", ("opinion",)),
    "insist-on-audit-finding": ("InsistOnAuditFinding", ("opinion", "answer_by")),
    "close-audit-finding": ("CloseAuditFinding", ("outcome", "summary")),
}
_RECORD: Final = "RecordAuditFinding"
_FIELDS: Final = (
    "about", "number", "position", "ledger", "fund_id", "concerns", "sample_id", "unit", "problem", "answer_by",
)  # fmt: skip
_USUAL: Final = ("about", "number", "unit", "problem", "answer_by")


class FindingPages:
    """The handlers of /audit/findings."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def listed(self, request: Request) -> Response:
        """`GET /audit/findings?standing=&cursor=`."""
        person, asked = await person_of(self._inside, request), request.query_params
        standing = asked.get("standing") if asked.get("standing") in set(FindingStanding) else None
        found = await self._inside.get(request, "/api/v1/audit/findings", standing=standing, cursor=asked.get("cursor"))
        context: dict[str, Any] = {"found": found, "standing": standing, "standings": tuple(FindingStanding)}
        return self._rendering.page(request, "audit_findings.html", person=person, **context)

    async def shown(self, request: Request) -> Response:
        """`GET /audit/findings/{id}`."""
        person, finding = await person_of(self._inside, request), await self._finding(request)
        acts = [(act, words.command_called(_ACTS[act][0])) for act in finding["may"]]
        context: dict[str, Any] = {"finding": finding, "acts": acts, "audits": person.role is Role.AUDITOR}
        return self._rendering.page(request, "audit_finding.html", person=person, **context)

    async def begin(self, request: Request) -> Response:
        """`GET /audit/findings/new?about=&number=&position=&ledger=&sample_id=&unit=`."""
        given = {name: request.query_params[name] for name in _FIELDS if name in request.query_params}
        return await self._form(request, _RECORD, _FIELDS, given, None, await self._choices(request))

    async def begun(self, request: Request) -> Response:
        """`POST /audit/findings/new`."""
        form = await posted(request)
        answer = await self._inside.post(
            request, "/api/v1/audit/record-audit-finding", body_of(_RECORD, form), key=form.get("key")
        )
        if answer.problem:
            choices = await self._choices(request)
            return await self._form(request, _RECORD, _FIELDS, form.values, answer.problem, choices)
        return to(f"/audit/findings/{answer.document['finding_id']}")

    async def ask(self, request: Request) -> Response:
        """`GET /audit/findings/{id}/{act}`."""
        name, fields = _act(request)
        await self._finding(request)
        return await self._form(request, name, fields, {}, None, {})

    async def act(self, request: Request) -> Response:
        """`POST /audit/findings/{id}/{act}`."""
        name, fields = _act(request)
        form, finding = await posted(request), request.path_params["id"]
        body = {**body_of(name, form, names=fields), "finding_id": finding}
        path = f"/api/v1/audit/{request.path_params['act']}"
        answer = await self._inside.post(request, path, body, key=form.get("key"))
        if answer.problem:
            return await self._form(request, name, fields, form.values, answer.problem, {})
        return to(f"/audit/findings/{finding}")

    # -- shared -------------------------------------------------------------------------------------------------

    async def _finding(self, request: Request) -> dict[str, Any]:
        found: dict[str, Any] = await self._inside.get(request, f"/api/v1/audit/findings/{request.path_params['id']}")
        return found

    async def _choices(self, request: Request) -> dict[str, Sequence[Choice]]:
        """Units by their names, ledgers by theirs."""
        found = await self._inside.get(request, "/api/v1/organisation")
        places = [Choice(it["code"], Pair(it["name"], it["name"])) for it in found["places"] if not it["closed"]]
        return {"unit": places, "ledger": [Choice(name, ledger.called) for name, ledger in LEDGERS.items()]}

    async def _form(
        self,
        request: Request,
        name: str,
        only: Sequence[str],
        values: Mapping[str, Any],
        problem: Problem | None,
        choices: Mapping[str, Sequence[Choice]],
    ) -> Response:
        here, called = request.url.path, words.command_called(name)
        shown = (*_USUAL, *(it for it in only if it not in _USUAL)) if name == _RECORD else only
        fields = fields_of(name, only=shown, choices=choices, values=values, problem=problem)
        form = Form(action=here, key=str(uuid4()), fields=fields, problem=problem, said=called)
        context: dict[str, Any] = {
            "called": called, "follows": None, "back": here.rpartition("/")[0], "offline": "",
            "usual": len(_USUAL) if name == _RECORD else None, "form": form,
        }  # fmt: skip
        person, status = await person_of(self._inside, request), problem.status if problem else 200
        return self._rendering.page(request, "office_act.html", person=person, status=status, **context)


def _act(request: Request) -> tuple[str, tuple[str, ...]]:
    """Raises NoSuchPath."""
    act: str = request.path_params["act"]
    if act not in _ACTS:
        raise NoSuchPath
    return _ACTS[act]
