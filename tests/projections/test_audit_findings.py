"""The tables of auditors' findings and samples: rows as the domain says, rebuilt the same, kept from some."""

import psycopg
import pytest

from domain.audit import commands as c
from domain.audit.words import FindingSubject
from domain.privacy import is_sealed
from projections.audit_findings import AUDIT_FINDINGS, AuditFindingLine, audit_findings, samples
from projections.pages import WHOLE
from projections.rebuild import compare, rebuild
from projections.row_security import BARRED, DEPARTMENTS, VILLAGES
from tests.projections.ledger import Log
from tests.support.audits import a_finding, a_sample, ask
from tests.support.memory_log import MemoryLog
from tests.support.spot_checks import LATER, TOWNSHIP_LEAD, a_township, logged


def a_year() -> MemoryLog:
    """A finding followed to its end, one about somebody's conduct, one answered late; a sample drawn and one asked."""
    log = a_township(logged("QS-2026-0101", household="QS-012"))
    log, first = a_finding(log, number="QS-2026-0101")
    for wish in (c.AnswerAuditFinding, c.InsistOnAuditFinding):
        log.do(ask(wish, of=first))
    for wish in (c.AnswerAuditFinding, c.AcceptAuditAnswer, c.CloseAuditFinding):
        log.do(ask(wish, of=first, key="again"))
    a_finding(log, about=FindingSubject.CONDUCT, number=None, concerns="lead", problem="事后补签。")
    log, third = a_finding(log, about=FindingSubject.LEDGER, number=None, ledger="issues", unit="YL2")
    log.do(ask(c.AnswerAuditFinding, of=third, at=LATER, by=TOWNSHIP_LEAD))
    a_sample(log, village="QS")
    log.do(ask(c.AskAuditSample, village="BC"))
    return log


@pytest.fixture
def told(log: Log) -> Log:
    """The year in a real log, taken into the tables."""
    for events in a_year().streams.values():
        for event in events:
            log.write(event)
    log.seal()
    log.fill()
    return log


def lines(log: Log) -> dict[str, AuditFindingLine]:
    return {line.about: line for line in audit_findings(log.connection, WHOLE)}


def test_given_a_year_then_each_finding_shows_what_came_of_it(told: Log) -> None:
    found = lines(told)
    issue, ledger, conduct = found["issue"], found["ledger"], found["conduct"]
    assert (issue.standing, issue.outcome, issue.rounds, issue.late) == ("closed", "put_right", 2, 0)
    assert all(is_sealed(text or "") for text in (issue.problem, issue.answer, issue.opinion, issue.summary))
    assert (ledger.standing, ledger.late, ledger.unit_name) == ("answered", 1, "第二驻点")
    assert (conduct.concerns, conduct.standing) == ("lead", "awaited")
    assert [(it.village, it.drawn_at is not None, len(it.items)) for it in samples(told.connection, WHOLE)] in (
        [("QS", True, 3), ("BC", False, 0)], [("BC", False, 0), ("QS", True, 3)]
    )  # fmt: skip


def test_given_a_rebuild_then_it_makes_the_same_rows(told: Log) -> None:
    for _ in range(2):
        (found,) = compare(told.database.owner_dsn, [AUDIT_FINDINGS.name])
        assert found.rows
        assert not found.differences
        rebuild(told.database.owner_dsn, [AUDIT_FINDINGS.name])


def test_given_a_scope_then_only_its_villages_findings_are_seen_and_none_about_the_reader(told: Log) -> None:
    def seen(villages: str, barred: str = ",") -> set[str]:
        with psycopg.connect(told.database.app_dsn) as connection:
            for setting, value in {VILLAGES: villages, DEPARTMENTS: "*", BARRED: barred}.items():
                connection.execute("select set_config(%s, %s, true)", (setting, value))
            return {line.about for line in audit_findings(connection, WHOLE)}

    assert seen("*") == {"issue", "conduct", "ledger"}
    assert seen("QS") == {"issue", "conduct"}
    assert seen("QS", ",lead") == {"issue"}
    assert seen("BC") == {"ledger"}
    assert seen("WS") == set()
