"""What supervision does on its pages: rounds and findings recorded, put right, looked at again; a bulletin issued.

Each is a form made from its command's description. Called by office_pages.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from domain.spot_check.words import CheckKind
from domain.values import Role
from services.api.door.problems import NoSuchPath
from services.web import words
from services.web.forms import Choice, Form, body_of, fields_of
from services.web.inside import Inside, Problem
from services.web.language import Pair
from services.web.person import Person, person_of
from services.web.reading import posted
from services.web.rendering import Rendering, to

CHECK_ACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "record-finding": ("station", "item", "problem"),
    "order-rectification": ("finding", "unit", "requirement", "due_on"),
    "report-rectification": ("finding", "measures"),
    "recheck-rectification": ("finding", "accepted", "opinion", "due_on"),
    "close-spot-check": ("summary",),
}
"""What is done with a check, and the fields of its form; which township and check it is follows from the address."""
_COMMANDS: Final = {
    "record-finding": "RecordFinding",
    "order-rectification": "OrderRectification",
    "report-rectification": "ReportRectification",
    "recheck-rectification": "RecheckRectification",
    "close-spot-check": "CloseSpotCheck",
    "record-inspection": "RecordInspection",
}
_PLACES: Final = ("station", "unit", "stations")


class SupervisionPages:
    """The handlers of /office/spot-checks/{id}/{act}, /office/spot-checks/new and /office/bulletins/issue."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def ask(self, request: Request) -> Response:
        """`GET /office/spot-checks/{id}/{act}?finding=`."""
        act, check = _act(request), await self._check(request)
        finding = request.query_params.get("finding", "")
        values = {"finding": finding, "station": _only(check["stations"]), "unit": _station_of(check, finding)}
        return await self._form(request, act, check["stations"], values, None)

    async def act(self, request: Request) -> Response:
        """`POST /office/spot-checks/{id}/{act}`."""
        act, form, check = _act(request), await posted(request), await self._check(request)
        known = {"township": check["township"], "check_id": check["check_id"]}
        body = {**body_of(_COMMANDS[act], form, names=CHECK_ACTS[act]), **known}
        answer = await self._inside.post(request, f"/api/v1/spot-checks/{act}", body, key=form.get("key"))
        if answer.problem:
            return await self._form(request, act, check["stations"], form.values, answer.problem)
        return to(f"/office/spot-checks/{check['check_id']}")

    async def begin(self, request: Request) -> Response:
        """`GET /office/spot-checks/new`: a round, an inspection, a meeting sat in on."""
        return await self._form(request, "record-inspection", await self._stations(request), {}, None)

    async def begun(self, request: Request) -> Response:
        """`POST /office/spot-checks/new`."""
        form, stations = await posted(request), await self._stations(request)
        body = body_of("RecordInspection", form)
        answer = await self._inside.post(request, "/api/v1/spot-checks/record-inspection", body, key=form.get("key"))
        if answer.problem:
            return await self._form(request, "record-inspection", stations, form.values, answer.problem)
        return to(f"/office/spot-checks/{answer.document['check_id']}")

    async def issue(self, request: Request) -> Response:
        """`POST /office/bulletins/issue`: a bulletin that was drawn up goes out."""
        form = await posted(request)
        body = {"place": form.get("place"), "cycle": "month", "first": form.get("first")}
        answer = await self._inside.post(request, "/api/v1/bulletins/issue-bulletin", body, key=form.get("key"))
        if answer.problem:
            return self._rendering.problem(request, answer.problem, {})
        return to("/office/bulletins")

    # -- shared -------------------------------------------------------------------------------------------------

    async def _form(
        self,
        request: Request,
        act: str,
        stations: Sequence[str | Choice],
        values: Mapping[str, Any],
        problem: Problem | None,
    ) -> Response:
        name, here = _COMMANDS[act], request.url.path
        places = [it if isinstance(it, Choice) else Choice(it, Pair(it, it)) for it in stations]
        choices: dict[str, Sequence[Choice]] = dict.fromkeys(_PLACES, places)
        choices["kind"] = [Choice(kind, Pair(*words.label_of(kind))) for kind in CheckKind if kind != CheckKind.MONTHLY]
        choices["township"] = await self._townships(request) if act == "record-inspection" else []
        fields = fields_of(name, only=CHECK_ACTS.get(act), choices=choices, values=values, problem=problem)
        called = words.command_called(name)
        form = Form(action=here, key=str(uuid4()), fields=fields, problem=problem, said=called)
        context: dict[str, Any] = {
            "called": called, "follows": None, "back": here.rpartition("/")[0], "offline": "", "usual": None,
            "form": form,
        }  # fmt: skip
        person, status = await person_of(self._inside, request), problem.status if problem else 200
        return self._rendering.page(request, "office_act.html", person=person, status=status, **context)

    async def _check(self, request: Request) -> dict[str, Any]:
        found: dict[str, Any] = await self._inside.get(request, f"/api/v1/spot-checks/{request.path_params['id']}")
        return found

    async def _places(self, request: Request, *kinds: str) -> list[Choice]:
        found = await self._inside.get(request, "/api/v1/organisation")
        named = [it for it in found["places"] if it["kind"] in kinds and not it["closed"]]
        return [Choice(it["code"], Pair(it["name"], it["name"])) for it in named]

    async def _stations(self, request: Request) -> list[Choice]:
        """Stations and, where villages have none, villages."""
        return await self._places(request, "station", "village")

    async def _townships(self, request: Request) -> list[Choice]:
        return await self._places(request, "township")


def acts_on(person: Person, check: Mapping[str, Any]) -> frozenset[str]:
    """Which forms are worth showing. The API decides."""
    if check["closed"]:
        return frozenset()
    if person.role in (Role.AUDITOR, Role.COMMITTEE_MEMBER):
        return frozenset(CHECK_ACTS) - {"report-rectification"}
    return frozenset({"report-rectification"} if person.role in (Role.CASE_HANDLER, Role.STATION_LEAD) else ())


def _act(request: Request) -> str:
    """Raises NoSuchPath."""
    act: str = request.path_params["act"]
    if act not in CHECK_ACTS:
        raise NoSuchPath
    return act


def _only(stations: Sequence[str]) -> str:
    return stations[0] if len(stations) == 1 else ""


def _station_of(check: Mapping[str, Any], finding: str) -> str:
    """Where a finding was made: whose it is to put right, as a rule."""
    return next((it["station"] for it in check["findings"] if str(it["finding"]) == finding), "")
