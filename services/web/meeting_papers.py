"""What does a meeting need to know of an item? The submission, the case in short, what was deferred and promised.

Made of the issue and its history, as its reader sees them. Called by meetings.py and meeting_items.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request

from services.web.inside import Inside

_SUBMITTED: Final = "issue.submission_prepared"
_SIGNED: Final = "issue.submission_signed"
_PUT_OFF: Final = frozenset({"issue.submission_deferred", "issue.submission_returned"})
_PROMISING: Final = frozenset({"issue.household_notified", "issue.rectification_planned", "issue.promise_missed"})
_QUIET: Final = frozenset({"issue.deadline_reminded", "issue.submission_tabled", "issue.notice_reminded"})
SHOWN_LINES: Final = 8


@dataclass(frozen=True, slots=True)
class Papers:
    """One item's. `submission`: F4's fields as the event holds them, None if nothing was submitted."""

    issue: Mapping[str, Any]
    submission: Mapping[str, Any] | None
    submitted: Mapping[str, Any] | None
    signed: Mapping[str, Any] | None
    put_off: list[Mapping[str, Any]]
    promised: list[Mapping[str, Any]]
    history: list[Mapping[str, Any]]
    earlier: int


async def papers_of(inside: Inside, request: Request, number: str) -> Papers:
    """The papers of an issue, as far as the reader may see them. Raises whatever the API refuses with."""
    issue = await inside.get(request, f"/api/v1/issues/{number}")
    history = (await inside.get(request, f"/api/v1/issues/{number}/history"))["items"]
    submitted = _last(history, _SUBMITTED)
    told = [line for line in history if line["topic"] not in _QUIET]
    return Papers(
        issue=issue,
        submission=submitted and submitted["details"],
        submitted=submitted,
        signed=_last(history, _SIGNED),
        put_off=[line for line in history if line["topic"] in _PUT_OFF],
        promised=[line for line in history if line["topic"] in _PROMISING or line["details"].get("promised_by")],
        history=told[-SHOWN_LINES:],
        earlier=max(0, len(told) - SHOWN_LINES),
    )


def _last(history: list[Mapping[str, Any]], topic: str) -> Mapping[str, Any] | None:
    return next((line for line in reversed(history) if line["topic"] == topic), None)
