"""What each role sees of a line, of a history and of the form: as domain/ledger_views.py says, whatever the door."""

import pytest

from domain.privacy import WITHHELD
from services.exports.issue_form import COLUMNS
from tests.services.api.conftest import Api, assert_problem

PHONE = "13900001234"


@pytest.fixture(scope="module")
def number(api: Api) -> str:
    """An issue with a telephone number in every text, answered."""
    words = f"请回电 {PHONE}。"
    logged = api.lived("fixed", title=words, description=words, place=words, household="QS-077")
    api.follow()
    assert logged.number is not None
    return logged.number


@pytest.mark.parametrize("role", ["handler", "lead", "committee"])
def test_given_the_cases_own_people_then_they_see_all_of_it(api: Api, number: str, role: str) -> None:
    line = api.get(f"/api/v1/issues/{number}", by=role).json()
    assert PHONE in line["title"]
    assert PHONE in line["description"]
    assert line["household"] == "QS-077"


def test_given_an_auditor_then_they_see_the_register_number_and_no_telephone_number(api: Api, number: str) -> None:
    answer = api.get(f"/api/v1/issues/{number}", by="auditor")
    assert answer.json()["household"] == "QS-077"
    assert "请回电" in answer.json()["description"]
    for path in (f"/api/v1/issues/{number}", f"/api/v1/issues/{number}/history", "/api/v1/ledgers/issues"):
        shown = api.get(path, by="auditor")
        assert shown.status_code == 200
        assert PHONE not in shown.text


def test_given_finance_then_they_see_what_they_need_to_pay_and_nobodys_words(api: Api, number: str) -> None:
    line = api.get(f"/api/v1/issues/{number}", by="finance").json()
    assert (line["number"], line["village"], line["stage"]) == (number, "QS", "reply")
    assert (line["description"], line["household"], line["place"], line["measures"]) == (WITHHELD, None, None, None)
    assert PHONE not in line["title"]
    history = api.get(f"/api/v1/issues/{number}/history", by="finance")
    assert [item["topic"] for item in history.json()["items"]] == ["issue.logged", "issue.fixed_on_site"]
    assert "请回电" not in history.text
    form = api.get("/api/v1/ledgers/issues", by="finance", params={"village": "QS", "limit": "200"}).json()
    rows = {row[list(COLUMNS).index("编号")]: dict(zip(COLUMNS, row, strict=True)) for row in form["rows"]}
    assert (rows[number]["反映人"], rows[number]["整改措施"]) == ("", "")
    assert rows[number]["问题内容"].endswith(WITHHELD)


@pytest.mark.parametrize("path", ["/api/v1/issues/{}", "/api/v1/issues/{}/history", "/api/v1/issues"])
@pytest.mark.parametrize(("role", "code"), [("admin", "role-not-allowed"), ("household", "no-post")])
def test_given_who_reads_no_cases_then_they_are_refused_whether_it_exists_or_not(
    api: Api, number: str, path: str, role: str, code: str
) -> None:
    there = api.get(path.format(number), by=role)
    assert_problem(there, 403, code)
    assert api.get(path.format("QS-2026-9999"), by=role).content == there.content
