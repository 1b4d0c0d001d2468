"""Copies made in the background: progress, one's own alone, in the scope of the asking, once for each key."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.organisation.commands import EndAppointment
from domain.values import Role
from services.exports import making as made_by
from services.exports.jobs import ExportDesk
from services.exports.making import Making
from services.exports.making_beside import making_beside, something_to_make
from services.exports.rows import LedgerCopies
from services.exports.sealing import PieceSeal
from tests.services.api.conftest import Api, assert_problem
from tests.support.organisation import ask as of_organisation
from tests.support.waiting import eventually

EXPORTS = "/api/v1/exports"
SEAL = PieceSeal(b"e" * 32)


@pytest.fixture(scope="module")
def number(api: Api) -> str:
    """An issue of each of two villages."""
    logged = api.lived("logged", village="QS", description="请回电。", household="QS-077").number
    api.lived("logged", village="LX")
    api.follow()
    return str(logged)


@pytest.fixture
def making(api: Api) -> Making:
    """What the worker's process makes copies with, over the API's own connections for reading."""
    parts = api.parts
    return Making(
        connect=lambda: psycopg.connect(api.database.app_dsn, autocommit=True),
        copies=LedgerCopies(parts.connect, parts.unsealing, parts.plans),
        organisation=parts.directory.organisation,
        seal=SEAL,
        clock=lambda: datetime(2026, 4, 1, tzinfo=UTC),
    )


def ask(api: Api, by: str = "handler", key: str | None = None, form: str = "json", **query: str) -> Any:
    return api.post(EXPORTS, {"ledger": "issues", "format": form, "query": query}, by=by, key=key)


def stands(api: Api, job: str, by: str = "handler") -> Any:
    return api.get(f"{EXPORTS}/{job}", by=by).json()


def test_given_a_copy_asked_for_then_it_is_made_and_taken_away_with_every_look_written_down(
    api: Api, number: str, making: Making
) -> None:
    answer = ask(api, form="csv", village="QS")
    assert answer.status_code == 201
    job = answer.json()
    assert answer.headers["location"] == f"{EXPORTS}/{job['job_id']}"
    assert (job["state"], job["rows_done"], job["ledger"]) == ("waiting", 0, "issues")
    assert_problem(api.get(f"{EXPORTS}/{job['job_id']}/file"), 409, "export-not-ready")
    seen = "select count(*) from look where subject = 'QS/QS-077' and door = 'export' and user_name = 'handler'"
    (before,) = api.inside.execute(seen).fetchone() or (0,)
    assert making.all() == 1
    done = stands(api, job["job_id"])
    assert (done["state"], done["rows"], done["title"]) == (
        "done",
        done["rows_done"],
        "云岭镇青石村问题台账（整改销号）",
    )
    file = api.get(f"{EXPORTS}/{job['job_id']}/file")
    assert number in file.text
    assert len(file.content) == done["bytes"]
    assert file.headers["content-disposition"].endswith(".csv")
    assert file.headers["cache-control"] == "no-store"
    assert api.inside.execute(seen).fetchone() == (before + 1,)
    assert api.get(EXPORTS).json()["items"][0]["job_id"] == job["job_id"]


def test_given_the_same_request_twice_then_it_is_one_job_and_another_under_its_key_is_refused(api: Api) -> None:
    key = str(uuid4())
    first, again = ask(api, key=key, overdue="true"), ask(api, key=key, overdue="true")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert_problem(ask(api, key=key, village="QS"), 409, "command-id-reused")
    assert_problem(ask(api, key=key, by="lead", overdue="true"), 409, "command-id-reused")
    api.send("DELETE", f"{EXPORTS}/{key}", headers=api.bearer("handler"))


def test_given_another_persons_job_then_it_is_as_absent_to_everybody_else(
    api: Api, number: str, making: Making
) -> None:
    job = ask(api).json()["job_id"]
    making.all()
    for by in ("lead", "auditor", "committee"):
        for method, path in (("GET", ""), ("GET", "/file"), ("DELETE", "")):
            answer = api.send(method, f"{EXPORTS}/{job}{path}", headers=api.bearer(by))
            assert_problem(answer, 404, "not-found")
        assert job not in api.get(EXPORTS, by=by).text
    assert stands(api, job)["state"] == "done"


def test_given_a_post_that_ends_meanwhile_then_the_copy_has_the_scope_of_its_asking_and_only_that_post_gets_it(
    api: Api, number: str, making: Making
) -> None:
    job = ask(api, by="villager").json()["job_id"]
    making.all()
    rows = json.loads(api.get(f"{EXPORTS}/{job}/file", by="villager").content)
    assert {row["村(社区)"] for row in rows} == {"柳溪社区"}
    api.reorganise(
        of_organisation(EndAppointment, officer="villager", role=Role.CASE_HANDLER, place="LX", at=api.clock.now)
    )
    api.parts.directory.forget()
    api.parts.authenticator._in_post.clear()
    assert api.get(f"{EXPORTS}/{job}/file", by="villager").status_code == 403


def test_given_a_job_cancelled_then_it_is_not_made_and_has_no_file(api: Api, number: str, making: Making) -> None:
    job = ask(api).json()["job_id"]
    for _ in range(2):
        cancelled = api.send("DELETE", f"{EXPORTS}/{job}", headers=api.bearer("handler"))
        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert making.all() == 0
    assert_problem(api.get(f"{EXPORTS}/{job}/file"), 409, "export-not-ready")
    late = ask(api).json()["job_id"]
    making.all()
    api.send("DELETE", f"{EXPORTS}/{late}", headers=api.bearer("handler"))
    assert api.inside.execute("select count(*) from export_piece where job_id = %s", (late,)).fetchone() == (0,)


def test_given_a_job_cancelled_while_it_is_made_then_the_maker_stops(
    api: Api, number: str, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask(api).json()["job_id"]
    honest = LedgerCopies.rows

    def cancelled_meanwhile(self: LedgerCopies, *asked: Any) -> Iterator[list[str]]:
        for row in honest(self, *asked):
            api.send("DELETE", f"{EXPORTS}/{job}", headers=api.bearer("handler"))
            yield row

    monkeypatch.setattr(LedgerCopies, "rows", cancelled_meanwhile)
    assert making.all() == 0
    assert stands(api, job)["state"] == "cancelled"


def test_given_a_maker_that_died_midway_then_the_next_one_makes_it_from_the_beginning(
    api: Api, number: str, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask(api).json()["job_id"]
    honest = LedgerCopies.rows

    def killed(self: LedgerCopies, *asked: Any) -> Iterator[list[str]]:
        yield next(honest(self, *asked))
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(LedgerCopies, "rows", killed)
        with pytest.raises(KeyboardInterrupt):
            making.all()
    assert stands(api, job)["state"] == "making"
    assert making.all() == 1
    assert stands(api, job)["state"] == "done"
    assert len(json.loads(api.get(f"{EXPORTS}/{job}/file").content)) == stands(api, job)["rows"]


@pytest.mark.slow
def test_given_the_process_that_makes_killed_midway_then_the_worker_has_it_made_again(
    api: Api, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", api.database.app_dsn)
    monkeypatch.setenv("HUIYIN_KEYS_DATABASE_URL", api.database.keys_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    job = ask(api, form="pdf").json()["job_id"]
    process = subprocess.Popen([sys.executable, "-m", "services.exports.making_process"])
    eventually(lambda: stands(api, job)["state"] == "making", within=30)
    process.kill()
    process.wait()
    assert stands(api, job)["state"] == "making"
    with making_beside(api.database.app_dsn, each_seconds=0.1):
        eventually(lambda: stands(api, job)["state"] in ("done", "failed"), within=60)
    ended = stands(api, job)
    assert ended["state"] == "done" or ended["problem"]["code"] == "pdf-not-available"


def test_given_a_job_that_fails_each_time_then_it_is_given_up_and_says_why(
    api: Api, number: str, making: Making
) -> None:
    job = ask(api).json()["job_id"]
    api.inside.execute("update export_job set attempts = %s where job_id = %s", (made_by.MOST_ATTEMPTS, job))
    assert making.all() == 0
    failed = stands(api, job)
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "export-failed")
    assert failed["problem"]["zh"]


def test_given_more_rows_than_a_pdf_may_have_then_it_is_refused_before_a_word_is_opened(
    api: Api, number: str, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_by, "MOST_PRINTED", 1)
    job = ask(api, form="pdf", by="committee").json()["job_id"]
    making.all()
    assert stands(api, job, "committee")["problem"]["code"] == "print-too-long"


def test_given_another_maker_at_work_then_nobody_makes_beside_it(api: Api, number: str, making: Making) -> None:
    job = ask(api).json()["job_id"]
    with psycopg.connect(api.database.app_dsn, autocommit=True) as another:
        another.execute(made_by._LOCK)
        assert making.all() == 0
        assert not something_to_make(api.inside)
    assert something_to_make(api.inside)
    assert making.all() == 1
    assert stands(api, job)["state"] == "done"


def test_given_a_day_then_the_file_and_the_job_are_gone(api: Api, number: str, making: Making) -> None:
    job = ask(api).json()["job_id"]
    making.all()
    kept = "select account, wanted from export_job where job_id = %s"
    assert api.inside.execute(kept, (job,)).fetchone() == ({}, {"ledger": "issues"})
    api.inside.execute("update export_job set ended_at = ended_at - interval '25 hours' where job_id = %s", (job,))
    assert not something_to_make(api.inside)
    assert_problem(api.get(f"{EXPORTS}/{job}"), 404, "not-found")
    assert api.inside.execute("select count(*) from export_piece where job_id = %s", (job,)).fetchone() == (0,)


def test_given_five_undone_then_a_sixth_is_refused(api: Api, making: Making) -> None:
    jobs = [ask(api, by="lead2") for _ in range(5)]
    assert {answer.status_code for answer in jobs} == {201}
    assert_problem(ask(api, by="lead2"), 409, "too-many-exports")
    making.all()
    assert ask(api, by="lead2").status_code == 201
    making.all()


@pytest.mark.parametrize(
    "body",
    [
        {"ledger": "issues", "format": "docx"},
        {"ledger": "unheard-of", "format": "csv"},
        {"ledger": "issues", "format": "csv", "query": {"limit": "5"}},
        {"ledger": "visits", "format": "csv", "query": {"field": "income"}},
        {"ledger": "issues"},
    ],
)
def test_given_what_no_copy_is_asked_for_by_then_it_is_refused(api: Api, body: dict[str, Any]) -> None:
    assert_problem(api.post(EXPORTS, body), 422, "malformed")


def test_given_pieces_that_were_moved_or_cut_then_there_is_no_file() -> None:
    job, content = uuid4(), b"x" * (3 << 20)
    pieces = list(SEAL.pieces(job, content))
    assert SEAL.open(job, pieces, len(content)) == content
    for wrong in (pieces[::-1], pieces[:-1], [pieces[0][:-1] + b"\0", *pieces[1:]]):
        with pytest.raises(Exception, match="export-not-ready"):
            SEAL.open(job, wrong, len(content))
    with pytest.raises(Exception, match="export-not-ready"):
        SEAL.open(UUID(int=1), pieces, len(content))
    assert isinstance(ExportDesk("", SEAL), ExportDesk)
