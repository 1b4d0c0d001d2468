"""What the matrix asks auditors' doors for: a finding and a sample of two villages. Called by matrix_office.py."""

from datetime import date
from typing import Any, Final

from domain.audit.commands import AskAuditSample, AuditCommand, RecordAuditFinding
from domain.audit.words import FindingSubject
from domain.values import Role
from tests.services.api.conftest import Api
from tests.support.audits import ask
from tests.support.casework import PEOPLE

OF_AUDITORS: Final = ("GET /api/v1/audit/findings/{id}", "GET /api/v1/audit/samples/{id}")
READ_FINDINGS: Final = (Role.AUDITOR, Role.COMMITTEE_MEMBER)
"""Whoever else reads any was told of them."""
_PROOF: Final = {"about": FindingSubject.PROOF, "number": None, "answer_by": date(2099, 12, 31)}


def audited(api: Api) -> dict[str, dict[str, str]]:
    """By operation: the finding, and the sample, of each village, by the auditor of the county."""
    findings = {village: _written(api, RecordAuditFinding, unit=village, **_PROOF) for village in ("QS", "WS")}
    samples = {village: _written(api, AskAuditSample, village=village) for village in ("QS", "WS")}
    return dict(zip(OF_AUDITORS, (findings, samples), strict=True))


def _written(api: Api, kind: type[AuditCommand], **fields: Any) -> str:
    asked = ask(kind, at=api.clock.now, by=PEOPLE["auditor"], **fields)
    return str(api.casework.handle(asked).stream_id)
