"""What may be the same matter, what may share a cause, which category may fit? Suggested with the reason, never done.

For whoever may link issues, or log them, within their own scope. Complaints about officials are likened to nothing.
"""

from collections.abc import Collection
from functools import partial
from operator import attrgetter
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound, RoleNotAllowed
from domain.issue.decisions.whole_case import BEFORE_COMMITTEE
from domain.issue.words import OPEN_STAGES, UNANSWERED_STAGES
from domain.organisation.words import PlaceKind
from domain.permissions import roles_for
from domain.plan import Plan
from domain.values import HouseholdId, Key, Line, Role, Text, VillageCode
from projections import nearby
from services.api.accounts.people import People, as_reader
from services.api.door.answers import answer, list_of
from services.api.door.bodies import Body, body_of
from services.api.door.problems import NotVisibleYet
from services.api.door.queries import Query, query_of
from services.api.door.threads import Threads
from services.api.office.numbers import issue_id_in_scope
from services.api.parts import ApiParts
from services.identity.accounts import Account, OutsideScope
from services.persistence.scope import Scope
from services.suggestions.categories import Likely
from services.suggestions.common_causes import CommonCause
from services.suggestions.desk import Related
from services.suggestions.duplicates import Duplicate
from services.suggestions.matters import Matter

READERS: Final = roles_for("LinkCommonCause") | roles_for("MergeIssue")
DRAFTERS: Final = roles_for("LogIssue") - {Role.HOUSEHOLD}


class AskSuggestions(Body):
    """登记前的提示 What the form holds before it is sent."""

    village: VillageCode
    category: Key | None = None
    title: Line | None = None
    description: Text
    place: Line | None = None
    household: HouseholdId | None = None


class SuggestionDoor:
    """The handlers of both."""

    def __init__(self, parts: ApiParts, people: People, threads: Threads) -> None:
        self._parts = parts
        self._people = people
        self._threads = threads

    async def related(self, request: Request) -> Response:
        """`GET /api/v1/issues/{number}/related`."""
        account = await self._allowed(request, READERS)
        query_of(request, Query)
        return await self._threads.run(partial(self._related, account, request.path_params["number"]))

    async def for_draft(self, request: Request) -> Response:
        """`POST /api/v1/suggestions`: in a body, lest words stand in an address. Writes nothing but looks."""
        account = await self._allowed(request, DRAFTERS)
        asked = await body_of(request, AskSuggestions, self._parts.limits)
        return await self._threads.run(partial(self._for_draft, account, asked))

    async def _allowed(self, request: Request, roles: frozenset[Role]) -> Account:
        account = await self._people.case_reader(request)
        if account.role not in roles:
            raise RoleNotAllowed
        return account

    # -- in a thread --------------------------------------------------------------------------------------------

    def _related(self, account: Account, number: str) -> Response:
        casework = self._parts.casework
        issue = casework.issue(issue_id_in_scope(casework, account, number))
        if issue is None or not account.covers(issue.village, issue.department) or issue.concerns in account.barred:
            raise NotFound
        with self._parts.reading(Scope.of(account)) as connection:
            line = nearby.one(connection, number)
            if line is None:
                raise NotVisibleYet
            found = self._parts.suggestions.related(connection, as_reader(account), line, self._near(issue.village))
        return answer({"number": number, **_shown(account, found)})

    def _for_draft(self, account: Account, asked: AskSuggestions) -> Response:
        if not account.covers_village(asked.village):
            raise OutsideScope
        desk, given = self._parts.suggestions, asked.model_dump()
        with self._parts.reading(Scope.of(account)) as connection:
            near = self._near(asked.village)
            found = desk.for_draft(connection, as_reader(account), given, self._parts.clock(), near)
        plan = self._plan(asked.village)
        likely = desk.categories(f"{asked.title or ''}\n{asked.description}", plan.categories)
        fits = {"categories": [_fitting(each, plan) for each in likely], "learned_from": desk.learned_from()}
        return answer({**fits, **_shown(account, found)})

    def _near(self, village: str) -> Collection[str]:
        """The villages of the same station, or this one alone; whose issues are seen of them, the scope says."""
        organisation = self._parts.directory.organisation()
        station = organisation.within(village, PlaceKind.STATION)
        return {village} | (organisation.villages_under(station.code) if station else set())

    def _plan(self, village: str) -> Plan:
        found = self._parts.directory.village(village)
        return self._parts.plans().in_force(self._parts.clock(), found.township if found else None)


# -- what is shown ----------------------------------------------------------------------------------------------------


def _shown(account: Account, found: Related) -> dict[str, Any]:
    return {
        "duplicates": [_same(account, found.matter, each) for each in found.duplicates],
        "common_causes": [_cause(account, found.matter, each) for each in found.common_causes],
        "compared": found.compared,
    }


def _same(account: Account, matter: Matter, found: Duplicate) -> dict[str, Any]:
    return {
        **_named(found.other),
        "wording": round(found.alike, 2),
        "zh": found.reason.zh,
        "en": found.reason.en,
        "suggests": _merging(matter, found.other) if matter.issue else _repeating(found.other),
        "may": matter.issue is None or account.role in roles_for("MergeIssue"),
    }


def _named(matter: Matter) -> dict[str, Any]:
    issue = matter.issue
    plain = ("number", "village", "category", "stage", "logged_at", "cause")
    return {**{name: getattr(issue, name) for name in plain}, "title": matter.title}


def _merging(matter: Matter, other: Matter) -> dict[str, Any] | None:
    """The later one joins the earlier one, if both still stand where that can be; else nothing."""
    if matter.issue is None or other.issue is None:
        return None
    earlier, later = sorted((matter.issue, other.issue), key=attrgetter("logged_at", "number"))
    if later.stage not in BEFORE_COMMITTEE or earlier.stage not in UNANSWERED_STAGES:
        return None
    body = {"into": earlier.issue_id}
    return {"command": "merge-issue", "number": later.number, "version": later.version, "body": body}


def _repeating(other: Matter) -> dict[str, Any]:
    """Before it is logged: that it repeats the earlier one, a field of LogIssue."""
    return {"command": "issues", "body": {"repeats": other.issue and other.issue.number}}


def _cause(account: Account, matter: Matter, found: CommonCause) -> dict[str, Any]:
    can = matter.issue is not None and matter.stage in OPEN_STAGES and matter.issue.cause != found.cause
    linking: dict[str, Any] = {"command": "link-common-cause", "body": {"cause": found.cause}}
    if matter.issue is not None:
        linking |= {"number": matter.issue.number, "version": matter.issue.version}
    return {
        "topic": found.topic,
        "zh": found.reason.zh,
        "en": found.reason.en,
        "issues": [_named(other) for other in found.others],
        "count": found.count,
        "village_only": found.village_only,
        "linked_already": found.is_linked,
        "suggests": linking if can else None,
        "may": account.role in roles_for("LinkCommonCause"),
    }


def _fitting(likely: Likely, plan: Plan) -> dict[str, Any]:
    title = plan.categories[likely.category]
    words = "、".join(likely.because)
    return {
        "category": likely.category,
        "title": {"zh": title.zh, "en": title.en},
        "because": list(likely.because),
        "zh": f"文字中有：{words}" if words else "按用语判断",
        "en": f"It mentions: {', '.join(likely.because)}" if words else "By its wording",
    }


_TEXT: Final = {"type": "string"}
_TEXT_OR_NONE: Final = {"type": ["string", "null"]}
_NUMBER: Final = {"type": "integer"}
_FLAG: Final = {"type": "boolean"}
_SUGGESTS: Final = {
    "type": ["object", "null"],
    "description": "command, body and, on an issue, its number and version; null: nothing to be done now",
}
_ISSUE: Final = {
    **dict.fromkeys(("number", "village", "category", "stage"), _TEXT),
    "logged_at": {"type": "string", "format": "date-time"},
    "cause": _TEXT_OR_NONE,
    "title": _TEXT_OR_NONE,
}
_REASON: Final = {"zh": _TEXT, "en": _TEXT}
_MAY: Final = {**_FLAG, "description": "whether the reader's role may ask for it"}
_RELATED: Final = {
    "duplicates": list_of(
        **_ISSUE, **_REASON, wording={"type": "number", "minimum": 0, "maximum": 1}, suggests=_SUGGESTS, may=_MAY
    ),
    "common_causes": list_of(
        topic=_TEXT, **_REASON, issues=list_of(**_ISSUE), count=_NUMBER, village_only=_FLAG, linked_already=_FLAG,
        suggests=_SUGGESTS, may=_MAY,
    ),
    "compared": {**_NUMBER, "description": "issues within the reader's scope that were looked at"},
}  # fmt: skip
_FITTING: Final = {
    "category": _TEXT,
    "title": {"type": "object", "properties": _REASON},
    "because": {"type": "array", "items": _TEXT, "description": "the draft's own words that counted most"},
    **_REASON,
}
SUGGESTION_SCHEMAS: Final[dict[str, Any]] = {
    "AskSuggestions": AskSuggestions.model_json_schema(),
    "Related": {"type": "object", "properties": {"number": _TEXT, **_RELATED}},
    "Suggestions": {
        "type": "object",
        "properties": {"categories": list_of(**_FITTING), "learned_from": _NUMBER, **_RELATED},
    },
}
