"""The visit diary of one's villages, what is done about a visit, and the liaison register's forms."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from domain.permissions import roles_for
from services.api.office.commands import OTHER_COMMANDS
from services.web import words
from services.web.choices import choices_of
from services.web.inside import Inside
from services.web.person import Person, person_of
from services.web.rendering import Rendering

_PAGE: Final = 25
_OF_ENTRY: Final = ("visits/collect-opinions", "visits/register-hazard", "visits/correct-visit", "visits/strike-visit")
_REGISTER: Final = (
    "liaison/list-priority-household", "liaison/strike-priority-household", "liaison/agree-help-plan",
    "liaison/promise-measure", "liaison/record-measure-done", "liaison/end-help-plan",
    "liaison/record-difficulty-solved", "liaison/enter-book", "liaison/issue-contact-card", "liaison/deliver-cards",
)  # fmt: skip
_BOOKS: Final = ("coverage", "attendance", "priority", "promises", "opinions", "hazards", "books", "cards")


class VisitPages:
    """The handler of /visits."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def show(self, request: Request) -> Response:
        """`GET /visits`: by village and period, a page at a time."""
        person = await person_of(self._inside, request)
        asked = {key: value for key in ("village", "period", "cursor") if (value := request.query_params.get(key))}
        found = await self._inside.get(request, "/api/v1/ledgers/visits", limit=_PAGE, **asked)
        lists = await choices_of(self._inside, request)
        return self._rendering.page(
            request,
            "visits.html",
            person=person,
            found=found,
            asked=asked,
            villages=lists["village"],
            following=urlencode({**asked, "cursor": found["next"]}) if found["next"] else None,
            of_entry=_acts(_OF_ENTRY, person),
            register=_acts(_REGISTER, person),
            may_record=person.role in roles_for("RecordVisit"),
            books=_BOOKS,
            done=words.done_in_words(request.query_params.get("done")),
        )


def _acts(paths: Sequence[str], person: Person) -> list[dict[str, Any]]:
    """Those that this person's role may ask for."""
    named = [(path, OTHER_COMMANDS[path].__name__) for path in paths]
    return [
        {"address": f"/{path}", "called": words.command_called(name)}
        for path, name in named
        if person.role in roles_for(name)
    ]
