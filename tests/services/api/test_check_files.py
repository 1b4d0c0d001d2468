"""Photos by which a rectification is reported: of the finding's household, shown to those who may know of it."""

from tests.services.api.conftest import Api, assert_problem
from tests.services.api.test_files import taken_in, upload
from tests.services.api.test_spot_checks import PATH, begun, found, shown
from tests.support.files import photo


def ordered(api: Api, kind: str = "sit_in") -> dict[str, str]:
    """A finding in an issue of LX that is to be put right."""
    of = begun(api, kind)
    found(api, of, "LX")
    day = api.clock.now.date().isoformat()
    order = {**of, "finding": 1, "unit": "LX", "requirement": "补齐凭据。", "due_on": day}
    assert api.post(f"{PATH}/order-rectification", order, by="committee").status_code == 200
    return of


def test_given_a_photo_for_a_finding_then_it_is_named_listed_and_shown_to_those_who_know_of_it(api: Api) -> None:
    of = ordered(api)
    about = {"check": of["check_id"], "finding": "1"}
    digest = taken_in(api, by="villager", **about)
    row = api.parts.files.book.these([digest])[digest]
    assert (row.place, row.household) == ("LX", "QS-012")
    report = {**of, "finding": 1, "measures": "已补齐。", "evidence": [digest]}
    assert_problem(api.post(f"{PATH}/report-rectification", report, by="lead"), 409, "file-not-for-this")
    answer = api.post(f"{PATH}/report-rectification", report, by="villager")
    assert answer.status_code == 200, answer.text
    (listed,) = shown(api, of, "villager")["files"]
    assert (listed["digest"], listed["field"]) == (digest, "evidence")
    path = f"{PATH}/{of['check_id']}/files/{digest}"
    for part in (path, f"{path}/preview"):
        assert api.get(part, by="villager").headers["content-type"] == "image/jpeg"
    assert_problem(api.get(path, by="auditor"), 403, "role-not-allowed")
    assert_problem(api.get(f"{PATH}/{of['check_id']}/files/{'ab' * 32}", by="villager"), 404, "not-found")


def test_given_a_finding_that_is_not_theirs_or_not_there_then_nobody_uploads_for_it(api: Api) -> None:
    of = ordered(api, "unannounced")
    for finding, by in (("7", "villager"), ("1", "department")):
        answer = upload(api, photo(), by=by, check=of["check_id"], finding=finding)
        assert_problem(answer, 404, "not-found")
    assert_problem(upload(api, photo(), by="villager", check=of["check_id"]), 422, "malformed")
