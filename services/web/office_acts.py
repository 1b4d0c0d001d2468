"""Forms for what is done about no single case: the visit diary, the liaison register, papers handed in.

A page's address names the command; `/visits/new` is the visit itself, which a phone without a line keeps (its script).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from domain.periods import period_named
from services.api.door.problems import NoSuchPath
from services.api.office.commands import OTHER_COMMANDS
from services.web import words
from services.web.choices import choices_of
from services.web.forms import Choice, Form, body_of, fields_of
from services.web.inside import Inside, Problem
from services.web.person import person_of
from services.web.reading import posted
from services.web.rendering import Rendering, to

_OF_VISIT: Final = (
    "village", "kind", "household", "place", "said", "done", "issues", "occurred_at", "left_at", "companions",
    "next_visit", "priority",
)  # fmt: skip
_USUAL: Final = 6
"""So many fields of a visit are filled in as a rule; the others are folded away."""
_IN_ADDRESS: Final = frozenset({"village", "year", "month", "entry", "place", "cycle", "first", "submission", "owner"})
"""What an address may fill in: nothing of a household."""


@dataclass(frozen=True, slots=True)
class Act:
    """A form. `path`: of the API; `back`: where it leads when it is done; `offline`: what its script calls it."""

    path: str
    back: str
    offline: str = ""

    @property
    def name(self) -> str:
        """The command's class."""
        return OTHER_COMMANDS[self.path].__name__


_SHORT: Final = {
    "visits/new": Act("visits/record-visit", "/visits", "visit"),
    "submissions/hand-in": Act("submissions/hand-in-submission", "/today"),
    "submissions/sign": Act("submissions/sign-hand-in", "/today"),
}
_BACK: Final = {"visits": "/visits", "liaison": "/visits", "submissions": "/today"}


class OfficeActPages:
    """The handlers of /visits/{command}, /liaison/{command} and /submissions/{command}."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def ask(self, request: Request) -> Response:
        """`GET`: the form; `?village=…&month=…&entry=…` says of which visit, `?period=…` of which time."""
        given = {name: value for name, value in request.query_params.items() if name in _IN_ADDRESS}
        return await self._form(request, {**given, **_of_period(request.query_params.get("period"))}, None, None)

    async def act(self, request: Request) -> Response:
        """`POST`."""
        act, form = _act(request), await posted(request)
        body, key = body_of(act.name, form), form.get("key")
        answer = await self._inside.post(request, f"/api/v1/{act.path}", body, key=key)
        if answer.problem:
            return await self._form(request, form.values, answer.problem, key)
        return to(f"{act.back}?done={act.path.rpartition('/')[2]}")

    async def _form(
        self, request: Request, values: Mapping[str, Any], problem: Problem | None, key: str | None
    ) -> Response:
        act, lists = _act(request), await choices_of(self._inside, request)
        only = _OF_VISIT if act.offline == "visit" else None
        given = {name: choices for name, choices in lists.items() if name != "place"}
        started = {"village": _only(lists["village"]), **values}
        return self._rendering.page(
            request,
            "office_act.html",
            status=problem.status if problem else 200,
            person=await person_of(self._inside, request),
            called=words.command_called(act.name),
            follows=words.what_follows(act.name),
            back=act.back,
            offline=act.offline,
            usual=_USUAL if act.offline == "visit" else None,
            form=Form(
                action=request.url.path,
                key=key or str(uuid4()),
                fields=fields_of(act.name, only=only, choices=given, values=started, problem=problem),
                problem=problem,
                said=words.command_called(act.name),
            ),
        )


def _act(request: Request) -> Act:
    """What the address means. Raises NoSuchPath."""
    path = request.url.path.strip("/")
    act = _SHORT.get(path) or Act(path, _BACK.get(path.partition("/")[0], ""))
    if act.path not in OTHER_COMMANDS or not act.back:
        raise NoSuchPath
    return act


def _only(choices: list[Choice] | Any) -> str:
    return choices[0].value if len(choices) == 1 else ""


def _of_period(name: str | None) -> dict[str, str]:
    """`2026-03` as the fields of a command about a period; nothing for what is none."""
    try:
        period = period_named(name or "")
    except ValueError:
        return {}
    return {"cycle": period.cycle.value, "first": period.first.isoformat()}
