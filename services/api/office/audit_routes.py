"""The routes of what auditors ask, each watched: what it shows an auditor is a look of theirs. Joined by app.py."""

from starlette.routing import Route

from services.api.accounts.people import People
from services.api.door.threads import Threads
from services.api.office.audit_findings import FindingReads
from services.api.office.audit_looks import AuditLooks, Handler
from services.api.office.audit_samples import SampleReads
from services.api.parts import ApiParts
from services.api.serving import Serving
from services.privacy.looks import Seen

V1 = "/api/v1/audit"


def audit_routes(parts: ApiParts, people: People, readers: Threads) -> list[Route]:
    """Findings, samples, and the looks themselves."""
    looks = AuditLooks(parts, people, readers)
    findings, drawn = FindingReads(parts, people, readers), SampleReads(parts, people, readers)
    return [
        _route("findings", looks.watched(findings.findings, Seen.FINDING)),
        _route("findings/{id}", looks.watched(findings.finding, Seen.FINDING)),
        _route("samples", looks.watched(drawn.samples, Seen.SAMPLE)),
        _route("samples/{id}", looks.watched(drawn.sample, Seen.SAMPLE)),
        _route("looks", looks.own),
        _route("looks/report", looks.report),
    ]


def _route(path: str, handler: Handler) -> Route:
    return Route(f"{V1}/{path}", Serving(handler, f"GET {V1}/{path}"), methods=["GET"])
