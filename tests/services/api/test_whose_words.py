"""Whatever is asked, auditors are shown no telephone number, and administrators nothing of any case."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from domain.household.commands import RegisterHousehold
from domain.household.words import SpokenBy
from domain.liaison.commands import RecordDifficultySolved
from domain.values import Role
from projections.registry import PROJECTIONS
from projections.row_security import OPEN
from services.identity.accounts import Account
from services.persistence.scope import Scope, scoped
from tests.domain.test_household import ask
from tests.projections import test_audit_findings, test_docket, test_spot_checks
from tests.projections.ledger import Log
from tests.projections.lives import LIVES
from tests.services.api.conftest import Api
from tests.support.bulletins import Told, drawn_up
from tests.support.casework import START
from tests.support.duty_month import a_month
from tests.support.free_text import written
from tests.support.postgres import DatabaseServer
from tests.support.visits import ask as ask_of_visits

PHONE = "13677045518"
"""In every free text of a household and of its case."""
INBOX = "/api/v1/inbox"
WITHOUT_CASES = {
    "/api/v1/organisation", "/api/v1/organisation/history", "/api/v1/session", "/api/v1/plans", "/api/v1/me/notices",
    "/api/v1/audit/looks/report", "/api/v1/me/choices", "/api/v1/people", "/api/v1/site", INBOX,
}  # fmt: skip
"""What an administrator is answered besides counts and holidays: places, posts and plans, and what is their own:
log-in, notices and where these are sent; how much auditors looked at.
"""
ADMINISTRATOR = Account("admin", "管理员", "Administrator", Role.ADMINISTRATOR, "YL")
AUDITOR = replace(ADMINISTRATOR, role=Role.AUDITOR)
OF_THE_ADDRESSED = Scope.of_inbox(Account("handler", "驻村干部", "Handler", Role.CASE_HANDLER, "QS"))
"""Notices are seen by whom they tell something, and by no auditor."""
TABLES = sorted(table for projection in PROJECTIONS for table in projection.tables)


@pytest.fixture(scope="module")
def case_of(api: Api) -> dict[str, str]:
    """What stands in the paths' brackets, of a case and a household full of telephone numbers."""
    household = f"W-{uuid4().hex[:6].upper()}X"
    words = f"请回电 {PHONE}。"
    logged = api.lived("feedback", title=words, description=words, place=words, source=words, household=household)
    said = {"household": household, "command_id": uuid4(), "occurred_at": api.clock()}
    api.casework.handle(written(ask(RegisterHousehold), PHONE).model_copy(update=said))
    api.follow()
    assert logged.number is not None
    return {"number": logged.number, "village": "QS", "household": household, "name": "issues"}


def answers(api: Api, by: str, parts: dict[str, str]) -> dict[str, str]:
    """What this account is answered by every GET of the description that is for accounts, by path."""
    paths: dict[str, Any] = api.send("GET", "/api/openapi.json").json()["paths"]
    known = {**parts, "id": str(uuid4()), "year": "2026", "digest": "ab" * 32, "tile": "entries/000.p/1"}
    asked = [
        path for path, item in paths.items() if "get" in item and path.startswith("/api/v1/") and "{code}" not in path
    ]
    found = {path: api.get(path.format(**known), by=by) for path in asked}
    return {path: answer.text for path, answer in found.items() if answer.status_code == 200}


def test_given_a_case_full_of_numbers_then_its_own_people_are_shown_them(api: Api, case_of: dict[str, str]) -> None:
    shown = answers(api, "handler", case_of)
    assert {path for path, text in shown.items() if PHONE in text} >= {
        "/api/v1/issues/{number}", "/api/v1/issues/{number}/history", "/api/v1/households/{village}/{household}"
    }  # fmt: skip


def test_given_an_auditor_then_no_answer_holds_a_telephone_number(api: Api, case_of: dict[str, str]) -> None:
    shown = answers(api, "auditor", case_of)
    assert "/api/v1/households/{village}/{household}" in shown
    assert [path for path, text in shown.items() if PHONE in text] == []


def test_given_an_administrator_then_no_answer_is_about_a_case(api: Api, case_of: dict[str, str]) -> None:
    shown = answers(api, "admin", case_of)
    counts = shown.pop("/api/v1/dashboard")
    public = shown.pop("/api/v1/notice-board")
    assert {path for path in shown if "/holidays" not in path and "/dashboard/" not in path} == WITHOUT_CASES
    for text in (*shown.values(), counts, public):
        assert not any(word in text for word in (PHONE, case_of["number"], case_of["household"], "请回电"))
    told = json.loads(shown[INBOX])["items"]
    assert {(it["addressee"], it["number"]) for it in told} == {("admin", None)}


@pytest.fixture(scope="module")
def everything(database_server: DatabaseServer) -> Iterator[Log]:
    """A log of which every table of every read model holds rows."""
    database = database_server.migrated_database()
    opened = Log(database)
    duties, (meetings, *_) = a_month(), test_docket.a_month()
    duties.link("handler", "QS", "QS-012")
    shown = {"issue": None, "month": "2026-03", "entry": 2}
    duties.do(ask_of_visits(RecordDifficultySolved, at=START + timedelta(5), **shown))
    opened.append(*LIVES, duties, test_spot_checks.a_month(), test_audit_findings.a_year(), Told(drawn_up()), meetings)
    opened.fill()
    yield opened
    opened.close()
    database_server.drop(database)


@pytest.mark.parametrize("table", TABLES)
def test_given_the_role_of_the_programs_in_an_administrators_scope_then_no_row_is_seen(
    everything: Log, table: str
) -> None:
    count = f"select count(*) > 0 from {table}".encode()
    with psycopg.connect(everything.database.superuser_dsn, autocommit=True) as connection:
        connection.execute("set role huiyin_app")
        with scoped(connection, Scope.of(ADMINISTRATOR)):
            assert connection.execute(count).fetchone() == (table in OPEN,)
        with scoped(connection, OF_THE_ADDRESSED if table == "inbox" else Scope.of(AUDITOR)):
            assert connection.execute(count).fetchone() == (True,)


@pytest.mark.parametrize("by", ["auditor", "admin", "finance"])
def test_given_a_number_then_nobody_but_field_staff_finds_whose_it_is(
    api: Api, case_of: dict[str, str], by: str
) -> None:
    found = api.post("/api/v1/households/search", {"phone": PHONE}, by=by)
    copied = api.post(
        f"/api/v1/households/QS/{case_of['household']}/request-copy", {"spoken_by": SpokenBy.ITSELF}, by=by, version=1
    )
    assert (found.status_code, copied.status_code) == (403, 403)
