"""The pages of those who handle cases: their routes. Joined by app.py."""

from collections.abc import Sequence

from starlette.routing import Route

from services.web.inside import Inside
from services.web.issue_acts import IssueActPages
from services.web.issue_lists import IssueListPages
from services.web.issue_pages import IssuePages
from services.web.new_issue import NewIssuePages
from services.web.rendering import Rendering
from services.web.routing import page


def case_pages(inside: Inside, rendering: Rendering) -> Sequence[Route]:
    """Those of single cases last: their number could be any word."""
    lists = IssueListPages(inside, rendering)
    new, acts = NewIssuePages(inside, rendering), IssueActPages(inside, rendering)
    return [
        page("/issues", lists.show),
        page("/issues/views", lists.keep, "POST"),
        page("/issues/views/drop", lists.drop, "POST"),
        page("/issues/new", new.ask),
        page("/issues/new", new.log, "POST"),
        page("/issues/{number}", IssuePages(inside, rendering).show),
        page("/issues/{number}/{command}", acts.ask),
        page("/issues/{number}/{command}", acts.act, "POST"),
    ]
