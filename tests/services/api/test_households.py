"""The household register over HTTP: two officers erase, a number finds within one's villages, looks are told."""

from typing import Any
from uuid import uuid4

import pytest

from domain.privacy import WITHHELD
from services.privacy.masking import MASKED
from tests.services.api.conftest import Api, assert_problem

REGISTER = "/api/v1/households"


@pytest.fixture
def household(api: Api) -> str:
    """A household just registered by its handler; its path."""
    number = f"H-{uuid4().hex[:8].upper()}"
    fields = {"village": "QS", "household": number, "name": "王某", "phone": _phone(number), "address": "桥头三号"}
    done = api.post(REGISTER, fields)
    assert (done.status_code, done.json()["version"], done.headers["etag"]) == (201, 1, '"1"')
    api.follow()
    return f"{REGISTER}/QS/{number}"


def _phone(number: str) -> str:
    return "139" + str(int(number.rpartition("-")[2], 16) % 10**8).zfill(8)


def test_given_a_household_then_its_handler_reads_it_and_the_look_is_told(api: Api, household: str) -> None:
    shown = api.get(household)
    assert (shown.json()["name"], shown.json()["address"], shown.headers["etag"]) == ("王某", "桥头三号", '"1"')
    looks = api.get(f"{household}/looks", by="lead").json()["items"]
    assert [(look["user_name"], look["what"], look["door"]) for look in looks] == [("handler", "household", "api")]


def test_given_an_auditor_then_no_telephone_number_is_read(api: Api, household: str) -> None:
    shown = api.get(household, by="auditor")
    assert (shown.status_code, shown.json()["phone"]) == (200, WITHHELD)
    assert_problem(api.get(f"{household}/copy", by="auditor"), 403, "role-not-allowed")


@pytest.mark.parametrize("by", ["admin", "finance", "department", "committee"])
def test_given_another_role_then_the_register_is_closed(api: Api, household: str, by: str) -> None:
    for path in (household, f"{household}/looks", f"{household}/copy"):
        assert_problem(api.get(path, by=by), 403, "role-not-allowed")


def test_given_a_number_then_it_finds_the_household(api: Api, household: str) -> None:
    number = household.rpartition("/")[2]
    found = api.post(f"{REGISTER}/search", {"phone": _phone(number)}).json()["items"]
    assert [each["household"] for each in found] == [number]
    assert api.post(f"{REGISTER}/search", {"phone": "13700000000"}).json()["items"] == []
    assert_problem(api.post(f"{REGISTER}/search", {"phone": "canary-80574213"}), 422)
    assert_problem(api.post(f"{REGISTER}/search", {"phone": _phone(number)}, by="auditor"), 403, "role-not-allowed")


def test_given_a_request_then_a_copy_is_made_and_without_one_it_is_refused(api: Api, household: str) -> None:
    assert_problem(api.get(f"{household}/copy"), 409, "copy-not-requested")
    assert api.post(f"{household}/request-copy", {"spoken_by": "itself"}, version=1).status_code == 200
    api.follow()
    copied = api.get(f"{household}/copy").json()
    assert copied["household"]["name"] == "王某"
    assert [event["what"] for event in copied["events"]] == ["household.registered", "household.copy_requested"]


def test_given_two_officers_then_an_erasure_is_proposed_and_confirmed_and_by_one_it_is_not(
    api: Api, household: str
) -> None:
    proposed = api.post(f"{household}/propose-erasure", {"reason": "purpose_met"}, by="lead", version=1)
    assert proposed.status_code == 200
    assert_problem(api.post(f"{household}/confirm-erasure", by="lead", version=2), 409, "same-person")
    assert_problem(api.post(f"{household}/confirm-erasure", by="lead2", version=1), 412, "stale-version")
    assert api.post(f"{household}/confirm-erasure", by="lead2", version=2).status_code == 200
    api.follow()
    assert api.get(household).json()["erasure"] == "confirmed"


def test_given_an_open_case_then_an_erasure_is_refused(api: Api, household: str) -> None:
    api.lived("logged", household=household.rpartition("/")[2])
    api.follow()
    asked = api.post(f"{household}/propose-erasure", {"reason": "purpose_met"}, version=1)
    assert_problem(asked, 409, "case-still-open")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("correct-household", {"field": "phone", "value": "canary-80574213"}, 422),
        ("correct-household", {"field": "name", "value": "李某", "village": "QS"}, 422),
        ("correct-household", {"field": "belief", "value": "canary-80574213"}, 422),
        ("record-priority-consent", {"reason": "politics", "given_by": "itself", "given_on": "2026-03-01"}, 422),
        ("object-to-processing", {"request": "\ue0001|canary-80574213", "spoken_by": "itself"}, 422),
        ("erase-household", {"generation": 1}, 404),
    ],
)
def test_given_what_the_register_does_not_take_then_it_is_refused_without_an_echo(
    api: Api, household: str, path: str, body: dict[str, Any], status: int
) -> None:
    assert_problem(api.post(f"{household}/{path}", body, version=1), status)


@pytest.mark.parametrize("path", ["ZZ/QS-012", "qs/QS-012", "QS/..%2f", "QS/NOBODY-1", "QS/王某"])
def test_given_no_such_household_then_it_is_not_found(api: Api, path: str) -> None:
    assert api.get(f"{REGISTER}/{path}").status_code == 404


def test_given_a_case_of_the_household_then_auditors_read_it_without_numbers(api: Api) -> None:
    number = api.lived("logged", description="请打 13800138000").number
    api.follow()
    assert api.get(f"/api/v1/issues/{number}").json()["description"] == "请打 13800138000"
    assert api.get(f"/api/v1/issues/{number}", by="auditor").json()["description"] == f"请打 {MASKED}"
