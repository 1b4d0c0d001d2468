"""One case on one page: where it stands, what was promised, what may be done now, and what happened to it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from services.web import words
from services.web.choices import called, choices_of
from services.web.inside import Answer, Inside
from services.web.life import life_of
from services.web.person import person_of
from services.web.rendering import Rendering

_AT_MEETINGS: Final = frozenset({"decide-submission"})
"""Done on the meeting's own page, with its votes."""
_RUNNING: Final = ("running", "paused")


class IssuePages:
    """The handler of /issues/{number}."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def show(self, request: Request) -> Response:
        """`GET /issues/{number}`; `done`: what was just done to it, by its command's path."""
        person = await person_of(self._inside, request)
        at = f"/api/v1/issues/{request.path_params['number']}"
        issue = await self._inside.get(request, at)
        history, deadlines, owed, actions, related = await self._around(request, at)
        clocks = deadlines.document["clocks"]
        lists = await choices_of(self._inside, request)
        return self._rendering.page(
            request,
            "issue.html",
            person=person,
            issue=issue,
            category=called(lists["category"], issue["category"]),
            steps=life_of(issue["stage"], [line["topic"] for line in history.document["items"]]),
            history=history.document["items"],
            running=[it for it in clocks if it["verdict"] in _RUNNING],
            earlier=[it for it in clocks if it["verdict"] not in _RUNNING],
            owed=owed.document["next"],
            actions=_offered(actions.document["items"]),
            related=None if related.problem else related.document,
            files=issue.get("files", ()),
            done=words.done_in_words(request.query_params.get("done")),
        )

    async def _around(self, request: Request, at: str) -> Sequence[Answer]:
        """Everything else that is told of the case. `related` may be refused: not everybody links cases."""
        asked = (f"{at}/{part}" for part in ("history", "deadlines", "what-next", "actions"))
        certain = (self._inside.look(request, path) for path in asked)
        return await asyncio.gather(*certain, self._inside.ask(request, f"{at}/related"))


def _offered(actions: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    return [
        {
            "called": words.command_called(it["schema"]),
            "address": "/meetings" if it["command"] in _AT_MEETINGS else it["command"],
            "seldom": it["schema"] in words.SELDOM,
        }
        for it in actions
    ]
