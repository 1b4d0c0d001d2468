"""A household's rights behind its receipt: correction, objection, a copy; proven, once only, nameless."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.household.commands import household_id_of
from tests.services.api.conftest import Api, assert_problem
from tests.services.api.test_receipt_words import ABSENT, receipt_of, registered

CLAIMS = {
    "correction": {"field": "address", "value": "桥尾五号"},
    "objection": {"request": "请不要再电话联系。"},
    "export": {},
}


def claim(api: Api, code: str, right: str, key: str | None = None, **changes: Any) -> httpx.Response:
    body = {"last_four": "4321", **CLAIMS[right], **changes}
    headers = {"Idempotency-Key": key or str(uuid4())}
    return api.send("POST", f"/api/v1/receipts/{code}/{right}", json=body, headers=headers)


def recorded(api: Api, household: str) -> list[tuple[str, str]]:
    history = api.casework.history(household_id_of("QS", household))
    return [(event.TOPIC, event.actor.role) for event in history][1:]


@pytest.mark.parametrize(
    ("right", "topic"),
    [
        ("correction", "household.corrected"),
        ("objection", "household.processing_objected"),
        ("export", "household.copy_requested"),
    ],
)
def test_given_a_proof_when_claimed_then_recorded_as_the_household_and_once_only(
    api: Api, right: str, topic: str
) -> None:
    household = registered(api)
    code, key = receipt_of(api, household), str(uuid4())
    answers = [claim(api, code, right, key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert recorded(api, household) == [(topic, "household")]


@pytest.mark.parametrize("right", CLAIMS)
def test_given_no_proof_when_claimed_then_refused_and_nothing_written(api: Api, right: str) -> None:
    household = registered(api)
    code = receipt_of(api, household)
    assert_problem(claim(api, code, right, last_four="0000"), 403, "second-factor-wrong")
    assert_problem(claim(api, ABSENT, right), 404, "not-found")
    assert recorded(api, household) == []


def test_given_the_telephone_when_corrected_from_afar_then_refused(api: Api) -> None:
    code = receipt_of(api, registered(api))
    assert_problem(claim(api, code, "correction", field="phone", value="13900000000"), 422, "malformed")


def test_given_a_copy_then_it_holds_the_households_data_and_no_officers_name(api: Api) -> None:
    household = registered(api)
    code = receipt_of(api, household)
    copied = claim(api, code, "export").json()
    assert (copied["household"]["household"], copied["household"]["phone"]) == (household, "139 0000 4321")
    assert [event["what"] for event in copied["events"]] == ["household.registered", "household.copy_requested"]
    assert copied["items"][0]["description"] == "门前路灯不亮。"
    assert copied["looks"]
    assert "handler" not in str(copied).replace("case_handler", "")
