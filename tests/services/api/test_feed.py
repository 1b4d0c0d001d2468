"""The feed: every event once and in order, whoever stops and starts again; nobody's words; only who sees all of it."""

import json
import random
import re
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from domain.privacy import personal_fields
from domain.proof.hashing import SHA256
from domain.streams import STREAMS
from projections.audit_findings import AUDIT_FINDINGS
from projections.follower import connect, follow, own_position
from projections.issue_ledger import ISSUE_LEDGER
from projections.log_reader import LogReader
from projections.projection import decoded
from projections.seal import seal_once
from projections.tree import grow, sign_head, tree_name
from services.audit.log_key import LogKey
from services.cli.commands import app
from tests.projections.ledger import QUICK
from tests.services.api.conftest import Api, assert_problem
from tests.support.waiting import eventually, running

FEED = "/api/v1/feed"
HOUSEHOLD = "QS-77"


@pytest.fixture(scope="module")
def fed(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Its log is sealed, signed and followed all the while."""
    before = api.get(FEED, by="auditor")
    assert (before.status_code, before.json()) == (200, []), "a log without a name tells nothing"
    api.lived("closed", household=HOUSEHOLD)
    key = LogKey(tmp_path_factory.mktemp("key"))
    with connect(api.database.follower_dsn, "tree") as follower:
        events = seal_once(follower)
        with follower.transaction():
            grow(follower, SHA256, own_position(follower, tree_name(SHA256)), events)
        with follower.transaction():
            sign_head(follower, SHA256, key, events - 1)
    with (
        running(lambda stop: sealing(api.database.follower_dsn, stop)),
        running(lambda stop: follow(api.database.follower_dsn, [ISSUE_LEDGER, AUDIT_FINDINGS], stop, QUICK)),
    ):
        caught_up(api)
        yield api


def sealing(dsn: str, stop: threading.Event) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        while not stop.wait(0.01):
            seal_once(connection)


def head(api: Api) -> int:
    """The last position once everything has one."""
    row = api.inside.execute("select count(*) - 1 from ledger_events").fetchone()
    return int(row[0]) if row else -1


def caught_up(api: Api) -> None:
    last = head(api)
    query = "select min(position), count(*) from follower_position where name in ('issue_ledger', 'audit_findings')"
    eventually(lambda: api.inside.execute(query).fetchone() == (last, 2))


def asked(api: Api, **query: Any) -> tuple[list[dict[str, Any]], str | None]:
    """The events of an answer, and its cursor."""
    answer = api.get(FEED, by="auditor", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    events: list[dict[str, Any]] = answer.json()
    return events, answer.headers.get("Huiyin-Cursor")


def test_given_the_log_then_each_event_is_a_cloud_event(fed: Api) -> None:
    events, cursor = asked(fed, limit=1000)
    assert [it["position"] for it in events] == list(range(head(fed) + 1))
    assert cursor == str(head(fed))
    for it in events:
        assert it["specversion"] == "1.0"
        assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in it)
        assert re.fullmatch(r"huiyin/log/[0-9a-f]{16}", it["source"])
        assert it["type"].removeprefix("org.huiyin.").partition(".")[0] in STREAMS
        assert datetime.fromisoformat(it["time"]).tzinfo is not None
        assert {type(value) for name, value in it.items() if name != "data"} <= {str, int}
    assert len({(it["source"], it["id"]) for it in events}) == len(events)
    assert any(re.fullmatch(r"QS-2026-\d{4}", it["subject"]) for it in events)


def test_given_words_and_a_register_number_then_neither_is_in_it(fed: Api) -> None:
    text = json.dumps(asked(fed, limit=1000)[0], ensure_ascii=False)
    events = [it.event for it in decoded(LogReader(fed.inside).read_sealed(-1, 10_000))]
    words = {str(getattr(it, name) or "") for it in events for name in personal_fields(type(it))} - {""}
    assert words
    assert not [word for word in words if word in text]
    assert HOUSEHOLD not in text
    assert "receipt_hash" not in text


def test_given_a_cursor_at_or_beyond_the_head_then_nothing_and_the_same_cursor(fed: Api) -> None:
    for after in (head(fed), head(fed) + 1000):
        assert asked(fed, after=after) == ([], str(after))


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1.5", "limit=0", "limit=1001", "wait=16", "from=3"])
def test_given_an_odd_question_then_it_is_refused(fed: Api, query: str) -> None:
    assert_problem(fed.get(f"{FEED}?{query}", by="auditor"), 422, "malformed")


def test_given_events_written_meanwhile_when_a_client_dies_and_comes_back_then_none_is_missed_or_twice(
    fed: Api,
) -> None:
    chance, got, cursor = random.Random(7), list[int](), -1
    writer = threading.Thread(target=lambda: [fed.lived("logged") for _ in range(12)])
    writer.start()
    while writer.is_alive() or cursor < head(fed):
        events, told = asked(fed, limit=chance.randint(1, 9), **({} if cursor < 0 else {"after": cursor}))
        if chance.random() < 0.3:
            continue  # it died before it wrote anything down
        got += [it["position"] for it in events]
        cursor = int(told or -1)
    writer.join()
    assert got == list(range(head(fed) + 1))


def test_given_a_wait_then_it_ends_with_the_next_event(fed: Api) -> None:
    caught_up(fed)
    last = head(fed)
    writer = threading.Timer(0.2, lambda: fed.lived("logged"))
    writer.start()
    events, _ = asked(fed, after=last, wait=10)
    writer.join()
    assert events[0]["position"] == last + 1


def test_given_a_complaint_about_the_auditor_then_it_is_left_out_and_the_cursor_goes_past_it(fed: Api) -> None:
    caught_up(fed)
    before = head(fed)
    complaint = fed.lived("logged", concerns="auditor", by="household")
    caught_up(fed)
    events, cursor = asked(fed, after=before)
    assert (events, cursor) == ([], str(head(fed)))
    assert str(complaint.number) not in json.dumps(asked(fed, limit=1000)[0])
    assert asked(fed, after=before, wait=5) == ([], str(head(fed))), "what moves the cursor is an answer"


@pytest.mark.parametrize("by", ["handler", "lead", "finance", "admin", "department"])
def test_given_anybody_else_then_the_feed_is_refused(fed: Api, by: str) -> None:
    assert_problem(fed.get(FEED, by=by), 403, "role-not-allowed")


def test_given_the_command_line_then_it_tells_the_same_a_line_an_event(
    fed: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", fed.database.app_dsn)
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path))
    caught_up(fed)
    told = [json.loads(line) for line in CliRunner().invoke(app, ["audit", "feed"]).stdout.splitlines()]
    assert [it["position"] for it in told] == list(range(head(fed) + 1))
    few = CliRunner().invoke(app, ["audit", "feed", "--after", "2", "--limit", "3"]).stdout.splitlines()
    assert [json.loads(line) for line in few] == told[3:6]
    assert asked(fed, limit=3)[0] == told[:3]
