"""Pages of meetings: which there are, one with its agenda and who is there, its papers for print, its minutes.

What people do with items stands in meeting_items.py. Called by app.py.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from domain.meeting.words import OF_COMMITTEE, AbsenceReason, LateItems, MeetingKind, SpecialReason
from domain.values import Role
from services.api.door.problems import NoSuchPath
from services.web.inside import Answer, Inside, Problem
from services.web.meeting_papers import papers_of
from services.web.person import Person, person_of
from services.web.reading import Posted, posted
from services.web.rendering import Rendering, to

_FIELD: Final = frozenset({Role.CASE_HANDLER, Role.STATION_LEAD})
_ACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "sign-in": (),
    "excuse-member": ("member", "reason"),
    "open-meeting": (),
    "fail-meeting": (),
    "record-point": ("point",),
    "close-meeting": (),
    "confirm-minutes": (),
    "add-item": (),
}
"""What a button of a meeting's page does, and which fields its form has."""
PRINTED: Final = 40
"""Papers of so many items are on one page for print."""
_AT_ONCE: Final = 4


class MeetingPages:
    """The handlers of /meetings and of a meeting as a whole."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def listed(self, request: Request) -> Response:
        """`GET /meetings`."""
        return await self._list(request)

    async def convene(self, request: Request) -> Response:
        """`POST /meetings`: a special meeting for the issues that are named by their numbers."""
        form = await posted(request)
        numbers = (form.get("items") or "").replace(",", " ").replace("，", " ").split()
        found = [await self._inside.get(request, f"/api/v1/issues/{number}") for number in numbers[:50]]
        choices = await self._inside.get(request, "/api/v1/me/choices")
        townships = sorted({village["township"] for village in choices["villages"]})
        body = {
            "township": form.get("township") or (townships[0] if townships else ""),
            "reason": form.get("reason"),
            "items": [issue["issue_id"] for issue in found],
        }
        answer = await self._inside.post(request, "/api/v1/meetings/convene-meeting", body, key=form.get("key"))
        if answer.problem:
            return await self._list(request, answer.problem, form, answer.status)
        return to(f"/meetings/{answer.document['meeting_id']}")

    async def shown(self, request: Request) -> Response:
        """`GET /meetings/{id}`."""
        return await self._show(request)

    async def act(self, request: Request) -> Response:
        """`POST /meetings/{id}/{act}`: whatever is done with the meeting as a whole."""
        act, form = request.path_params["act"], await posted(request)
        if act not in _ACTS:
            raise NoSuchPath
        meeting = await self._meeting(request)
        body: dict[str, Any] = {name: form.get(name) for name in _ACTS[act] if form.get(name)}
        if act == "close-meeting":
            body["carried_over"] = form.all("carried_over")
        if act == "add-item":
            named = await self._inside.ask(request, f"/api/v1/issues/{quote(form.get('number') or '-', safe='')}")
            if named.problem:
                return await self._show(request, named.problem, named.status)
            body["item"] = named.document["issue_id"]
        answer = await self._post(request, act, meeting, body, form)
        if answer.problem:
            return await self._show(request, answer.problem, answer.status)
        return to(f"/meetings/{meeting['meeting_id']}")

    async def papers(self, request: Request) -> Response:
        """`GET /meetings/{id}/papers`: the agenda with all papers, each item on a page of its own, for print."""
        person, meeting = await person_of(self._inside, request), await self._meeting(request)
        after = request.query_params.get("after", "0")
        path = f"/api/v1/meetings/{meeting['meeting_id']}/items"
        page = await self._inside.get(request, path, after=after, limit=PRINTED)
        papers = [await papers_of(self._inside, request, item["number"]) for item in page["items"]]
        shown = {"meeting": meeting, "pairs": list(zip(page["items"], papers, strict=True)), "next": page["next"]}
        return self._rendering.page(request, "meeting_papers.html", person=person, **shown)

    async def minutes(self, request: Request) -> Response:
        """`GET /meetings/{id}/minutes`."""
        person, meeting = await person_of(self._inside, request), await self._meeting(request)
        minutes = await self._inside.get(request, f"/api/v1/meetings/{meeting['meeting_id']}/minutes")
        return self._rendering.page(request, "meeting_minutes.html", person=person, meeting=meeting, minutes=minutes)

    # -- shared -------------------------------------------------------------------------------------------------

    async def _list(
        self, request: Request, problem: Problem | None = None, form: Posted | None = None, status: int = 200
    ) -> Response:
        person = await person_of(self._inside, request)
        kind = request.query_params.get("kind")
        kind = kind if kind in set(MeetingKind) else None
        cursor = request.query_params.get("cursor") if form is None else None
        over = await self._inside.get(request, "/api/v1/meetings", over=True, limit=30, cursor=cursor, kind=kind)
        coming: dict[str, Any] = {"items": []}
        if cursor is None:
            coming = await self._inside.get(request, "/api/v1/meetings", over=False, limit=50, kind=kind)
        context: dict[str, Any] = {
            "coming": coming["items"], "over": over, "kind": kind, "kinds": list(MeetingKind), "problem": problem,
            "values": form.values if form else {}, "key": uuid4(), "reasons": list(SpecialReason),
            "may_convene": person.role is Role.COMMITTEE_MEMBER,
        }  # fmt: skip
        return self._rendering.page(request, "meetings.html", person=person, status=status, **context)

    async def _show(self, request: Request, problem: Problem | None = None, status: int = 200) -> Response:
        person, meeting = await person_of(self._inside, request), await self._meeting(request)
        items = await all_items(self._inside, request, meeting["meeting_id"])
        context: dict[str, Any] = {
            "meeting": meeting, "items": items, "left": left_of(meeting, items), "problem": problem,
            "may": _may(person, meeting), "absences": list(AbsenceReason), "new_key": uuid4,
        }  # fmt: skip
        return self._rendering.page(request, "meeting.html", person=person, status=status, **context)

    async def _meeting(self, request: Request) -> dict[str, Any]:
        found: dict[str, Any] = await self._inside.get(request, f"/api/v1/meetings/{request.path_params['id']}")
        return found

    async def _post(
        self, request: Request, act: str, meeting: Mapping[str, Any], body: Mapping[str, Any], form: Posted
    ) -> Answer:
        whole = {"township": meeting["township"], "meeting_id": meeting["meeting_id"], **body}
        return await self._inside.post(request, f"/api/v1/meetings/{act}", whole, key=form.get("key"))


async def all_items(inside: Inside, request: Request, meeting_id: str) -> list[dict[str, Any]]:
    """Every item that the reader may know of, in the agenda's order."""
    path, items, after = f"/api/v1/meetings/{meeting_id}/items", list[dict[str, Any]](), 0
    for _ in range(_AT_ONCE):
        page = await inside.get(request, path, limit=200, after=after)
        items.extend(page["items"])
        if page["next"] is None:
            break
        after = page["next"]
        await asyncio.sleep(0)
    return items


def waits(item: Mapping[str, Any]) -> bool:
    """Whether nothing became of an item yet."""
    return not (item["outcome"] or item["disposition"])


def left_of(meeting: Mapping[str, Any], items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items that go to the next meeting if this one is closed now: nothing became of them, and they still wait."""
    over = {"closed", "settled", "withdrawn", "merged", "split"}
    if is_of_committee(meeting):
        return [item for item in items if waits(item) and item["stage"] == "committee"]
    return [item for item in items if waits(item) and item["stage"] not in over]


def is_of_committee(meeting: Mapping[str, Any]) -> bool:
    """Whether it decides submissions; the others dispose of open issues."""
    return meeting["kind"] in OF_COMMITTEE


def _may(person: Person, meeting: Mapping[str, Any]) -> frozenset[str]:
    """Which buttons are worth showing: what would not be refused for phase, place or person. The API decides."""
    role, phase, name = person.role, meeting["phase"], person.name
    serves = role is Role.COMMITTEE_MEMBER or (role in _FIELD and not is_of_committee(meeting))
    if meeting["rules"] is None or not serves:
        return frozenset()
    present = name in meeting["present"]
    enough = len(meeting["present"]) >= meeting["quorum"]
    found = {
        "sign-in": phase in ("drawn", "open") and not present,
        "excuse-member": phase in ("drawn", "open"),
        "open-meeting": phase == "drawn" and present and enough,
        "fail-meeting": phase == "drawn" and present and not enough,
        "record-point": phase == "open" and present,
        "close-meeting": phase == "open" and present,
        "confirm-minutes": phase == "closed" and not meeting["confirmed"] and name in meeting["may_confirm"],
        "decide": phase == "open" and present,
        "add-item": phase == "drawn" and meeting["rules"]["late_items"] == LateItems.URGENT_BY_CHAIR,
    }
    return frozenset(act for act, possible in found.items() if possible)
