"""The house keeps its shape: layers, no cycles, a domain without clock or network, code and tests of human size.

A function's length is counted from its `def` to its end, without the docstring.
"""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import domain

ROOT = Path(domain.__file__).parent.parent
PACKAGES = ("domain", "workflows", "projections", "services")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONGEST_FILE = 300
LONGEST_FUNCTION = 30

FORBIDDEN_IN_DOMAIN = frozenset(
    {
        "time",
        "psycopg",
        "temporalio",
        "fastapi",
        "starlette",
        "httpx",
        "os",
        "socket",
        "subprocess",
        "threading",
        "logging",
    }
)
CLOCKS = frozenset({"now", "utcnow", "today", "uuid1", "uuid4"})


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def _module(path: Path) -> str:
    """`domain.issue.rules` of domain/issue/rules.py, `domain.issue` of its __init__."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


MODULES = {_module(path): path for path in SOURCES}


def _is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imports(tree: ast.AST) -> Iterator[str]:
    """Every name imported, as `package.module` or `package.module.name`; not what only type checkers read."""
    for node in ast.iter_child_nodes(tree):
        if _is_for_types_only(node):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield from _imports(node)


def _ours(name: str) -> str | None:
    """The module of ours that an imported name is, or lies in."""
    if name in MODULES:
        return name
    parent = name.rpartition(".")[0]
    return parent if parent in MODULES else None


def test_imports_run_one_way() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {
        module: {found for name in _imports(_tree(path)) if (found := _ours(name)) and found != module}
        for module, path in MODULES.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("path", [path for path in SOURCES if path.is_relative_to(ROOT / "domain")], ids=_name)
def test_the_domain_reads_no_clock_and_reaches_for_nothing(path: Path) -> None:
    tree = _tree(path)
    imported = set(_imports(tree))
    forbidden = {name for name in imported if name.split(".")[0] in FORBIDDEN_IN_DOMAIN}
    # What casework remembers between two commands is changed by several threads.
    assert not forbidden - ({"threading.Lock"} if path.name == "lately.py" else set())
    assert not {name for name in imported if name.startswith("eventsourcing.postgres")}
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}
    assert not called & (CLOCKS | {"open", "print"})
    # Only the pause between two attempts may be left to chance.
    assert "random" not in imported or path.name == "casework.py"


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=_name)
def test_files_have_a_human_size(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_functions_have_a_human_size(path: Path) -> None:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert _length(node) <= LONGEST_FUNCTION, node.name


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return _lines(node) - (_lines(first) if documented else 0)


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", [path for path in SOURCES if path.read_text("utf-8").strip()], ids=_name)
def test_each_file_says_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(_tree(path))
    assert said, "no docstring"


def test_every_folder_with_code_is_a_package_that_is_installed() -> None:
    folders = {path.parent for path in SOURCES}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []
    found = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]["find"]
    assert found["include"] == [f"{package}*" for package in PACKAGES]
