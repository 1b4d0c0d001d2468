"""The two tables of permissions are whole, and README.md shows them as they are."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

import domain
import services.bootstrap  # noqa: F401  (whatever may be asked is defined once this is imported)
from domain.appraisal.readers import EVERY_ACCOUNT, OWN_ACCOUNT
from domain.audit.commands import FINDING_COMMANDS, SAMPLE_COMMANDS
from domain.commands import Command
from domain.ledger_views import LEDGER_READERS, LEDGERS, WORDS, View, may_read, view_of
from domain.permissions import COMMANDS, Reach, roles_for
from domain.spot_check.commands import SPOT_CHECK_COMMANDS
from domain.values import Role
from domain.visit.commands import VISIT_COMMANDS
from projections.dashboard import Dashboard
from projections.household_register import HouseholdRow
from projections.issue_history import HistoryLine
from projections.issue_ledger import LedgerLine
from services.exports.forms import FORMS

README = (Path(domain.__file__).parent / "README.md").read_text("utf-8")
IN_CODE = re.compile(r"`([^`]+)`")
LINES = {"issues": LedgerLine, "history": HistoryLine, "households": HouseholdRow, "dashboard": Dashboard}
OFFICE = (Role.CASE_HANDLER, Role.STATION_LEAD, Role.COMMITTEE_MEMBER, Role.DEPARTMENT)
GROUPS: tuple[tuple[Role, ...], ...] = (
    OFFICE, (Role.FINANCE,), (Role.AUDITOR,), (Role.ADMINISTRATOR,), (Role.HOUSEHOLD, Role.PROCESS),
)  # fmt: skip
PERSONAL = {"title", "description", "place", "source", "measures", "remark", "details", "zh", "en"}


def kinds_of(kind: type[Command]) -> set[type[Command]]:
    """Every command of the program that somebody can ask for."""
    below = {each for sub in kind.__subclasses__() for each in kinds_of(sub)}
    own = {kind} if kind.__module__.startswith("domain.") and not kind.__subclasses__() else set()
    return below | own


def table(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of the README."""
    section = re.split(r"^#+ ", README.split(f"{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_every_command_has_a_row_and_every_row_is_a_command() -> None:
    assert {kind.__name__ for kind in kinds_of(Command)} == set(COMMANDS)


def test_no_command_keeps_roles_of_its_own() -> None:
    for kind in kinds_of(Command):
        assert roles_for(kind.__name__) == kind.ROLES, "its roles stand in domain/permissions.py, and nowhere else"
        assert kind.ROLES


def test_given_a_command_without_a_row_then_nobody_may_ask_for_it() -> None:
    assert roles_for("OpenEverything") == frozenset()


def test_each_role_reaches_cases_in_one_way_unless_the_case_does_not_exist_yet() -> None:
    usual = {Role.DEPARTMENT: Reach.DEPARTMENT}
    for name, row in COMMANDS.items():
        for role, reach in row.items():
            if name not in ("LogIssue", *(kind.__name__ for kind in VISIT_COMMANDS)):
                assert usual.setdefault(role, reach) is reach, f"{name} by {role}"
    assert usual[Role.HOUSEHOLD] is Reach.OWN
    assert usual[Role.PROCESS] is Reach.PROCESS


def test_administrators_change_the_organisation_the_calendar_and_the_plans_and_no_case() -> None:
    allowed = {name for name, row in COMMANDS.items() if Role.ADMINISTRATOR in row}
    assert allowed
    modules = {kind.__module__ for kind in kinds_of(Command) if kind.__name__ in allowed}
    assert modules == {f"domain.{part}.commands" for part in ("organisation", "holidays", "adoption")}


def test_auditors_write_nothing_but_findings() -> None:
    checks = {kind.__name__ for kind in SPOT_CHECK_COMMANDS if Role.PROCESS not in kind.ROLES}
    findings = checks - {"HandInLedgers", "ReportRectification"} | {"AnnounceSpotCheck", "DrawSpotCheck"}
    findings |= {"NameInBulletin", "TakeOffBulletin"}
    findings |= {kind.__name__ for kind in (*FINDING_COMMANDS, *SAMPLE_COMMANDS)} - {"AnswerAuditFinding"}
    assert {name for name, row in COMMANDS.items() if Role.AUDITOR in row} == {"RecordLookBack"} | findings


@pytest.mark.parametrize("ledger", LINES)
def test_every_column_has_a_row_for_every_role(ledger: str) -> None:
    assert set(LEDGERS[ledger]) == {field.name for field in fields(LINES[ledger])}
    assert all(set(views) == set(Role) for views in LEDGERS[ledger].values())


@pytest.mark.parametrize("ledger", ["issues", "history"])
def test_those_who_call_nobody_see_no_telephone_number(ledger: str) -> None:
    for role in (Role.AUDITOR, Role.FINANCE):
        assert all(view_of(ledger, name, role) is not View.WORDS for name in PERSONAL & LEDGERS[ledger].keys())
        assert WORDS[role] is View.MASKED


def test_auditors_see_of_a_household_its_register_number_only() -> None:
    assert view_of("issues", "household", Role.AUDITOR) is View.WORDS
    assert {view_of("households", name, Role.AUDITOR) for name in ("name", "phone", "address")} == {View.NOTHING}


def test_administrators_households_and_the_process_read_no_case() -> None:
    for role in (Role.ADMINISTRATOR, Role.HOUSEHOLD, Role.PROCESS):
        assert not may_read(role)
        assert not may_read(role, "history")
    assert may_read(Role.ADMINISTRATOR, "dashboard")
    assert not may_read(Role.HOUSEHOLD, "dashboard")


def test_a_column_without_a_row_is_shown_to_nobody() -> None:
    assert {view_of("issues", "phone", role) for role in Role} == {View.NOTHING}


# -- README ---------------------------------------------------------------------------------------------------------


def test_the_readme_shows_who_may_do_what() -> None:
    shown = {}
    for name, *cells in table("### Who may do what, and to whose cases 谁可办何事"):
        row = zip(Reach, cells, strict=True)
        shown[IN_CODE.findall(name)[0]] = {
            Role(role): reach for reach, cell in row if cell != "–" for role in cell.split(", ")
        }
    assert shown == COMMANDS


def test_the_readme_shows_who_sees_which_column() -> None:
    shown: dict[str, dict[str, dict[Role, View]]] = {}
    for ledger, names, *cells in table("### Who sees which column 谁可见何栏"):
        views = {role: View(cell) for roles, cell in zip(GROUPS, cells, strict=True) for role in roles}
        shown.setdefault(ledger, {}).update(dict.fromkeys(IN_CODE.findall(names), views))
    assert shown == LEDGERS


def test_the_readme_shows_who_reads_the_other_ledgers() -> None:
    rows = table("### Who reads the other ledgers 谁可看其他台账")
    assert {IN_CODE.findall(name)[0]: set(roles.split(", ")) for name, _, roles in rows} == LEDGER_READERS
    assert set(LEDGER_READERS) == set(FORMS)


def test_the_readme_shows_who_reads_accounts_of_an_appraisal() -> None:
    rows = table("### Who reads accounts of an appraisal 谁可看考核")
    shown = {reach.strip("*"): set(roles.split(", ")) for reach, _, roles in rows}
    assert shown == {"own": OWN_ACCOUNT, "within": EVERY_ACCOUNT}
    assert not OWN_ACCOUNT & EVERY_ACCOUNT
    assert Role.ADMINISTRATOR not in OWN_ACCOUNT | EVERY_ACCOUNT


def test_the_readme_names_commands_under_four_eyes_that_exist() -> None:
    named = {name for _, cell in table("### Four eyes 四眼原则") for name in IN_CODE.findall(cell)}
    assert named <= set(COMMANDS)
    assert len(named) >= 12
