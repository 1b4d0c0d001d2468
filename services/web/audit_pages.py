"""The pages of auditors: their routes. Joined by app.py. Whoever has to answer a finding reads it on the same pages."""

from starlette.routing import Route

from services.web.audit import AuditHome
from services.web.audit_checks import CheckPages
from services.web.audit_findings import FindingPages
from services.web.audit_samples import SamplePages
from services.web.audit_times import TimePages
from services.web.inside import Inside
from services.web.rendering import Rendering
from services.web.routing import page


def audit_pages(inside: Inside, rendering: Rendering) -> list[Route]:
    """Their routes; those that name something come before those that take any name."""
    parts = inside, rendering
    home, times, findings, samples = AuditHome(*parts), TimePages(*parts), FindingPages(*parts), SamplePages(*parts)
    one, checks = "/audit/findings/{id}", CheckPages(*parts)
    return [
        page("/audit", home.start),
        page("/audit/looks", home.looks),
        page("/audit/conformance", checks.conformance),
        page("/audit/what-if", checks.what_if),
        page("/audit/issues", times.chosen),
        page("/audit/issues/{number}", times.issue),
        page("/audit/ledger", times.ledger),
        page("/audit/findings", findings.listed),
        page("/audit/findings/new", findings.begin),
        page("/audit/findings/new", findings.begun, "POST"),
        page(one, findings.shown),
        page(f"{one}/{{act}}", findings.ask),
        page(f"{one}/{{act}}", findings.act, "POST"),
        page("/audit/samples", samples.listed),
        page("/audit/samples", samples.begun, "POST"),
        page("/audit/samples/{id}", samples.shown),
        page("/audit/samples/{id}/draw", samples.draw, "POST"),
    ]
