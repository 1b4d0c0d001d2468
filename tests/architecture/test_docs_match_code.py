"""domain/README.md says what the code does, no more and no less; the other pages name files that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import domain
from domain.adoption.commands import ADOPTION_COMMANDS
from domain.audit.commands import FINDING_COMMANDS, SAMPLE_COMMANDS
from domain.bulletin.commands import BULLETIN_COMMANDS
from domain.commands import Command
from domain.duty.commands import DUTY_COMMANDS
from domain.events import event_class, event_classes
from domain.holidays.decide import DECISIONS as HOLIDAYS
from domain.household.commands import HOUSEHOLD_COMMANDS
from domain.issue.decide import DECISIONS
from domain.issue.words import Stage
from domain.liaison.commands import LIAISON_COMMANDS
from domain.meeting.commands import MEETING_COMMANDS
from domain.spot_check.commands import SPOT_CHECK_COMMANDS
from domain.submission.commands import SUBMISSION_COMMANDS
from domain.values import Role
from domain.visit.commands import VISIT_COMMANDS
from tests.support.casework import COMMANDS
from tests.support.examples import example
from tests.support.organisation import ORGANISATION_COMMANDS
from tests.support.transitions import transitions

DOMAIN = Path(domain.__file__).parent
ROOT = DOMAIN.parent
EVERY_COMMAND = tuple(
    dict.fromkeys(
        (
            *COMMANDS,
            *ORGANISATION_COMMANDS,
            *HOUSEHOLD_COMMANDS,
            *VISIT_COMMANDS,
            *LIAISON_COMMANDS,
            *DUTY_COMMANDS,
            *SUBMISSION_COMMANDS,
            *SPOT_CHECK_COMMANDS,
            *BULLETIN_COMMANDS,
            *FINDING_COMMANDS,
            *SAMPLE_COMMANDS,
            *MEETING_COMMANDS,
            *HOLIDAYS,
            *ADOPTION_COMMANDS,
        )
    )
)
README = (DOMAIN / "README.md").read_text("utf-8")
RULES = [f"L{number}" for number in range(1, 15)]
IN_CODE = re.compile(r"`([^`]+)`")
REFERENCE = re.compile(r"([\w/]+\.py): ([\w.]+)")
ARROW = re.compile(r"^ {4}(\w+) --> (\w+): (.+)$", re.MULTILINE)
PATH = re.compile(r"(?:domain|workflows|projections|services|tests|deploy|docs)/[\w./-]*")
PAGES = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("[dwpst]*/**/README.md")})


def _table(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, row by row, without its head."""
    section = re.split(r"^#+ ", README.split(f"{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def _names(cell: str) -> list[str]:
    return IN_CODE.findall(cell)


@cache
def _defined(path: Path) -> frozenset[str]:
    """Every function, method (`Class.method`) and class of a file."""
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return frozenset(names)


def _events_of_the_domain() -> set[str]:
    kinds = (event_class(topic) for topic in event_classes())
    return {kind.__name__ for kind in kinds if kind.__module__.startswith("domain.")}


def test_the_readme_lists_every_stage_and_role() -> None:
    assert [_names(row[0]) for row in _table("### Stages 环节")] == [[stage.value] for stage in Stage]
    assert {_names(row[0])[0] for row in _table("### Roles 角色")} == set(Role)


def test_the_readme_lists_every_command_with_the_roles_that_may_ask_for_it() -> None:
    listed = {_names(row[0])[0]: set(row[2].split(", ")) for row in _table("## Commands 请求")}
    assert listed == {kind.__name__: set(kind.ROLES) for kind in EVERY_COMMAND}


def test_the_readme_lists_every_event_with_the_commands_that_cause_it() -> None:
    causes = {_names(row[0])[0]: set(_names(row[3])) for row in _table("## Commands 请求")}
    assert set().union(*causes.values()) == _events_of_the_domain()
    for kind in DECISIONS:
        shown = example(kind)
        assert {type(event).__name__ for event in shown.case.decide(shown.asked)} <= causes[kind.__name__]


def test_the_state_diagram_is_what_the_decisions_do() -> None:
    diagram = README.split("```mermaid")[1].split("```")[0]
    drawn = {(before, after, name) for before, after, names in ARROW.findall(diagram) for name in names.split(" / ")}
    assert drawn == transitions()
    ends = set(re.findall(r"(\w+) --> \[\*\]", diagram))
    assert ends == {stage.value for stage in Stage} - {before for before, _, _ in drawn}
    assert "[*] --> logged: LogIssue" in diagram


def test_the_words_below_the_diagram_name_the_stages() -> None:
    words = README.split("The same in words:")[1].split("\n## ")[0]
    assert {stage.value for stage in Stage} - {"logged"} <= set(re.findall(r"\*(\w+)\*", words))


def test_the_readme_has_every_rule_once() -> None:
    assert [row[0] for row in _table("## Rules 规则")] == RULES


@pytest.mark.parametrize("rule", RULES)
def test_the_functions_named_for_a_rule_exist(rule: str) -> None:
    (row,) = (row for row in _table("## Rules 规则") if row[0] == rule)
    references = [REFERENCE.fullmatch(name) for name in _names(row[2])]
    assert references
    for reference in references:
        assert reference is not None
        file, name = reference.groups()
        assert name in _defined(DOMAIN / file), f"{file} has no {name}"


def test_the_readme_lists_every_guard_of_the_organisation() -> None:
    named = [name for row in _table("## Organisation 组织") for name in _names(row[1])]
    guards = ast.parse((DOMAIN / "organisation" / "rules.py").read_text("utf-8")).body
    assert sorted(named) == sorted(it.name for it in guards if isinstance(it, ast.FunctionDef) and it.name != "link_of")


def test_the_readme_lists_every_guard_of_the_household_register() -> None:
    named = [name for row in _table("## Households 群众资料") for name in _names(row[1])]
    guards = ast.parse((DOMAIN / "household" / "rules.py").read_text("utf-8")).body
    assert sorted(named) == sorted(it.name for it in guards if isinstance(it, ast.FunctionDef))


def test_the_readme_lists_every_guard_of_the_holiday_tables() -> None:
    named = [name for row in _table("## Holidays 放假安排") for name in _names(row[1])]
    guards = ast.parse((DOMAIN / "holidays" / "rules.py").read_text("utf-8")).body
    assert sorted(named) == sorted(it.name for it in guards if isinstance(it, ast.FunctionDef))


def test_the_readme_lists_every_guard_of_the_visit_diary() -> None:
    named = [name for row in _table("## Visits 走访") for name in _names(row[1])]
    guards = ast.parse((DOMAIN / "visit" / "rules.py").read_text("utf-8")).body
    assert sorted(named) == sorted(it.name for it in guards if isinstance(it, ast.FunctionDef))


@pytest.mark.parametrize(
    ("heading", "folder"),
    [
        ("## Visits 走访", "visit"),
        ("## Liaison 联户", "liaison"),
        ("## Bulletins 月通报", "bulletin"),
        ("## Spot checks 抽查", "spot_check"),
        ("## Auditors' findings 督查发现", "audit"),
        ("## Duties 走访与值班任务", "duty"),
    ],
)
def test_the_readme_lists_every_guard_of_visits_and_liaison(heading: str, folder: str) -> None:
    named = [name for row in _table(heading) for name in _names(row[1])]
    guards = ast.parse((DOMAIN / folder / "rules.py").read_text("utf-8")).body
    found = (it.name for it in guards if isinstance(it, ast.FunctionDef))
    assert sorted(named) == sorted(name for name in found if not name.startswith("_"))


def test_the_readme_lists_every_guard_of_meetings() -> None:
    named = [name for row in _table("## Meetings 会议") for name in _names(row[1])]
    files = (DOMAIN / "meeting" / name for name in ("rules.py", "voting.py"))
    guards = [it for path in files for it in ast.parse(path.read_text("utf-8")).body]
    assert sorted(named) == sorted(it.name for it in guards if isinstance(it, ast.FunctionDef) and it.name != "seat_of")


def test_the_readme_lists_every_guard_of_adopting_a_plan() -> None:
    named = [name for row in _table("## Plans in force 现行方案") for name in _names(row[1])]
    guards = ast.parse((DOMAIN / "adoption" / "rules.py").read_text("utf-8")).body
    assert sorted(named) == sorted(it.name for it in guards if isinstance(it, ast.FunctionDef))


def test_every_decision_serves_a_rule() -> None:
    named = {name for row in _table("## Rules 规则") for name in _names(row[2])}
    for kind, decision in DECISIONS.items():
        module = decision.__module__.rpartition(".")[2]
        reference = f"issue/decisions/{module}.py: {decision.__name__}"
        assert reference in named, f"{kind.__name__}: {reference}"


def _docstring(kind: type[Command]) -> str:
    return kind.__doc__ or ""


@pytest.mark.parametrize("kind", EVERY_COMMAND, ids=lambda kind: kind.__name__)
def test_each_command_says_its_chinese_name(kind: type[Command]) -> None:
    (row,) = (row for row in _table("## Commands 请求") if _names(row[0]) == [kind.__name__])
    known = _docstring(kind)
    assert any(word in known for word in re.split(r"[ /（）]+", row[1]) if word), f"{row[1]} / {known}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_files_that_a_page_names_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    for name in IN_CODE.findall(text):
        if PATH.fullmatch(name) and "NNNN" not in name:
            assert (ROOT / name.rstrip("/")).exists() or (page.parent / name).exists(), name
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / target).exists(), target
