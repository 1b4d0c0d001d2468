"""All pages: their routes, and what a refusal looks like to somebody with a browser. Joined by services/api/app.py."""

from collections.abc import Callable, Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from services.api.door.problems import Problem
from services.web.appraisal import AppraisalPages
from services.web.assets import Assets
from services.web.audit_pages import audit_pages
from services.web.case_pages import case_pages
from services.web.dashboards import DashboardPages
from services.web.inside import Inside
from services.web.inside import Problem as Told
from services.web.language import Pair
from services.web.office_pages import office_pages
from services.web.offline import OfflinePages
from services.web.public_pages import public_pages
from services.web.rendering import Rendering
from services.web.routing import page

Shown = Callable[[Scope, Problem], Response]


class Web:
    """The pages of one application. `routed`: the API's routes, which pages ask; `public_url`: where it is found."""

    def __init__(self, routed: ASGIApp, clock: Callable[[], datetime], public_url: str | None = None) -> None:
        self._assets = Assets()
        self._inside = Inside(routed)
        self._rendering = Rendering(self._assets, clock, public_url)

    def routes(self) -> Sequence[Route]:
        """Every page's."""
        parts = self._inside, self._rendering
        offline = OfflinePages(*parts, self._assets)
        return [
            page("/assets/{name}", self._assets.serve),
            *public_pages(*parts),
            *case_pages(*parts),
            *office_pages(*parts),
            *audit_pages(*parts),
            page("/dashboard", DashboardPages(*parts).show),
            page("/dashboard/appraisal", AppraisalPages(*parts).accounts),
            page("/dashboard/appraisal/marks", AppraisalPages(*parts).marks),
            page("/sw.js", offline.worker),
            page("/huiyin.{language}.webmanifest", offline.manifest),
            page("/offline", offline.page),
        ]

    def refusal(self, scope: Scope, problem: Problem) -> Response:
        """A refusal as whoever asked can read it: programs a document, people a page."""
        if not _is_for_people(scope):
            return problem.response()
        error, document = problem.error, problem.document()
        fields = {each.path: Pair(each.zh, each.en) for each in document["errors"]}
        wait = problem.headers.get("Retry-After")
        told = Told(problem.status, error.code, Pair(error.zh, error.en), fields, int(wait) if wait else None)
        return self._rendering.problem(Request(scope), told, problem.headers)


def _is_for_people(scope: Scope) -> bool:
    if scope["path"].startswith(("/api/", "/healthz", "/readyz", "/metrics")):
        return False
    accepted = [value for name, value in scope["headers"] if name == b"accept"]
    return any(b"text/html" in value for value in accepted)
