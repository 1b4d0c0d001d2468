"""Third-party scripts come at set-up, whole and examined, or not at all; no lock names a registry."""

import json
import os
from pathlib import Path

import pytest

from deploy.front_end import fetch
from deploy.front_end.fetch import FILES, HERE, NODE_LOCK, NPM_FILES, CannotFetch


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for what npm would unpack: the machine that tests may have no registry."""
    modules = tmp_path / "node_modules"
    for wanted in FILES:
        (modules / wanted.source).parent.mkdir(parents=True, exist_ok=True)
        (modules / wanted.source).write_bytes(wanted.name.encode())
    marked = [wanted._replace(sha256=fetch._sha256(modules / wanted.source)) for wanted in FILES]
    monkeypatch.setattr(fetch, "FILES", tuple(marked))
    monkeypatch.setattr(fetch, "_modules", lambda folder: modules)
    return modules


def test_given_the_packages_when_fetched_then_every_file_is_there_and_nothing_else(
    packages: Path, tmp_path: Path
) -> None:
    vendor = tmp_path / "vendor"
    assert fetch.fetch(vendor)
    assert sorted(file.name for file in vendor.iterdir()) == sorted(wanted.name for wanted in FILES)


def test_given_all_files_when_fetched_again_then_nobody_is_asked(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch.fetch(tmp_path / "vendor")
    monkeypatch.delattr(fetch, "_modules")
    assert not fetch.fetch(tmp_path / "vendor")


def test_given_a_changed_file_when_fetched_then_it_is_replaced(packages: Path, tmp_path: Path) -> None:
    fetch.fetch(tmp_path / "vendor")
    (tmp_path / "vendor" / FILES[0].name).write_text("alert(1)")
    assert fetch.fetch(tmp_path / "vendor")
    assert (tmp_path / "vendor" / FILES[0].name).read_bytes() == FILES[0].name.encode()


def test_given_another_file_than_was_examined_then_none_is_taken(packages: Path, tmp_path: Path) -> None:
    (packages / FILES[-1].source).write_text("alert(1)")
    with pytest.raises(CannotFetch, match="not the file that was examined"):
        fetch.fetch(tmp_path / "vendor")
    assert not (tmp_path / "vendor").exists()


def test_given_no_registry_then_it_is_said_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error code ECONNREFUSED' >&2; exit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(fetch, "FILES", (FILES[0]._replace(name="not-there.js"),))
    assert fetch.main([]) == 1
    said = capsys.readouterr().err
    assert "ECONNREFUSED" in said
    assert "页面没有脚本也能使用" in said
    assert "Pages work without them" in said


def test_locks_name_versions_and_hashes_but_no_registry() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert {wanted.source.split("/")[0] for wanted in FILES} == {
        name.removeprefix("node_modules/") for name in packages
    }
    assert all("://" not in file.read_text() for file in (NODE_LOCK, *(HERE / name for name in NPM_FILES)))
