"""Pages of funds: which there are; one with its budget, its pool in rank, what a round would give.

Nothing is written before somebody proposes or confirms. Paying stands in paying.py. Called by app.py.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from starlette.requests import Request
from starlette.responses import Response

from domain.fund.words import Direction
from domain.values import Role
from services.api.door.problems import NoSuchPath
from services.web.inside import Inside, Problem
from services.web.person import Person, person_of
from services.web.reading import Posted, posted
from services.web.rendering import Rendering, to

_SHARE: Final = "share-"
_ACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "propose-round": (),
    "confirm-round": ("round", "reasons"),
    "withdraw-round": ("round", "reasons"),
    "adjust-budget": ("direction", "amount", "reason", "document"),
    "confirm-adjustment": (),
    "refuse-adjustment": ("reasons",),
    "close-fiscal-year": (),
}
_AMOUNTS: Final = ("amount", "budget")


class FundPages:
    """The handlers of /funds."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def listed(self, request: Request) -> Response:
        """`GET /funds`."""
        return await self._list(request)

    async def set_budget(self, request: Request) -> Response:
        """`POST /funds`: a year's budget."""
        form = await posted(request)
        body = _body(form, ("township", "year", "budget"))
        answer = await self._inside.post(request, "/api/v1/funds", body, key=form.get("key"))
        if answer.problem:
            return await self._list(request, answer.problem, form, answer.status)
        return to(f"/funds/{answer.document['fund_id']}")

    async def shown(self, request: Request) -> Response:
        """`GET /funds/{id}`; in its query what is tried out: `left`, and `share-<issue id>` for each share chosen."""
        return await self._show(request)

    async def act(self, request: Request) -> Response:
        """`POST /funds/{id}/{act}`."""
        act, form = request.path_params["act"], await posted(request)
        if act not in _ACTS:
            raise NoSuchPath
        fund = await self._inside.get(request, f"/api/v1/funds/{request.path_params['id']}")
        body = {"township": fund["township"], "year": fund["year"], **_body(form, _ACTS[act])}
        if act == "confirm-round" and (shares := _shares(form.values)):
            body["shares"] = [{"issue_id": key, "amount": amount} for key, amount in shares.items() if _is_more(amount)]
        answer = await self._inside.post(request, f"/api/v1/funds/{act}", body, key=form.get("key"))
        if answer.problem:
            return await self._show(request, answer.problem, form, answer.status)
        return to(f"/funds/{fund['fund_id']}")

    # -- shared -------------------------------------------------------------------------------------------------

    async def _list(
        self, request: Request, problem: Problem | None = None, form: Posted | None = None, status: int = 200
    ) -> Response:
        person = await person_of(self._inside, request)
        before = request.query_params.get("before") if form is None else None
        funds = await self._inside.get(request, "/api/v1/funds", before=before)
        choices = await self._inside.get(request, "/api/v1/me/choices")
        context: dict[str, Any] = {
            "funds": funds, "problem": problem, "values": form.values if form else {}, "key": uuid4(),
            "townships": sorted({village["township"] for village in choices["villages"]}),
            "pays": person.role is Role.FINANCE,
        }  # fmt: skip
        return self._rendering.page(request, "funds.html", person=person, status=status, **context)

    async def _show(
        self, request: Request, problem: Problem | None = None, form: Posted | None = None, status: int = 200
    ) -> Response:
        person, path = await person_of(self._inside, request), f"/api/v1/funds/{request.path_params['id']}"
        fund = await self._inside.get(request, path)
        projects = await self._inside.get(request, f"{path}/projects")
        tried = {name: value for name, value in request.query_params.items() if value.strip()}
        asked = {"left": _plain(tried.get("left", "")), "shares": _written(_shares(tried))}
        trial = await self._inside.ask(request, f"{path}/what-if", **asked)
        if trial.problem and any(asked.values()):
            plain = await self._inside.ask(request, f"{path}/what-if")
        else:
            plain = trial
        context: dict[str, Any] = {
            "fund": fund, "projects": projects, "what_if": None if plain.problem else plain.document, "tried": tried,
            "untried": trial.problem, "problem": problem, "values": form.values if form else {}, "new_key": uuid4,
            "known": {it["issue_id"]: it for it in (*projects["pool"], *projects["granted"])}, "share": _SHARE,
            "spent": sum(it["spent"] for it in projects["granted"]), "may": _may(person, fund),
            "directions": list(Direction),
        }  # fmt: skip
        return self._rendering.page(request, "fund.html", person=person, status=status, **context)


def _body(form: Posted, names: tuple[str, ...]) -> dict[str, Any]:
    """What was filled in; whole numbers as such."""
    said = {name: value for name in names if (value := form.get(name))}
    numbers = {name: int(said[name]) for name in ("round", "year") if said.get(name, "").isdecimal()}
    return {**said, **{name: _plain(said[name]) for name in _AMOUNTS if name in said}, **numbers}


def _plain(amount: str) -> str:
    """An amount as people write it, without what parts its thousands."""
    return amount.replace(",", "").replace("，", "").strip()


def _shares(fields: Mapping[str, Any]) -> dict[str, str]:
    """The shares among these fields, by issue; what is no issue's id is left out."""
    found = {name.removeprefix(_SHARE): str(value) for name, value in fields.items() if name.startswith(_SHARE)}
    return {key: _plain(value) for key, value in found.items() if value.strip() and _is_id(key)}


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _is_more(amount: str) -> bool:
    """Whether anything is given; what is no amount stays for the API to refuse."""
    return amount.strip("0.") != ""


def _written(shares: Mapping[str, str]) -> str:
    return ",".join(f"{key}:{amount}" for key, amount in shares.items())


def _may(person: Person, fund: Mapping[str, Any]) -> frozenset[str]:
    """Which forms are worth showing. The API decides."""
    finance, committee = person.role is Role.FINANCE, person.role is Role.COMMITTEE_MEMBER
    if fund["closed"] or not (finance or committee):
        return frozenset()
    waits, adjusting = fund["round"] is not None, fund["adjustment"] is not None
    found = {
        "propose-round": not waits and bool(fund["pool"]),
        "confirm-round": waits and committee,
        "withdraw-round": waits,
        "adjust-budget": finance and not adjusting,
        "confirm-adjustment": adjusting,
        "refuse-adjustment": adjusting,
        "close-fiscal-year": finance,
    }
    return frozenset(act for act, possible in found.items() if possible)
