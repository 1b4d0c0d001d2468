"""All pages: their routes, and what a refusal looks like to somebody with a browser. Joined by services/api/app.py."""

from collections.abc import Callable, Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from services.api.door.problems import Problem
from services.api.serving import Handler
from services.web.assets import Assets
from services.web.case_pages import case_pages
from services.web.funds import FundPages
from services.web.inside import Inside
from services.web.inside import Problem as Told
from services.web.language import Pair
from services.web.meeting_items import MeetingItemPages
from services.web.meetings import MeetingPages
from services.web.paying import PayingPages
from services.web.rendering import Rendering
from services.web.routing import page
from services.web.signing_in import SigningInPages
from services.web.starting import StartingPage

Shown = Callable[[Scope, Problem], Response]


class Web:
    """The pages of one application. `routed`: the API's routes, which the pages ask; `front`: for whoever is new."""

    def __init__(self, routed: ASGIApp, front: Handler, clock: Callable[[], datetime]) -> None:
        self._front = front
        self._assets = Assets()
        self._inside = Inside(routed)
        self._rendering = Rendering(self._assets, clock)

    def routes(self) -> Sequence[Route]:
        """Every page's."""
        signing_in = SigningInPages(self._inside, self._rendering)
        return [
            page("/", StartingPage(self._inside, self._front).start),
            page("/assets/{name}", self._assets.serve),
            page("/login", signing_in.ask),
            page("/login", signing_in.log_in, "POST"),
            page("/logout", signing_in.log_out, "POST"),
            page("/language", signing_in.choose_language, "POST"),
            page("/post", signing_in.choose_post, "POST"),
            *case_pages(self._inside, self._rendering),
            *_funds(FundPages(self._inside, self._rendering), PayingPages(self._inside, self._rendering)),
            *_meetings(MeetingPages(self._inside, self._rendering), MeetingItemPages(self._inside, self._rendering)),
        ]

    def refusal(self, scope: Scope, problem: Problem) -> Response:
        """A refusal as whoever asked can read it: programs a document, people a page."""
        if not _is_for_people(scope):
            return problem.response()
        error, document = problem.error, problem.document()
        fields = {each.path: Pair(each.zh, each.en) for each in document["errors"]}
        told = Told(problem.status, error.code, Pair(error.zh, error.en), fields)
        return self._rendering.problem(Request(scope), told, problem.headers)


def _funds(funds: FundPages, paying: PayingPages) -> list[Route]:
    return [
        page("/funds", funds.listed),
        page("/funds", funds.set_budget, "POST"),
        page("/funds/to-pay", paying.shown),
        page("/funds/to-pay/{number}/{act}", paying.act, "POST"),
        page("/funds/{id}", funds.shown),
        page("/funds/{id}/{act}", funds.act, "POST"),
    ]


def _meetings(meetings: MeetingPages, items: MeetingItemPages) -> list[Route]:
    one = "/meetings/{id}"
    return [
        page("/meetings", meetings.listed),
        page("/meetings", meetings.convene, "POST"),
        page(one, meetings.shown),
        page(f"{one}/papers", meetings.papers),
        page(f"{one}/minutes", meetings.minutes),
        page(f"{one}/items/{{number}}", items.shown),
        page(f"{one}/items/{{number}}/{{act}}", items.act, "POST"),
        page(f"{one}/{{act}}", meetings.act, "POST"),
    ]


def _is_for_people(scope: Scope) -> bool:
    if scope["path"].startswith(("/api/", "/healthz", "/readyz", "/metrics")):
        return False
    accepted = [value for name, value in scope["headers"] if name == b"accept"]
    return any(b"text/html" in value for value in accepted)
