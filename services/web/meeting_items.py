"""Pages of one item of a meeting: its papers, who may vote, what is said; decided or disposed of, and on to the next.

Called by app.py. A decision is two commands, votes and decision; each has its key, so that sending twice counts once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound
from domain.issue.words import Outcome
from domain.meeting.words import Disposition
from domain.values import Role
from services.api.door.problems import NoSuchPath
from services.web.inside import Answer, Inside, Problem
from services.web.meeting_papers import papers_of
from services.web.meetings import is_of_committee, waits
from services.web.person import Person, person_of
from services.web.reading import Posted, posted
from services.web.rendering import Rendering, to

_VOTES: Final = ("in_favour", "against", "abstaining")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item stands: before, after, and how many are done."""

    meeting: dict[str, Any]
    item: dict[str, Any]
    items: list[dict[str, Any]]

    @property
    def before(self) -> str | None:
        """The number of the item before it."""
        return self._beside(-1)

    @property
    def after(self) -> str | None:
        """The number of the item after it."""
        return self._beside(1)

    @property
    def following(self) -> str | None:
        """The next item of which nothing became yet, from here on and round again."""
        nth = self.item["nth"]
        round_again = [*self.items[nth:], *self.items[: nth - 1]]
        return next((it["number"] for it in round_again if waits(it)), None)

    @property
    def done(self) -> int:
        """Of how many items something became."""
        return sum(not waits(it) for it in self.items)

    @property
    def address(self) -> str:
        """Where this page is."""
        return f"/meetings/{self.meeting['meeting_id']}/items/{self.item['number']}"

    def _beside(self, step: int) -> str | None:
        nth = self.item["nth"] - 1 + step
        return self.items[nth]["number"] if 0 <= nth < len(self.items) else None


class MeetingItemPages:
    """The handlers of /meetings/{id}/items/{number}."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def shown(self, request: Request) -> Response:
        """`GET /meetings/{id}/items/{number}`."""
        return await self._show(request)

    async def act(self, request: Request) -> Response:
        """`POST /meetings/{id}/items/{number}/{act}`."""
        act, form = request.path_params["act"], await posted(request)
        acting = {
            "decide": self._decide,
            "dispose": self._dispose,
            "record-point": self._point,
            "declare-interest": self._declare,
        }.get(act)
        if acting is None:
            raise NoSuchPath
        place = await self._place(request)
        answer = await acting(request, place, form)
        if answer.problem:
            return await self._show(request, answer.problem, form, answer.status)
        return to(self._onward(place, form) if act in ("decide", "dispose") else place.address)

    def _onward(self, place: _Place, form: Posted) -> str:
        meeting = f"/meetings/{place.meeting['meeting_id']}"
        following = place.following
        if form.get("then") == "stay" or following is None:
            return place.address if form.get("then") == "stay" else meeting
        return f"{meeting}/items/{following}"

    # -- acting -------------------------------------------------------------------------------------------------

    async def _decide(self, request: Request, place: _Place, form: Posted) -> Answer:
        """The votes, where people vote, and then the decision; of every item of the cause, if that is ticked."""
        together = form.get("together") == "true"
        numbers = {place.item["number"], *(place.item["shares_cause"] if together else ())}
        items = [it["issue_id"] for it in place.items if it["number"] in numbers]
        outcome = form.get("outcome")
        if voters := form.all("voter"):
            votes = {name: [who for who in voters if form.get(f"vote-{who}") == name] for name in _VOTES}
            counted = {"items": items, "proposal": outcome, **votes}
            answer = await self._of_meeting(request, "record-votes", place, counted, form.get("votes_key"))
            if answer.problem:
                return answer
        said = {"outcome": outcome, "reasons": form.get("reasons")}
        if together:
            body = {"cause": place.item["cause"], **_given(said)}
            return await self._of_meeting(request, "decide-together", place, body, form.get("key"))
        if outcome == Outcome.APPROVED:
            said["subsidy"] = (form.get("subsidy") or "").replace(",", "").replace("，", "") or None
        body = {"meeting_id": place.meeting["meeting_id"], **_given(said)}
        path = f"/api/v1/issues/{place.item['number']}/decide-submission"
        return await self._inside.post(request, path, body, key=form.get("key"), version=form.get("version"))

    async def _dispose(self, request: Request, place: _Place, form: Posted) -> Answer:
        names = ("disposition", "due_on", "department")
        said = {name: form.get(name) for name in names}
        if said["disposition"] != Disposition.DEPARTMENT:
            said["department"] = None
        body = {"item": place.item["issue_id"], **_given(said)}
        return await self._of_meeting(request, "dispose-item", place, body, form.get("key"))

    async def _point(self, request: Request, place: _Place, form: Posted) -> Answer:
        body = {"item": place.item["issue_id"], **_given({"point": form.get("point")})}
        return await self._of_meeting(request, "record-point", place, body, form.get("key"))

    async def _declare(self, request: Request, place: _Place, form: Posted) -> Answer:
        body = {"item": place.item["issue_id"]}
        return await self._of_meeting(request, "declare-interest", place, body, form.get("key"))

    async def _of_meeting(
        self, request: Request, act: str, place: _Place, body: Mapping[str, Any], key: str | None
    ) -> Answer:
        known = {"township": place.meeting["township"], "meeting_id": place.meeting["meeting_id"]}
        return await self._inside.post(request, f"/api/v1/meetings/{act}", {**known, **body}, key=key)

    # -- showing ------------------------------------------------------------------------------------------------

    async def _show(
        self, request: Request, problem: Problem | None = None, form: Posted | None = None, status: int = 200
    ) -> Response:
        person, place = await person_of(self._inside, request), await self._place(request)
        papers = await papers_of(self._inside, request, place.item["number"])
        choices = {} if is_of_committee(place.meeting) else await self._inside.get(request, "/api/v1/me/choices")
        context: dict[str, Any] = {
            "place": place, "meeting": place.meeting, "item": place.item, "papers": papers, "problem": problem,
            "values": form.values if form else {}, "new_key": uuid4, "outcomes": list(Outcome),
            "dispositions": list(Disposition), "departments": choices.get("departments", []),
            "may": _may(person, place), "of_committee": is_of_committee(place.meeting),
        }  # fmt: skip
        return self._rendering.page(request, "meeting_item.html", person=person, status=status, **context)

    async def _place(self, request: Request) -> _Place:
        """Raises NotFound for an item that is on no agenda that the reader may know of."""
        meeting = await self._inside.get(request, f"/api/v1/meetings/{request.path_params['id']}")
        path = f"/api/v1/meetings/{meeting['meeting_id']}/items"
        found = await self._inside.get(request, path, number=request.path_params["number"])
        if not found["items"]:
            raise NotFound
        return _Place(meeting, found["items"][0], meeting["items"])


def _given(said: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in said.items() if value}


def _may(person: Person, place: _Place) -> frozenset[str]:
    """Which forms are worth showing. The API decides."""
    meeting, item = place.meeting, place.item
    if not waits(item) or person.name not in meeting["present"] or meeting["phase"] != "open":
        early = is_of_committee(meeting) and person.role is Role.COMMITTEE_MEMBER and waits(item)
        return frozenset({"declare-interest"} if early and meeting["phase"] == "drawn" else ())
    if not is_of_committee(meeting):
        return frozenset({"record-point", "dispose"})
    free = {"declare-interest"} if person.name not in item["recused"] else set()
    in_chair = meeting["chair"] == person.name or meeting["rules"]["decision_rule"] != "chair"
    decides = {"decide"} if in_chair and item["stage"] == "committee" else set()
    return frozenset({"record-point", *free, *decides})
