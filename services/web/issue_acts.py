"""A form for every command to a case: made from its description, with what follows; and what comes of sending it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from services.api.door.problems import NoSuchPath
from services.api.office.commands import ISSUE_COMMANDS
from services.web import words
from services.web.choices import choices_of
from services.web.forms import Form, body_of, fields_of
from services.web.inside import Inside, Problem
from services.web.person import person_of
from services.web.reading import Posted, posted
from services.web.rendering import Rendering, to
from services.web.uploads import attached

_LATELY: Final = 3
"""So many of the last events are shown: nobody signs or grants what they have not read."""
_NUMBERS_FOR_IDS: Final = {"into"}
"""Fields in which people write an issue's number, and the command its id."""


class IssueActPages:
    """The handlers of /issues/{number}/{command}."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def ask(self, request: Request) -> Response:
        """`GET /issues/{number}/{command}`: the form; fields may be filled in by the address (`?cause=…`)."""
        name = _command(request)
        looked = await self._inside.look(request, _issue_at(request))
        return await self._form(request, name, looked.document, dict(request.query_params), None, None)

    async def act(self, request: Request) -> Response:
        """`POST /issues/{number}/{command}`."""
        name, form = _command(request), await posted(request)
        number, path = request.path_params["number"], request.path_params["command"]
        taken = await attached(self._inside, request, form, issue=number)
        problem = taken.problem
        if problem is None:
            body = await self._with_ids(request, {**body_of(name, form), **taken.digests})
            at, key, version = f"{_issue_at(request)}/{path}", form.get("key"), form.get("version")
            problem = (await self._inside.post(request, at, body, key=key, version=version)).problem
        if problem is None:
            return to(f"/issues/{number}?done={path}")
        issue = await self._inside.get(request, _issue_at(request))
        return await self._form(request, name, issue, {**form.values, **taken.digests}, problem, form)

    async def _form(
        self,
        request: Request,
        name: str,
        issue: Mapping[str, Any],
        values: Mapping[str, Any],
        problem: Problem | None,
        sent: Posted | None,
    ) -> Response:
        """A form that was refused keeps its key: unless the state has moved on, when it is another request."""
        stale = problem is not None and problem.status == 412
        key = (sent.get("key") if sent and not stale else None) or str(uuid4())
        fields = fields_of(name, choices=await choices_of(self._inside, request), values=values, problem=problem)
        return self._rendering.page(
            request,
            "act.html",
            status=problem.status if problem else 200,
            person=await person_of(self._inside, request),
            issue=issue,
            lately=await self._lately(request),
            called=words.command_called(name),
            follows=words.what_follows(name),
            form=Form(request.url.path, key, fields, issue["version"], problem, words.command_called(name)),
        )

    async def _lately(self, request: Request) -> Sequence[Mapping[str, Any]]:
        """What happened last, for whoever is about to act on it; nothing where that is not told."""
        history = await self._inside.ask(request, f"{_issue_at(request)}/history")
        return () if history.problem else history.document["items"][-_LATELY:]

    async def _with_ids(self, request: Request, body: dict[str, Any]) -> dict[str, Any]:
        """Where people wrote an issue's number, its id; what is no issue of theirs stays, to be refused."""
        for name in _NUMBERS_FOR_IDS & body.keys():
            found = await self._inside.ask(request, f"/api/v1/issues/{body[name].strip().upper()}")
            if not found.problem:
                body[name] = found.document["issue_id"]
        return body


def _command(request: Request) -> str:
    """The class's name. Raises NoSuchPath."""
    kind = ISSUE_COMMANDS.get(request.path_params["command"])
    if kind is None:
        raise NoSuchPath
    return kind.__name__


def _issue_at(request: Request) -> str:
    return f"/api/v1/issues/{request.path_params['number']}"
