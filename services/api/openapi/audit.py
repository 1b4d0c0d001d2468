"""What auditors ask, as the API describes itself: path, summary, query, answer. Joined by document.py."""

from typing import Final

from services.api.door.queries import Query
from services.api.office.audit_findings import FindingsQuery
from services.api.office.audit_looks import LooksQuery
from services.api.office.audit_samples import SamplesQuery
from services.api.office.audit_what_if import WhatIfLogQuery
from services.api.office.conformance import ConformanceQuery
from services.api.office.replays import REPLAY_READS

AUDIT_READS: Final[tuple[tuple[str, str, type[Query], str], ...]] = (
    ("/api/v1/audit/findings", "督查发现 Auditors' findings, one's own or told to one", FindingsQuery, "FindingList"),
    ("/api/v1/audit/findings/{id}", "一项督查发现 One of them, with its answer", Query, "AuditFinding"),
    ("/api/v1/audit/samples", "抽样 Samples that auditors drew", SamplesQuery, "SampleList"),
    ("/api/v1/audit/samples/{id}", "一次抽样 One of them, and whether drawing again gives the same", Query, "Sample"),
    ("/api/v1/audit/what-if", "假如 Verdicts that would be others under another plan", WhatIfLogQuery, "WhatIfLog"),
    ("/api/v1/audit/proof", "存证 The log's last signed head, and who vouched for it", Query, "AuditProof"),
    ("/api/v1/audit/looks", "本人查看记录 What the auditor who asks looked at", LooksQuery, "AuditLooks"),
    ("/api/v1/audit/looks/report", "督查查看情况 How much auditors looked at, by day", LooksQuery, "AuditLooksReport"),
    ("/api/v1/audit/conformance", "程序核对 Histories against the process", ConformanceQuery, "Conformance"),
    *REPLAY_READS,
)
AUDIT_QUERIES: Final[tuple[type[Query], ...]] = tuple(query for _, _, query, _ in AUDIT_READS)
"""Some of them name words of closed lists, which the description holds beside them."""
