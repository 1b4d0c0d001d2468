"""Every command in which somebody writes about a household, found from the models: its words reach the log sealed.

Commands to issues are in test_sealing.py, and all of them on a running installation in tests/e2e/test_canary.py.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.commands import Command
from domain.events import encode
from domain.household.commands import HOUSEHOLD_COMMANDS, EraseHousehold, HouseholdCommand
from domain.issue.commands import LogIssue
from domain.issue.decide import DECISIONS
from domain.liaison import commands as li
from domain.liaison.commands import LIAISON_COMMANDS
from domain.visit import commands as v
from domain.visit.commands import VISIT_COMMANDS
from domain.visit.words import VisitKind
from tests.architecture.test_docs_match_code import EVERY_COMMAND
from tests.domain.test_household import PATHS as HOUSEHOLD_PATHS
from tests.domain.test_household import ask as ask_household
from tests.domain.test_liaison import before
from tests.support.free_text import free_fields, written
from tests.support.memory_log import MemoryLog
from tests.support.visits import a_log, ask

CANARY = "13922618045"
NOT_OF_A_HOUSEHOLD = frozenset(
    {
        "SetBudget", "AdjustBudget", "RefuseAdjustment", "ConfirmRound", "WithdrawRound",
        "RegisterPlace", "RenamePlace", "AdoptHolidays", "SeedHolidays", "ProposePlan", "WithdrawProposal",
    }
)  # fmt: skip
"""What is written there is about the office: its places, plans and money, the State Council's notices."""
OF_THE_OFFICE = frozenset({"township", "period"})
"""Fields of meetings: where and for when they are."""
OF_MEETINGS = frozenset({"RecordPoint", "DecideTogether"})
"""Sealed too where it is about a household's issue: shown with the other commands of meetings."""
OF_SPOT_CHECKS = frozenset(
    {"RecordFinding", "OrderRectification", "ReportRectification", "RecheckRectification", "CloseSpotCheck"}
)
"""Sealed too where they are about an issue drawn (test_spot_check_findings.py). A summary is about the station."""
OF_FINDINGS = frozenset(
    {"RecordAuditFinding", "AnswerAuditFinding", "AcceptAuditAnswer", "InsistOnAuditFinding", "CloseAuditFinding"}
)
"""Sealed too where they are about an issue (test_audit_findings.py)."""
OF_AN_OFFICER = frozenset({li.IssueContactCard})
"""What an officer promises on their card, with the number they want to be called on."""
COVERED = (*VISIT_COMMANDS, *(kind for kind in LIAISON_COMMANDS if kind not in OF_AN_OFFICER), *HOUSEHOLD_COMMANDS)


def _writes(kind: type[Command]) -> bool:
    return bool(set(free_fields(kind)) - OF_THE_OFFICE)


def _of_the_household(kind: type[Any]) -> dict[str, str]:
    return {"household": "QS-012"} if "household" in kind.model_fields else {}


def _log_and_command(kind: type[Any]) -> tuple[MemoryLog, Command]:
    """A log in which the command is accepted, and the command, about household QS-012."""
    if issubclass(kind, HouseholdCommand):
        log = MemoryLog()
        for step in HOUSEHOLD_PATHS[kind]:
            log.do(ask_household(step))
        return log, ask_household(kind)
    if kind in LIAISON_COMMANDS:
        return before(kind), ask(kind, **_of_the_household(kind))
    if kind is v.RegisterHazard:
        return a_log(inspected=True, household="QS-012"), ask(kind)
    log = a_log()
    if kind is not v.RecordVisit:
        log.do(ask(v.RecordVisit))
    return log, ask(kind, **({"kind": VisitKind.HOUSEHOLD} if kind is v.RecordVisit else {}))


def _stored(kind: type[Command]) -> Iterator[bytes]:
    log, asked = _log_and_command(kind)
    said = written(asked, CANARY)
    if isinstance(said, v.RecordVisit):
        said = said.model_copy(update={"place": None})  # a visit is to a household or to a place
    yield from map(encode, log.do(said))


@pytest.mark.parametrize(
    "kind", [kind for kind in COVERED if _writes(kind) and kind is not EraseHousehold], ids=lambda kind: kind.__name__
)
def test_given_words_about_a_household_when_anything_is_said_then_no_event_holds_them_readably(
    kind: type[Command],
) -> None:
    stored = list(_stored(kind))
    assert stored
    assert not any(CANARY.encode() in state for state in stored)


def test_given_words_about_no_household_then_they_are_found() -> None:
    log = a_log()
    (event,) = log.do(ask(v.RecordVisit, kind=VisitKind.TALK_DAY, household=None, place="祠堂前", said=CANARY))
    assert CANARY.encode() in encode(event)


def test_every_command_in_which_somebody_writes_is_about_a_household_and_covered_or_known_to_be_about_none() -> None:
    covered = {LogIssue, *DECISIONS, *COVERED, *OF_AN_OFFICER}
    others = {kind.__name__ for kind in EVERY_COMMAND if _writes(kind) and kind not in covered}
    assert others <= NOT_OF_A_HOUSEHOLD | OF_MEETINGS | OF_SPOT_CHECKS | OF_FINDINGS
