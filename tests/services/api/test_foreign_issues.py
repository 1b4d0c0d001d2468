"""An issue that is none of somebody's business answers exactly as one that does not exist, whatever they try."""

from uuid import uuid4

import httpx

from tests.services.api.conftest import Api

ABSENT = "QS-2026-9999"


def same(one: httpx.Response, other: httpx.Response) -> None:
    assert (one.status_code, one.content) == (other.status_code, other.content)
    assert one.status_code == 404


def test_given_a_key_that_a_department_used_elsewhere_then_anothers_issue_is_as_absent(api: Api) -> None:
    own, foreign = api.lived("at_department").number, api.lived("logged").number
    key, body = str(uuid4()), {"person": "department"}
    api.follow()
    accepted = api.post(f"/api/v1/issues/{own}/accept-issue", body, by="department", key=key, version=2)
    assert accepted.status_code == 200, accepted.text
    tried = [
        api.post(f"/api/v1/issues/{number}/accept-issue", body, by="department", key=key, version=2)
        for number in (foreign, ABSENT)
    ]
    same(*tried)


def test_given_what_a_department_did_itself_then_repeating_it_is_answered_though_the_case_has_left_it(api: Api) -> None:
    own = api.lived("at_department").number
    key, body = str(uuid4()), {"reasons": "不属本部门职责。"}
    path = f"/api/v1/issues/{own}/return-escalation"
    first, again = (api.post(path, body, by="department", key=key, version=2) for _ in range(2))
    assert first.status_code == again.status_code == 200, first.text
    assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)
