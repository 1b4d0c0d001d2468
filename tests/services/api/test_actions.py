"""What somebody may do with a case now: what is listed goes through; of nobody else's case is anything told."""

from tests.services.api.conftest import Api, assert_problem


def _listed(api: Api, number: str, by: str) -> list[str]:
    return [each["command"] for each in api.get(f"/api/v1/issues/{number}/actions", by=by).json()["items"]]


def test_given_a_new_case_then_its_handler_is_told_what_may_be_done_and_in_which_words(api: Api) -> None:
    number = str(api.lived("logged").number)
    told = api.get(f"/api/v1/issues/{number}/actions", by="handler")
    assert told.headers["etag"] == '"1"'
    assert told.json()["items"][0] == {"command": "fix-on-site", "schema": "FixOnSite"}
    assert "sign-submission" not in _listed(api, number, "handler")
    assert "assign-leader" in _listed(api, number, "lead")


def test_given_a_submission_of_their_own_then_only_a_second_person_may_sign_it(api: Api) -> None:
    number = str(api.lived("submission").number)
    assert "sign-submission" in _listed(api, number, "lead")
    assert "sign-submission" not in _listed(api, number, "handler")
    assert _listed(api, number, "finance") == []


def test_given_what_is_listed_when_it_is_asked_for_then_it_goes_through(api: Api) -> None:
    done = api.lived("logged")
    number = str(done.number)
    assert "fix-on-site" in _listed(api, number, "handler")
    fixed = api.post(f"/api/v1/issues/{number}/fix-on-site", {"measures": "Bulb replaced."}, version=1)
    assert fixed.status_code == 200
    assert "fix-on-site" not in _listed(api, number, "handler")
    assert "give-reply" in _listed(api, number, "handler")


def test_given_somebody_else_s_case_then_there_is_none(api: Api) -> None:
    number = str(api.lived("logged").number)
    assert_problem(api.get(f"/api/v1/issues/{number}/actions", by="villager"), 404, "not-found")
    assert_problem(api.get(f"/api/v1/issues/{number}/actions", by="admin"), 403, "role-not-allowed")
    assert_problem(api.post(f"/api/v1/issues/{number}/actions", {}, version=1), 405, "method-not-allowed")
