"""What each owes today: by person, by role with four eyes, in the order of urgency, and with the next step."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.meeting.commands import DrawAgenda
from domain.meeting.words import MeetingKind
from domain.organisation.commands import NameDeputy
from domain.periods import Cycle
from domain.submission.commands import OpenSubmissions
from domain.values import THE_PROCESS, Role
from tests.services.api.conftest import Api, an_api, assert_problem
from tests.support.casework import TOWNSHIP
from tests.support.organisation import ask
from tests.support.postgres import DatabaseServer
from tests.support.settling import SINCE

TODAY = "/api/v1/today"
PHONE = "13677045519"


@pytest.fixture
def api(database_server: DatabaseServer) -> Iterator[Api]:
    """An API of each test's own: everything owed is counted."""
    with an_api(database_server) as opened:
        yield opened


def today(api: Api, by: str = "handler", post: str | None = None) -> dict[str, Any]:
    api.follow()
    headers = {**api.bearer(by), **({"Huiyin-Post": post} if post else {})}
    found = api.send("GET", TODAY, headers=headers)
    assert found.status_code == 200, found.text
    told: dict[str, Any] = found.json()
    return told


def steps(told: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(it["stage"], it["whose"], it["command"]) for it in told["items"]]


def test_given_cases_of_ones_own_then_the_most_urgent_comes_first_with_its_next_step(api: Api) -> None:
    later = api.lived("fixed")
    sooner = api.lived("logged", title="村口路灯")
    assert api.lived("logged", village="LX", by="household").number, "handler2's"
    told = today(api)
    assert [it["number"] for it in told["items"]] == [sooner.number, later.number]
    assert steps(told) == [("logged", "mine", "FixOnSite"), ("reply", "mine", "GiveReply")]
    first = told["items"][0]
    assert (first["path"], first["title"], first["version"], first["zh"]) == (
        "fix-on-site", "村口路灯", 1, "现场办理，或办结，或上报",
    )  # fmt: skip
    assert (told["mine"], told["anybody"], told["overdue"], told["more"]) == (2, 0, 0, False)
    done = api.post(f"/api/v1/issues/{first['number']}/{first['path']}", {"measures": "已修。"}, version=1)
    assert done.status_code == 200
    assert steps(today(api)) == [("reply", "mine", "GiveReply")] * 2
    api.clock.set(api.clock.now + timedelta(days=60))
    assert today(api)["overdue"] == 2


def test_given_what_another_must_sign_then_it_waits_for_whoever_may_and_not_for_who_prepared_it(api: Api) -> None:
    api.lived("submission")
    assert steps(today(api, "lead")) == [("submission", "anybody", "SignSubmission")]
    assert steps(today(api, "committee")) == [("submission", "anybody", "SignSubmission")]
    assert today(api, "handler")["items"] == []
    assert today(api, "villager")["items"] == []


def test_given_a_closed_case_then_another_officer_is_to_look_back(api: Api) -> None:
    api.lived("closed")
    assert ("closed", "anybody", "RecordLookBack") in steps(today(api, "handler2"))
    assert today(api, "handler")["items"] == []
    assert ("closed", "anybody", "RecordLookBack") in steps(today(api, "auditor"))


def test_given_more_time_asked_for_then_whoever_grants_it_is_told_of_it_here(api: Api) -> None:
    api.lived("extension_asked")
    assert [it["command"] for it in today(api, "lead")["items"]] == ["GrantExtension"]
    assert [it["command"] for it in today(api)["items"]] == ["FixOnSite"]


def test_given_a_grant_then_finance_pays_and_is_shown_no_telephone_number(api: Api) -> None:
    api.lived("granted", title=f"请回电 {PHONE}。")
    told = today(api, "finance")
    assert steps(told) == [("funding", "anybody", "PayTranche")]
    assert PHONE not in str(told)


def test_given_a_complaint_then_it_is_nothing_to_whom_it_is_about(api: Api) -> None:
    api.lived("submission", concerns="lead2", by="household")
    assert steps(today(api, "lead2")) == []
    assert steps(today(api, "lead")) == [("submission", "anybody", "SignSubmission")]


def test_given_both_clocks_then_the_households_date_stands_beside_the_holders_own(api: Api) -> None:
    api.lived("handed_over")
    (item,) = today(api, "handler2")["items"]
    assert item["promised_at"]
    assert item["due_at"]


def test_given_a_deputy_then_they_owe_what_the_one_owes_for_whom_they_stand_in(api: Api) -> None:
    api.lived("logged")
    stands_in = {"officer": "handler", "role": Role.CASE_HANDLER, "place": "QS", "deputy": "member2"}
    api.reorganise(ask(NameDeputy, at=SINCE, until=SINCE.replace(year=2199), **stands_in))
    assert today(api, "member2")["items"] == []
    assert steps(today(api, "member2", post="case_handler@QS")) == [("logged", "mine", "FixOnSite")]


def test_given_papers_and_meetings_then_they_stand_beside_the_cases(api: Api) -> None:
    asked: dict[str, Any] = {"command_id": uuid4(), "actor": THE_PROCESS, "occurred_at": api.clock.now}
    api.casework.handle(OpenSubmissions(**asked, place="QS", cycle=Cycle.MONTH, first=date(2026, 3, 1)))
    asked["command_id"] = uuid4()
    drawn = DrawAgenda(
        **asked, township=TOWNSHIP, kind=MeetingKind.COMMITTEE, period="2031-01", cut_off=api.clock.now, candidates=()
    )
    meeting = api.casework.handle(drawn).stream_id
    papers = today(api, "handler", post="case_handler@QS")["papers"]
    assert {(it["submission"], it["owner"]) for it in papers} >= {("board_photos", "QS")}
    assert papers[0]["title"]["zh"]
    assert [it["meeting_id"] for it in today(api, "committee")["meetings"]] == [str(meeting)]
    assert today(api, "handler")["meetings"] == []
    assert today(api, "villager")["papers"] == []


def test_given_somebody_who_reads_no_cases_then_they_are_refused(api: Api) -> None:
    assert_problem(api.get(TODAY, by="admin"), 403, "role-not-allowed")
