"""Plans at the API's door: one administrator proposes, another confirms, everybody in a post sees what is in force."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.adoption.commands import ADOPTION_ID
from domain.organisation.commands import AppointOfficer
from domain.plan import Plan, load_plan
from domain.values import Role
from tests.services.api.conftest import Api, an_api, assert_problem
from tests.support.adoption import version
from tests.support.office import TOWNSHIP
from tests.support.organisation import ask
from tests.support.people import let_in
from tests.support.postgres import DatabaseServer
from tests.support.settling import SINCE
from tests.support.waiting import eventually

ROOT = "/api/v1/plans"


@pytest.fixture(scope="module")
def own(database_server: DatabaseServer) -> Iterator[Api]:
    """An API of its own with a second administrator: here plans are adopted."""
    with an_api(database_server) as opened:
        opened.reorganise(ask(AppointOfficer, at=SINCE, officer="admin2", role=Role.ADMINISTRATOR, place="YX"))
        yield replace(opened, tokens={**opened.tokens, **let_in(opened.database.app_dsn, ["admin2"])})


def document(plan: Plan) -> dict[str, Any]:
    return plan.model_dump(mode="json", exclude_none=True)


def proposed(own: Api, plan: Plan, starts_on: date, **more: Any) -> str:
    key = str(uuid4())
    body = {"document": document(plan), "starts_on": starts_on.isoformat(), **more}
    answer = own.post(f"{ROOT}/propose-plan", body, by="admin", key=key)
    assert answer.status_code in (200, 201), answer.text
    assert answer.json()["adoption_id"] == str(ADOPTION_ID)
    return key


def today(own: Api) -> date:
    return own.clock.now.date()


def test_given_two_administrators_when_a_plan_is_adopted_then_new_issues_count_by_it_and_old_ones_do_not(
    own: Api,
) -> None:
    before = own.casework.issue(own.lived("logged", by="household").stream_id)
    strict = version(load_plan("cx"), 2, clocks={**document(load_plan("cx"))["clocks"], "on_site": ONE_DAY})
    proposal = proposed(own, strict, today(own), township=TOWNSHIP)
    assert_problem(own.post(f"{ROOT}/adopt-plan", {"proposal": proposal}, by="admin"), 409, "same-person")
    confirmed = own.post(f"{ROOT}/adopt-plan", {"proposal": proposal}, by="admin2")
    assert confirmed.status_code == 200, confirmed.text

    eventually(lambda: own.parts.plans().asks_where)
    own.clock.advance(timedelta(minutes=1))
    body = {"channel": "visit", "village": "QS", "category": "construction", "description": "路灯不亮。"}
    after = own.casework.issue(own.casework.issue_id(own.post("/api/v1/issues", body).json()["number"]))
    elsewhere = own.post("/api/v1/issues", {**body, "village": "WS"}, by="handler2").json()["number"]
    other = own.casework.issue(own.casework.issue_id(elsewhere))
    assert before is not None
    assert after is not None
    assert other is not None
    assert own.casework.issue(before.issue_id) == before
    assert [it.deadline.amount for it in (before, after, other) if it.deadline] == [3, 1, 3]
    assert [it.deadline.plan for it in (before, after, other) if it.deadline] == ["cx@1", "cx@2", "cx@1"]

    shown = own.get(ROOT, by="auditor")
    assert shown.headers["etag"] == f'"{shown.json()["version"]}"'
    in_force = {it["township"]: it["plan"] for it in shown.json()["in_force"]}
    assert in_force == {None: "cx@1", TOWNSHIP: "cx@2"}
    (line,) = (it for it in shown.json()["proposals"] if it["proposal"] == proposal)
    assert (line["standing"], line["proposed_by"], line["settled_by"]) == ("adopted", "admin", "admin2")
    assert line["document"] is None


ONE_DAY = {"amount": 1, "unit": "working", "basis": "PC2"}


def test_given_the_same_proposal_sent_twice_then_it_counts_once(own: Api) -> None:
    key, far = str(uuid4()), today(own) + timedelta(days=90)
    body = {"document": document(load_plan("ll")), "starts_on": far.isoformat()}
    first, again = (own.post(f"{ROOT}/propose-plan", body, by="admin", key=key) for _ in range(2))
    assert (first.json()["version"], again.json()["repeated"]) == (again.json()["version"], True)
    assert_problem(own.post(f"{ROOT}/propose-plan", body, by="admin"), 409, "already-proposed")
    (shown,) = (
        it
        for it in own.get(ROOT, by="handler", params={"documents": "true"}).json()["proposals"]
        if it["proposal"] == key
    )
    assert Plan.model_validate_json(shown["document"]) == load_plan("ll")
    withdrawn = {"proposal": key, "reasons": "另有安排。"}
    assert own.post(f"{ROOT}/withdraw-proposal", withdrawn, by="admin").status_code == 200
    assert_problem(own.post(f"{ROOT}/adopt-plan", {"proposal": key}, by="admin2"), 409, "proposal-settled")


def test_given_an_unsound_plan_then_every_fault_is_told_by_path_and_nothing_that_was_typed(own: Api) -> None:
    bad = document(load_plan("mz"))
    bad["committee"]["quorum"] = 99
    bad["categories"]["CANARY"] = {"zh": "某", "en": "some"}
    bad["canary"] = 1
    del bad["clocks"]["reply"]
    refused = own.post(f"{ROOT}/propose-plan", {"document": bad, "starts_on": "2099-01-01"}, by="admin")
    told = assert_problem(refused, 422, "malformed")
    assert {error["path"] for error in told["errors"]} == {
        *("body.document", "body.document.committee", "body.document.categories", "body.document.clocks.reply")
    }
    assert "canary" not in refused.text.lower()


def test_given_what_cannot_be_then_it_is_refused(own: Api) -> None:
    plan = document(load_plan("sg"))
    day = today(own)

    def refused(code: str, **fields: Any) -> None:
        body = {"document": plan, "starts_on": day.isoformat(), **fields}
        assert_problem(own.post(f"{ROOT}/propose-plan", body, by="admin"), 409, code)

    refused("starts-in-the-past", starts_on=(day - timedelta(days=1)).isoformat())
    refused("unknown-township", township="无名镇")
    refused("plan-version-taken", document={**plan, "title": {"zh": "另一方案", "en": "another"}})
    assert_problem(
        own.post(f"{ROOT}/adopt-plan", {"proposal": str(uuid4())}, by="admin2"), 404, "no-such-plan-proposal"
    )
