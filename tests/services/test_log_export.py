"""The log for process-mining tools: valid by the standards, the same bytes each time, and nobody's words in it."""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from domain.privacy import personal_fields
from services.audit.exporting.making import ExportFormat
from services.cli.commands import app
from tests.projections import test_docket
from tests.projections.ledger import Log
from tests.projections.lives import LIVES
from tests.support.postgres import DatabaseServer
from tests.support.process_mining import ocel_json_faults, ocel_sqlite_faults, xes_faults

EVERY = pytest.mark.parametrize("form", list(ExportFormat))


@pytest.fixture(scope="module")
def log(database_server: DatabaseServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """Every event of issues, meetings and funds; nothing here writes to it."""
    database = database_server.migrated_database()
    opened = Log(database)
    opened.settle()
    meetings, *_ = test_docket.a_month()
    opened.append(*LIVES, meetings)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HUIYIN_DATABASE_URL", database.app_dsn)
        patched.setenv("HUIYIN_HOME", str(tmp_path_factory.mktemp("home")))
        yield opened
    opened.close()
    database_server.drop(database)


@pytest.fixture(scope="module")
def made(log: Log, tmp_path_factory: pytest.TempPathFactory) -> Mapping[ExportFormat, Path]:
    """The whole log in each format."""
    folder = tmp_path_factory.mktemp("made")
    for form in ExportFormat:
        exported(folder / form, "--format", form)
    return {form: folder / form for form in ExportFormat}


@pytest.fixture(scope="module")
def document(made: Mapping[ExportFormat, Path]) -> dict[str, Any]:
    """The one in JSON."""
    read: dict[str, Any] = json.loads(made[ExportFormat.OCEL_JSON].read_bytes())
    return read


def exported(path: Path, *words: str, status: int = 0) -> str:
    """What the command says; the file is at the path."""
    ended = CliRunner().invoke(app, ["audit", "export", "-o", str(path), *words])
    assert ended.exit_code == status, ended.output or ended.exception
    return ended.output


def as_json(path: Path, *words: str) -> dict[str, Any]:
    exported(path, *words)
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def test_given_a_log_with_every_event_then_each_file_is_valid(
    made: Mapping[ExportFormat, Path], document: dict[str, Any]
) -> None:
    assert list(ocel_json_faults(document)) == []
    assert list(ocel_sqlite_faults(made[ExportFormat.OCEL_SQLITE])) == []
    assert list(xes_faults(made[ExportFormat.XES])) == []


def test_given_a_log_then_every_event_of_its_streams_is_told_with_its_objects(
    log: Log, document: dict[str, Any]
) -> None:
    told = ("issue", "meeting", "fund")
    wanted = [f"event:{it.position}" for it in log.read() if it.event.TOPIC.partition(".")[0] in told]
    assert [it["id"] for it in document["events"]] == wanted
    kinds = {"issue", "household", "handler", "unit", "meeting", "fund", "funding_round", "document"}
    assert {it["name"] for it in document["objectTypes"]} == kinds
    related = {each["qualifier"] for it in document["events"] for each in it["relationships"]}
    assert related >= {"issue", "household", "actor", "meeting_id", "fund_id", "responsible", "photos", "round"}
    assert {each["qualifier"] for it in document["objects"] for each in it["relationships"]} >= {
        "reported by", "evidence of", "fund", "round of", "into",
    }  # fmt: skip


def test_given_an_issue_then_its_changes_over_time_are_those_of_its_history(log: Log, document: dict[str, Any]) -> None:
    stages = {
        it["id"]: [each["value"] for each in it["attributes"] if each["name"] == "stage"]
        for it in document["objects"]
        if it["type"] == "issue"
    }
    first = next(it.event for it in log.read() if it.event.TOPIC == "issue.closed")
    assert stages[f"issue:{first.originator_id}"][0] == "logged"
    assert "closed" in stages[f"issue:{first.originator_id}"]


@EVERY
def test_given_words_households_and_accounts_then_none_of_them_leaves(
    log: Log, made: Mapping[ExportFormat, Path], form: ExportFormat
) -> None:
    found = made[form].read_bytes().decode("utf-8", "replace")
    events = [it.event for it in log.read()]
    words = {str(getattr(it, name) or "") for it in events for name in personal_fields(type(it))}
    assert len(words) > 20
    people = {it.actor.user for it in events} | {str(getattr(it, "concerns", "")) for it in events}
    households = {"QS-013"} | {str(getattr(it, "household", "")) for it in events}
    hashes = {str(getattr(it, "receipt_hash", "")) for it in events}
    corrected = {"environment"}  # a category leaves
    assert not [word for word in (words | hashes) - corrected if word and word in found and not word.isdigit()]
    shared = {"", "None", "handler", "finance", "process", "household", "auditor", "committee", "department"}
    assert not [it for it in (people | households) - shared if re.search(rf"\b{re.escape(it)}\b", found)]


def test_given_officers_asked_for_then_they_stand_by_account_and_nobody_complained_of_does(
    log: Log, tmp_path: Path
) -> None:
    document = as_json(tmp_path / "log.json", "--with-people")
    everybody = {it["id"] for it in document["objects"] if it["type"] == "handler"}
    assert everybody >= {"handler:lead", "handler:handler", "handler:process"}
    complaints = {
        f"issue:{it.event.originator_id}": f"handler:{concerned}"
        for it in log.read()
        if (concerned := getattr(it.event, "concerns", None))
    }
    assert complaints
    for it in document["events"]:
        related = {each["objectId"] for each in it["relationships"]}
        if it["type"].startswith("issue."):
            assert not related & {complaints[issue] for issue in related & complaints.keys()}


@EVERY
def test_given_the_same_log_then_the_same_bytes(
    made: Mapping[ExportFormat, Path], tmp_path: Path, form: ExportFormat
) -> None:
    exported(tmp_path / "again", "--format", form)
    assert (tmp_path / "again").read_bytes() == made[form].read_bytes()
    assert [it.name for it in tmp_path.iterdir()] == ["again"]
    assert (tmp_path / "again").stat().st_mode & 0o077 == 0


def test_given_a_time_then_only_what_happened_from_then_on_is_told_under_the_same_ids(
    log: Log, document: dict[str, Any], tmp_path: Path
) -> None:
    moments = sorted(it["time"] for it in document["events"])
    since = moments[len(moments) // 2]
    until = log.read()[-1].event.occurred_at + timedelta(days=400)
    later = as_json(tmp_path / "later.json", "--from", since.replace("Z", "+00:00"), "--to", until.isoformat())
    assert list(ocel_json_faults(later)) == []
    wanted = {it["id"]: it["time"] for it in document["events"] if since <= it["time"] < until.isoformat()}
    assert {it["id"]: it["time"] for it in later["events"]} == wanted
    households = [{it["id"] for it in each["objects"] if it["type"] == "household"} for each in (document, later)]
    assert households[1]
    assert not households[0] & households[1], "another export has other names"


@pytest.mark.usefixtures("log")
def test_given_a_village_then_only_its_issues_are_told(tmp_path: Path) -> None:
    document = as_json(tmp_path / "qs.json", "--village", "QS")
    villages = {
        each["value"]
        for it in document["objects"]
        for each in it["attributes"]
        if it["type"] == "issue" and each["name"] == "village"
    }
    assert villages == {"QS"}
    assert all(it["type"].startswith("issue.") for it in document["events"])
    assert as_json(tmp_path / "none.json", "--village", "ZZ")["events"] == []


@pytest.mark.usefixtures("log")
def test_given_a_stop_amid_writing_then_the_earlier_file_stays_and_nothing_lies_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "log").write_text("earlier")

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("services.cli.audit_exports._Told.__call__", stopped)
    for form in ExportFormat:
        CliRunner().invoke(app, ["audit", "export", "-o", str(tmp_path / "log"), "--format", form])
    assert [(it.name, it.read_text()) for it in tmp_path.iterdir()] == [("log", "earlier")]


@pytest.mark.usefixtures("log")
def test_given_a_folder_that_is_not_there_then_it_is_refused_in_words(tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["audit", "export", "-o", str(tmp_path / "no" / "log")])
    assert ended.exit_code != 0
    assert getattr(ended.exception, "code", None) == "output-not-writable"


def test_given_both_files_of_a_log_then_they_say_the_same(
    made: Mapping[ExportFormat, Path], document: dict[str, Any]
) -> None:
    with closing(sqlite3.connect(made[ExportFormat.OCEL_SQLITE])) as connection:
        counts = [connection.execute(f"select count(*) from {it}").fetchone()[0] for it in ("event", "object")]
        related = connection.execute("select * from event_object order by 1, 2, 3").fetchall()
    assert counts == [len(document["events"]), len(document["objects"])]
    told = ((it["id"], it["relationships"]) for it in document["events"])
    assert related == sorted((event, each["objectId"], each["qualifier"]) for event, every in told for each in every)
