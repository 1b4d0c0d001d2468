"""Logging an issue in under a minute: the form, what looks like it before it is sent, and the receipt afterwards.

Works in one step where nothing looks alike, in two where something does; a phone without a line keeps it (its script).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from services.web.choices import choices_of
from services.web.forms import Choice, Form, FormField, body_of, fields_of
from services.web.inside import Answer, Inside, Problem
from services.web.language import Pair
from services.web.person import person_of
from services.web.qr import qr_of
from services.web.reading import Posted, posted
from services.web.rendering import Rendering
from services.web.uploads import attached

_FIRST: Final = ("village", "channel", "description", "category", "place", "photos", "household")
_MORE: Final = ("title", "promised_by", "repeats", "concerns", "occurred_at")
_TOLD_OF: Final = ("village", "category", "title", "description", "place", "household")
CHANNEL_COOKIE: Final = "huiyin-channel"
"""How the last one came: no secret; only what the form starts with."""
_A_YEAR: Final = 31_536_000  # s


@dataclass(frozen=True, slots=True)
class _Draft:
    """The form as it was filled in so far."""

    values: Mapping[str, Any]
    key: str
    problem: Problem | None = None
    hints: Mapping[str, Any] | None = None


class NewIssuePages:
    """The handlers of /issues/new."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def ask(self, request: Request) -> Response:
        """`GET /issues/new`."""
        started = {"channel": request.cookies.get(CHANNEL_COOKIE, "visit")}
        return await self._form(request, _Draft(started, str(uuid4())))

    async def log(self, request: Request) -> Response:
        """`POST /issues/new`. Its answer is the receipt: the code stands in no address, and sending twice logs once."""
        form = await posted(request)
        body, key = body_of("LogIssue", form), form.get("key") or str(uuid4())
        matter = {"village": body.get("village"), "household": body.get("household")}
        taken = await attached(self._inside, request, form, **matter)
        draft = _Draft({**form.values, **taken.digests}, key, taken.problem)
        if taken.problem is None and (form.get("suggest") or not form.get("checked")):
            draft = replace(draft, hints=await self._hints(request, body))
        if draft.problem or form.get("suggest") or (draft.hints and draft.hints["duplicates"]):
            return await self._form(request, draft)
        answer = await self._inside.post(request, "/api/v1/issues", {**body, **taken.digests}, key=key)
        if answer.problem:
            return await self._form(request, replace(draft, problem=answer.problem))
        return await self._receipt(request, answer, form)

    async def _hints(self, request: Request, body: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What it may be the same as, and which category fits; None if nothing can be said of it yet."""
        told = {name: body[name] for name in _TOLD_OF if name in body}
        answer = await self._inside.post(request, "/api/v1/suggestions", told)
        return None if answer.problem else answer.document

    async def _form(self, request: Request, draft: _Draft) -> Response:
        person, lists = await person_of(self._inside, request), await choices_of(self._inside, request)
        values = {**_only_village(lists), **_likely(draft.hints), **draft.values}
        fields = {
            each.name: _big(each)
            for each in fields_of(
                "LogIssue", only=(*_FIRST, *_MORE), choices=lists, values=values, problem=draft.problem
            )
        }
        status = draft.problem.status if draft.problem else 200
        return self._rendering.page(
            request,
            "new_issue.html",
            status=status,
            person=person,
            first=[fields[name] for name in _FIRST],
            more=[fields[name] for name in _MORE],
            more_open=any(values.get(name) for name in _MORE),
            hints=draft.hints,
            form=Form("/issues/new", draft.key, (), problem=draft.problem, said=Pair("登记", "Log it")),
        )

    async def _receipt(self, request: Request, answer: Answer, form: Posted) -> Response:
        done, person = answer.document, await person_of(self._inside, request)
        address = self._rendering.on_paper(request, f"/r/{done['receipt_code']}")
        response = self._rendering.page(
            request,
            "logged.html",
            status=answer.status,
            person=person,
            done=done,
            address=address,
            code=qr_of(address),
            kept=bool(form.get("household")),
            headers={"Cache-Control": "no-store"},
        )
        if channel := form.get("channel"):
            response.set_cookie(CHANNEL_COOKIE, channel, max_age=_A_YEAR, path="/", samesite="lax", httponly=True)
        return response


def _only_village(lists: Mapping[str, Sequence[Choice]]) -> dict[str, str]:
    villages = lists["village"]
    return {"village": villages[0].value} if len(villages) == 1 else {}


def _likely(hints: Mapping[str, Any] | None) -> dict[str, str]:
    """The category that fits best, unless they have chosen one."""
    fits = hints["categories"] if hints else ()
    return {"category": fits[0]["category"]} if fits else {}


def _big(field: FormField) -> FormField:
    """Categories are chosen by a thumb, not from a list that hides them."""
    return replace(field, kind="buttons") if field.name == "category" else field
