"""An issue step by step, and the ledger as it was: what it looked like then, and what changed since. For auditors.

Works as plain forms; with htmx the slider moves what it shows. Called by audit_pages.py.
"""

from datetime import date
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from services.audit.field_names import name_of
from services.web.inside import Inside
from services.web.language import Pair
from services.web.person import person_of
from services.web.rendering import Rendering, to

_END_OF_DAY: Final = "T23:59:59+08:00"
_TIMES: Final = ("as_of", "known_at", "against_as_of", "against_known_at")


class TimePages:
    """The handlers of /audit/issues and /audit/ledger."""

    def __init__(self, inside: Inside, rendering: Rendering) -> None:
        self._inside = inside
        self._rendering = rendering

    async def chosen(self, request: Request) -> Response:
        """`GET /audit/issues?number=`: on to that issue."""
        number = request.query_params.get("number", "").strip().upper()
        return to(f"/audit/issues/{number}" if number.replace("-", "").isalnum() else "/audit")

    async def issue(self, request: Request) -> Response:
        """`GET /audit/issues/{number}?at=&since=`: after the event `at`; what changed since the event `since`."""
        number, person = request.path_params["number"], await person_of(self._inside, request)
        replay = await self._inside.get(request, f"/api/v1/issues/{number}/replay")
        steps: list[dict[str, Any]] = replay["steps"]
        at = _within(request.query_params.get("at"), len(steps), len(steps))
        since = _within(request.query_params.get("since"), len(steps), max(at - 1, 1))
        path = f"/api/v1/issues/{number}/difference"
        changed = await self._inside.get(request, path, from_version=since, to_version=at)
        context: dict[str, Any] = {
            "number": number, "steps": steps, "at": at, "since": since, "step": steps[at - 1], "changed": changed,
            "named": _named,
        }  # fmt: skip
        return self._rendering.page(request, "audit_issue.html", person=person, **context)

    async def ledger(self, request: Request) -> Response:
        """`GET /audit/ledger?village=&as_of=&known_at=&against_as_of=&against_known_at=&after=`: days."""
        person, given = await person_of(self._inside, request), request.query_params
        asked = {name: _day(given.get(name)) for name in _TIMES}
        village = given.get("village") or None
        found = None
        if any(asked.values()):
            times = {name: f"{day}{_END_OF_DAY}" if day else None for name, day in asked.items()}
            path = "/api/v1/ledgers/issues/difference"
            found = await self._inside.get(request, path, village=village, after=given.get("after"), **times)
        days = await self._inside.get(request, "/api/v1/ledgers/issues/days", village=village, limit=60)
        choices = await self._inside.get(request, "/api/v1/me/choices")
        context: dict[str, Any] = {
            "asked": asked, "village": village, "villages": choices["villages"], "found": found, "days": days["days"],
            "named": _named,
        }  # fmt: skip
        return self._rendering.page(request, "audit_ledger.html", person=person, **context)


def _named(field: str) -> Pair:
    """What a field of an issue's state or row is called."""
    return Pair(*name_of(field))


def _within(given: str | None, most: int, usual: int) -> int:
    """Which event somebody asks for, if there is one of that number."""
    wanted = int(given) if given and given.isascii() and given.isdecimal() and len(given) < 6 else usual
    return min(max(wanted, 1), most)


def _day(given: str | None) -> str | None:
    """A day as a browser writes it; nothing for anything else."""
    try:
        return date.fromisoformat(given or "").isoformat()
    except ValueError:
        return None
