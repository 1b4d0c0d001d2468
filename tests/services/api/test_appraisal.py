"""Appraisal over HTTP: one's own account whole, others' within one's post, each figure taken apart into its marks."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.appraisal.readers import EVERY_ACCOUNT, OWN_ACCOUNT
from domain.issue import commands as c
from domain.issue.words import Rating
from tests.services.api.conftest import Api, assert_problem
from tests.support.casework import PEOPLE, case

PATH = "/api/v1/ledgers/appraisal"
YEAR = "2026"


@pytest.fixture(scope="module", autouse=True)
def worked(api: Api) -> None:
    """An answer rated in each of two villages, a late one, a department's, and a complaint."""
    for village, rating in (("QS", Rating.SATISFIED), ("LX", Rating.DISSATISFIED)):
        api.live(case("feedback", key=uuid4().hex, village=village).do(c.RateAnswer, rating=rating))
    api.live(case("missed", key=uuid4().hex).do(c.FixOnSite))
    sent = case("logged", key=uuid4().hex).do(c.EscalateIssue, department="construction")
    accepted = sent.do(c.AcceptIssue, by="department", person="department")
    api.live(accepted.do(c.ResolveIssue, by="department").do(c.GiveReply, by="department"))
    api.live(case("fixed", key=uuid4().hex, concerns="lead2"))
    api.follow()


def read(api: Api, person: str, **query: Any) -> httpx.Response:
    return api.get(PATH, person, params={"period": YEAR, **query})


def marks(api: Api, by: str, **query: Any) -> dict[str, Any]:
    answer = api.get(f"{PATH}/marks", by, params={"period": YEAR, **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def whose(api: Api, person: str, **query: Any) -> set[tuple[str | None, str]]:
    answer = read(api, person, **query)
    assert answer.status_code == 200, answer.text
    return {(it["officer"], it["place"]) for it in answer.json()["items"]}


@pytest.mark.proves("D8")
def test_given_a_handler_then_they_see_their_own_account_and_each_case_behind_it(api: Api) -> None:
    (line,) = read(api, "handler").json()["items"]
    assert (line["officer"], line["place"], line["place_name"]) == ("handler", "QS", "青石村")
    assert (line["satisfaction"]["numerator"], line["satisfaction"]["denominator"]) == (1, 1)
    behind = marks(api, "handler", limit=200)["items"]
    for what, count in line["counts"].items():
        of_figure = [it for it in behind if it["what"] == what]
        assert sum(it["count"] for it in of_figure) == count
        assert all(it["reference"].startswith("QS-2026-") for it in of_figure)
    (late,) = marks(api, "handler", what="late")["items"]
    assert late["rule"] == "on_site"


def test_given_a_handler_who_asks_for_others_then_they_get_their_own_or_nothing(api: Api) -> None:
    assert {it["officer"] for it in marks(api, "handler", officer="handler2")["items"]} == {"handler"}
    assert whose(api, "handler", village="LX") == set()
    for by in ("station", "department"):
        assert_problem(read(api, "handler", by=by), 403, "role-not-allowed")


@pytest.mark.proves("D8")
def test_given_each_role_then_accounts_are_read_within_its_post(api: Api) -> None:
    for person in ("handler", "lead", "committee", "finance", "department", "auditor", "admin"):
        allowed = PEOPLE[person].role in OWN_ACCOUNT | EVERY_ACCOUNT
        assert read(api, person).status_code == (200 if allowed else 403), person
    assert {("handler", "QS"), ("handler2", "LX")} <= whose(api, "auditor")
    assert whose(api, "villager") == set()
    assert whose(api, "finance") == set()
    assert {who for who, _ in whose(api, "department")} == {"handler", "department"} - {"handler"}
    assert whose(api, "department", by="department") == {(None, "department:construction")}


def test_given_a_lead_who_asks_for_their_own_account_then_it_is_theirs_alone(api: Api) -> None:
    assert whose(api, "committee", own="true") == set()
    assert {who for who, _ in whose(api, "department", own="true")} == {"department"}
    assert_problem(read(api, "lead", own="true", by="station"), 403, "role-not-allowed")


def test_given_a_complaint_then_it_counts_in_no_total_of_whom_it_concerns(api: Api) -> None:
    def handled(by: str) -> int:
        lines = read(api, by).json()["items"]
        return sum(it["counts"].get("handled", 0) for it in lines if (it["officer"], it["place"]) == ("handler", "QS"))

    assert handled("auditor") == 3
    assert handled("lead2") == 2


@pytest.mark.proves("D8")
def test_given_the_position_of_an_earlier_answer_then_the_same_figures_are_told_again(api: Api) -> None:
    before = read(api, "auditor").json()
    api.live(case("feedback", key=uuid4().hex, village="LX").do(c.RateAnswer, rating=Rating.MOSTLY))
    api.follow()
    assert read(api, "auditor").json()["items"] != before["items"]
    assert read(api, "auditor", up_to=before["up_to"]).json() == before


def test_given_pages_then_every_mark_comes_once(api: Api) -> None:
    whole = marks(api, "auditor", limit=200)["items"]
    page = marks(api, "auditor", limit=5)
    paged = page["items"]
    while page["next"]:
        page = marks(api, "auditor", limit=5, cursor=page["next"])
        paged += page["items"]
    assert paged == whole


@pytest.mark.parametrize("period", ["2026-13", "soon", "2026-W54", ""])
def test_given_no_period_of_the_calendar_then_it_is_refused(api: Api, period: str) -> None:
    (error,) = assert_problem(api.get(PATH, "auditor", params={"period": period}), 422, "malformed")["errors"]
    assert (error["path"], error["code"]) == ("query.period", "period-unknown")


def test_given_a_plan_that_asks_for_no_appraisal_then_nobody_is_ranked(api: Api) -> None:
    answer = read(api, "auditor").json()
    assert (answer["ranking"], answer["answerable"]) == (None, None)
