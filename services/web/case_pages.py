"""The pages of those who handle cases: their routes. Joined by app.py."""

from collections.abc import Sequence
from typing import Final

from starlette.routing import Route

from services.web.inside import Inside
from services.web.issue_acts import IssueActPages
from services.web.issue_lists import IssueListPages
from services.web.issue_pages import IssuePages
from services.web.new_issue import NewIssuePages
from services.web.office_acts import OfficeActPages
from services.web.rendering import Rendering
from services.web.routing import page
from services.web.team import TeamPage
from services.web.today import TodayPages
from services.web.visits import VisitPages

_PARTS: Final = ("visits", "liaison", "submissions")


def case_pages(inside: Inside, rendering: Rendering) -> Sequence[Route]:
    """Those of single cases last: their number could be any word."""
    lists = IssueListPages(inside, rendering)
    new, acts = NewIssuePages(inside, rendering), IssueActPages(inside, rendering)
    today, office = TodayPages(inside, rendering), OfficeActPages(inside, rendering)
    return [
        page("/today", today.today),
        page("/inbox", today.inbox),
        page("/inbox/read", today.read, "POST"),
        page("/team", TeamPage(inside, rendering).show),
        page("/visits", VisitPages(inside, rendering).show),
        *(page(f"/{part}/{{command}}", office.ask) for part in _PARTS),
        *(page(f"/{part}/{{command}}", office.act, "POST") for part in _PARTS),
        page("/issues", lists.show),
        page("/issues/views", lists.keep, "POST"),
        page("/issues/views/drop", lists.drop, "POST"),
        page("/issues/new", new.ask),
        page("/issues/new", new.log, "POST"),
        page("/issues/{number}", IssuePages(inside, rendering).show),
        page("/issues/{number}/{command}", acts.ask),
        page("/issues/{number}/{command}", acts.act, "POST"),
    ]
