"""The routes of what auditors ask, each watched: what it shows an auditor is a look of theirs. Joined by app.py."""

from typing import Final

from starlette.routing import Route

from services.api.accounts.people import People
from services.api.door.threads import Threads
from services.api.office.audit_findings import FindingReads
from services.api.office.audit_looks import AuditLooks, Handler
from services.api.office.audit_proof import ProofReads
from services.api.office.audit_samples import SampleReads
from services.api.office.audit_what_if import WhatIfReads
from services.api.office.conformance import ConformanceReads
from services.api.office.feed import FeedDoor
from services.api.office.replays import ReplayReads
from services.api.parts import ApiParts
from services.api.serving import Serving
from services.privacy.looks import Seen

V1: Final = "/api/v1"


def audit_routes(parts: ApiParts, people: People, readers: Threads) -> list[Route]:
    """Findings, samples, the state of the proof, what does not fit the process, and the looks themselves."""
    looks = AuditLooks(parts, people, readers)
    findings, drawn = FindingReads(parts, people, readers), SampleReads(parts, people, readers)
    return [
        _route("audit/findings", looks.watched(findings.findings, Seen.FINDING)),
        _route("audit/findings/{id}", looks.watched(findings.finding, Seen.FINDING)),
        _route("audit/samples", looks.watched(drawn.samples, Seen.SAMPLE)),
        _route("audit/samples/{id}", looks.watched(drawn.sample, Seen.SAMPLE)),
        _route("audit/conformance", looks.watched(ConformanceReads(parts, people, readers).conformance)),
        _route("audit/what-if", looks.watched(WhatIfReads(parts, people, readers).what_if)),
        _route("audit/proof", looks.watched(ProofReads(parts, people, readers).proof)),
        _route("audit/looks", looks.own),
        _route("audit/looks/report", looks.report),
        _route("feed", FeedDoor(parts, people, readers).feed),  # no household's words, and no look
    ]


def replay_routes(parts: ApiParts, people: People, readers: Threads) -> list[Route]:
    """Replays and differences, which stand beside what they replay; before the ledgers by their names."""
    looks, reads = AuditLooks(parts, people, readers), ReplayReads(parts, people, readers)
    return [
        _route("issues/{number}/replay", looks.watched(reads.replay)),
        _route("issues/{number}/difference", looks.watched(reads.difference)),
        _route("ledgers/issues/difference", looks.watched(reads.ledger_difference)),
        _route("ledgers/issues/days", looks.watched(reads.days)),
    ]


def _route(path: str, handler: Handler) -> Route:
    return Route(f"{V1}/{path}", Serving(handler, f"GET {V1}/{path}"), methods=["GET"])
