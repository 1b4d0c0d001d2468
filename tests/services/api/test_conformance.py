"""What auditors are told of conformance over HTTP: of their villages, without a household's words, the look kept."""

from typing import Any

import pytest

from domain.issue.commands import FixOnSite, GiveReply, RateAnswer
from tests.services.api.conftest import Api, assert_problem
from tests.support.states import a_new_case, case

PATH = "/api/v1/audit/conformance"
SAID = {"findings": "经现场查看，路面塌陷属实，约三米见方。", "opinion": "已安排施工队填补，并设置警示牌。"}


@pytest.fixture(scope="module")
def lived(api: Api) -> None:
    """Three households of Qingshi were answered in the same words; one case of Liuxi was withdrawn."""
    for nth in range(3):
        logged = a_new_case(key=f"copied {nth}", household=f"W-K{nth}", place=None)
        api.live(logged.do(FixOnSite).do(GiveReply, **SAID).do(RateAnswer))
    api.live(case("withdrawn", key="withdrawn", village="LX", household="W-LXK"))
    api.follow()


def asked(api: Api, **query: str) -> dict[str, Any]:
    answer = api.get(PATH, by="auditor", params=query)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_given_one_answer_for_three_households_then_it_is_named_and_each_look_is_kept(api: Api, lived: None) -> None:
    found = asked(api, village="QS", kind="copied_answer")

    (copied,) = found["patterns"]
    assert (copied["severity"], len(copied["issues"]), found["whole"]) == ("suspicion", 3, True)
    assert not any(words in str(found) for words in (*SAID.values(), "W-K"))
    seen = "select count(distinct subject) from look where what = 'audit' and subject like 'QS/%'"
    assert api.inside.execute(seen).fetchone() == (3,)


def test_given_one_number_then_its_history_alone_is_held_against_the_process(api: Api, lived: None) -> None:
    number = api.lived("settled", household="W-K9").number
    api.follow()

    found = asked(api, number=str(number))

    assert (found["checked"], found["conformant"], found["fitness"], found["issues"]) == (1, 1, 1.0, [])
    assert_problem(api.get(PATH, by="auditor", params={"number": "QS-2026-9998"}), 404, "not-found")


def test_given_anybody_but_an_auditor_then_it_is_refused(api: Api, lived: None) -> None:
    for by in ("handler", "lead", "committee", "finance", "admin"):
        assert_problem(api.get(PATH, by=by), 403)


def test_given_a_kind_that_there_is_not_then_it_is_malformed(api: Api) -> None:
    assert_problem(api.get(PATH, by="auditor", params={"kind": "evil"}), 422)
