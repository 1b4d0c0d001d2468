"""The household's own words behind its receipt, for whoever knows the end of its number; each is a look."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.household.commands import RegisterHousehold
from domain.issue.commands import CorrectEntry
from domain.issue.words import EntryField
from services.api.app import create_app
from services.api.door.limits import Kind, Limiter
from tests.services.api.conftest import Api, assert_problem
from tests.support.casework import PEOPLE, case

ABSENT = "0000-0000-0000-0000"
PHONE = "139 0000 4321"


def registered(api: Api, phone: str | None = PHONE) -> str:
    """A household in the register; its number."""
    number = f"H-{uuid4().hex[:8].upper()}"
    command = RegisterHousehold(
        command_id=uuid4(),
        actor=PEOPLE["handler"],
        occurred_at=api.clock.now,
        village="QS",
        household=number,
        phone=phone,
    )
    api.casework.handle(command)
    return number


def receipt_of(api: Api, household: str) -> str:
    life = case("feedback", key=uuid4().hex, household=household, description="门前路灯不亮。")
    life = life.do(CorrectEntry, field=EntryField.PLACE, value="村口东侧", reason="更正")
    api.live(life)
    api.follow()
    return api.parts.receipts.code_for(life.commands[0].command_id)


def ask(api: Api, code: str, last_four: Any) -> httpx.Response:
    return api.send("POST", f"/api/v1/receipts/{code}/details", json={"last_four": last_four})


def test_given_the_end_of_the_number_then_words_answers_and_looks_without_names(api: Api) -> None:
    code = receipt_of(api, registered(api))
    shown = ask(api, code, "4321")
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
    (item,) = shown.json()["items"]
    assert (item["description"], item["place"]) == ("门前路灯不亮。", "村口东侧")
    assert [(answer["findings"], answer["opinion"]) for answer in item["answers"]] == [("情况属实。", "路灯已修好。")]
    again = ask(api, code, "4321").json()
    assert {(look["role"], look["door"]) for look in again["looks"]} == {("household", "receipt")}
    assert not [look for look in again["looks"] if {"user_name", "user"} & look.keys()]
    assert '"handler"' not in shown.text


def test_given_an_officer_looked_then_the_household_is_told_in_which_role_and_not_who(api: Api) -> None:
    code = receipt_of(api, registered(api))
    number = api.send("GET", f"/api/v1/receipts/{code}").json()["items"][0]["number"]
    assert api.get(f"/api/v1/issues/{number}").status_code == 200
    looks = ask(api, code, "4321").json()["looks"]
    assert ("case_handler", "api") in {(look["role"], look["door"]) for look in looks}


@pytest.mark.parametrize("wrong", ["4320", "0000"])
def test_given_another_number_or_none_registered_then_one_refusal(api: Api, wrong: str) -> None:
    known, unphoned = receipt_of(api, registered(api)), receipt_of(api, registered(api, None))
    unregistered = receipt_of(api, "H-NOWHERE")
    answers = [ask(api, code, wrong) for code in (known, unphoned, unregistered)]
    assert_problem(answers[0], 403, "second-factor-wrong")
    assert len({answer.content for answer in answers}) == 1


def test_given_no_receipt_then_absent_and_without_a_proof_malformed(api: Api) -> None:
    assert_problem(ask(api, ABSENT, "4321"), 404, "not-found")
    for odd in ("432", "43210", "４３２１", 4321, None):
        assert_problem(ask(api, ABSENT, odd), 422, "malformed")


def test_given_tries_then_ten_a_day_and_no_more(api: Api) -> None:
    code = receipt_of(api, registered(api))
    generous = {Kind.RECEIPT_ADDRESS: "100/minute", Kind.RECEIPT_ISSUE: "100/day"}
    app = create_app(replace(api.parts, limiter=Limiter(generous)))

    async def ask_it() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://huiyin") as client:
            answer = await client.post(f"/api/v1/receipts/{code}/details", json={"last_four": "0000"})
            return answer.status_code

    assert [asyncio.run(ask_it()) for _ in range(11)] == [403] * 10 + [429]
