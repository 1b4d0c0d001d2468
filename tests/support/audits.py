"""Findings and samples of the auditor in the township of tests/support/spot_checks.py: `ask(wish, at=...)`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from domain.audit import commands as c
from domain.audit.state import AuditFinding, AuditSample, fold_finding, fold_sample
from domain.audit.words import FindingOutcome, FindingSubject
from domain.values import Actor
from tests.support.memory_log import MemoryLog
from tests.support.spot_checks import AUDITOR, DRAW, LEAD, a_township

_NAMESPACE = UUID("b1a7c1d2-6f0e-4a0c-8f8e-2f3d7a9c5e10")
AnyCommand = TypeVar("AnyCommand", bound=c.AuditCommand)
_DEFAULTS: Final[Mapping[type[c.AuditCommand], Mapping[str, Any]]] = {
    c.RecordAuditFinding: {
        "about": FindingSubject.ISSUE, "number": "QS-2026-0001", "unit": "YL1", "problem": "答复没有送达凭据。",
        "answer_by": date(2026, 3, 20),
    },
    c.AnswerAuditFinding: {"answer": "凭据已补齐。", "by": LEAD},
    c.AcceptAuditAnswer: {"opinion": "属实。"},
    c.InsistOnAuditFinding: {"opinion": "凭据日期不符。", "answer_by": date(2026, 4, 20)},
    c.CloseAuditFinding: {"outcome": FindingOutcome.PUT_RIGHT, "summary": "凭据齐全。"},
    c.AskAuditSample: {"number": 3},
    c.DrawAuditSample: {},
}  # fmt: skip


def ask(wish: type[AnyCommand], /, *, at: datetime = DRAW, by: Actor | None = None, **fields: Any) -> AnyCommand:
    """A valid command; the auditor asks, unless others have to. Ids follow from the call; `of`: to which stream."""
    values = {"by": AUDITOR, **_DEFAULTS[wish], **fields}
    usual, of = values.pop("by"), values.pop("of", None)
    if of is not None:
        values["sample_id" if wish is c.DrawAuditSample else "finding_id"] = of
    seed = f"{wish.__name__}/{at}/{by or usual}/{sorted(values.items(), key=lambda item: item[0])!r}"
    values.pop("key", None)
    return wish(**{"command_id": uuid5(_NAMESPACE, seed), "actor": by or usual, "occurred_at": at, **values})


def a_finding(log: MemoryLog | None = None, **fields: Any) -> tuple[MemoryLog, UUID]:
    """A log with a finding, and its id."""
    log = log or a_township()
    command = ask(c.RecordAuditFinding, **fields)
    log.do(command)
    return log, command.stream_id


def finding_of(log: MemoryLog, finding_id: UUID) -> AuditFinding:
    """The finding as it stands."""
    found = fold_finding(log.history(finding_id))
    assert found is not None
    return found


def a_sample(log: MemoryLog, **fields: Any) -> AuditSample:
    """A sample asked for and drawn."""
    command = ask(c.AskAuditSample, **fields)
    log.do(command)
    log.do(ask(c.DrawAuditSample, of=command.stream_id))
    found = fold_sample(log.history(command.stream_id))
    assert found is not None
    return found
