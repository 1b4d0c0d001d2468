"""The page of finance: what is to be paid now and in which order, what waits for works, what comes back unspent.

Called by app.py.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from domain.fund.words import PaymentException
from domain.values import Role
from services.api.door.problems import NoSuchPath
from services.web.forms import body_of
from services.web.inside import Inside, Problem
from services.web.person import person_of
from services.web.reading import Posted, posted
from services.web.rendering import Rendering, to

_COMMANDS = {"pay-tranche": "PayTranche", "return-unspent": "ReturnUnspent"}


class PayingPages:
    """The handlers of /funds/to-pay."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def shown(self, request: Request) -> Response:
        """`GET /funds/to-pay`."""
        return await self._show(request)

    async def act(self, request: Request) -> Response:
        """`POST /funds/to-pay/{number}/{act}`: a payment, or money that comes back."""
        act, number, form = request.path_params["act"], request.path_params["number"], await posted(request)
        if act not in _COMMANDS:
            raise NoSuchPath
        path, body = f"/api/v1/issues/{number}/{act}", body_of(_COMMANDS[act], form)
        answer = await self._inside.post(request, path, body, key=form.get("key"), version=form.get("version"))
        if answer.problem:
            return await self._show(request, answer.problem, form, answer.status)
        return to("/funds/to-pay")

    async def _show(
        self, request: Request, problem: Problem | None = None, form: Posted | None = None, status: int = 200
    ) -> Response:
        person = await person_of(self._inside, request)
        funds = (await self._inside.get(request, "/api/v1/funds"))["items"]
        projects = [it for fund in funds if not fund["closed"] for it in await self._projects(request, fund)]
        context: dict[str, Any] = {
            "due": [*_due(projects, in_turn=True), *_due(projects, in_turn=False)],
            "later": [it for it in projects if it["unpaid"] and not it["payable"]],
            "unspent": [it for it in projects if it["unspent"]],
            "paid": [it for it in projects if not it["unpaid"]],
            "pays": person.role is Role.FINANCE, "problem": problem, "refused": request.path_params.get("number"),
            "values": form.values if form else {}, "new_key": uuid4, "exceptions": list(PaymentException),
        }  # fmt: skip
        return self._rendering.page(request, "to_pay.html", person=person, status=status, **context)

    async def _projects(self, request: Request, fund: dict[str, Any]) -> list[dict[str, Any]]:
        found = await self._inside.get(request, f"/api/v1/funds/{fund['fund_id']}/projects")
        return [{**it, "year": fund["year"], "township": fund["township"]} for it in found["granted"]]


def _due(projects: list[dict[str, Any]], *, in_turn: bool) -> Iterator[dict[str, Any]]:
    return (it for it in projects if it["payable"] and it["in_turn"] is in_turn)
