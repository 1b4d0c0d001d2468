"""The holiday tables at the API's door: one administrator proposes, another confirms, everybody in a post sees them."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from domain.issue.events import DeadlineRedated
from domain.values import LOCAL_ZONE
from services.api.openapi.examples import EXAMPLES
from services.redating import Clocks, by_hand
from tests.services.api.conftest import Api, an_api, assert_problem
from tests.support.holidays import LABOUR_DAY_2031, adopted
from tests.support.postgres import DatabaseServer
from tests.support.waiting import eventually

ROOT = "/api/v1/holidays"


@pytest.fixture(scope="module")
def own(database_server: DatabaseServer) -> Iterator[Api]:
    """An API of its own: here the calendar changes."""
    with an_api(database_server) as opened:
        yield opened


def test_given_two_administrators_then_a_table_is_proposed_seen_and_confirmed(own: Api) -> None:
    before = own.get(f"{ROOT}/2027", by="auditor").json()
    assert (before["official"], before["in_force"], before["proposed"]) == (False, None, None)

    proposed = own.post(f"{ROOT}/adopt-holidays", dict(EXAMPLES["AdoptHolidays"]), by="admin")
    assert proposed.status_code == 201, proposed.text
    version = proposed.json()["version"]
    waits = own.get(f"{ROOT}/2027", by="handler").json()
    assert (waits["official"], waits["proposed"]["version"]) == (False, version)

    confirm = {"year": 2027, "proposal": version}
    assert_problem(own.post(f"{ROOT}/confirm-holidays", confirm, by="admin"), 409, "same-person")
    assert own.post(f"{ROOT}/confirm-holidays", confirm, by="admin2").status_code == 200
    after = own.get(f"{ROOT}/2027", by="finance")
    assert after.headers["etag"] == '"2"'
    assert after.json()["in_force"]["notice"] == EXAMPLES["AdoptHolidays"]["notice"]
    assert after.json()["proposed"] is None


def test_given_a_year_that_came_with_the_program_then_its_days_and_their_source_are_shown(own: Api) -> None:
    shown = own.get(f"{ROOT}/2026", by="handler").json()
    assert shown["official"]
    assert "2026-02-17" in shown["in_force"]["days_off"]
    assert "2026-02-14" in shown["in_force"]["make_up_days"]
    assert "chinesecalendar" in shown["in_force"]["notice"]


@pytest.mark.parametrize("year", ["1999", "26", "2026x", "二〇二六"])
def test_given_what_is_no_year_then_there_is_no_such_table(own: Api, year: str) -> None:
    assert_problem(own.get(f"{ROOT}/{year}", by="handler"), 404)


def test_given_a_table_of_another_year_then_the_body_is_refused_without_its_words(own: Api) -> None:
    body = {**EXAMPLES["AdoptHolidays"], "year": 2028}
    problem = assert_problem(own.post(f"{ROOT}/adopt-holidays", body, by="admin"), 422)
    assert problem["errors"][0]["code"] == "holiday-of-another-year"


def paged(own: Api) -> list[dict[str, Any]]:
    """What is affected, one at a time."""
    items, following = list[dict[str, Any]](), None
    while not items or following:
        asked = {"limit": 1} | ({"after": following} if following else {})
        page = own.get(f"{ROOT}/2027/affected", by="handler", params=asked).json()
        items, following = [*items, *page["items"]], page["next"]
    return items


@pytest.mark.proves("L3")
def test_given_a_notice_when_proposed_and_when_adopted_then_everybody_sees_whose_limits_of_theirs_it_moves(
    database_server: DatabaseServer,
) -> None:
    with an_api(database_server) as own:
        own.clock.set(datetime(2026, 12, 28, 10, tzinfo=LOCAL_ZONE))
        numbers = {own.lived("logged", at=own.clock.now).number for _ in range(2)}
        own.follow()
        body = {**EXAMPLES["AdoptHolidays"], "days_off": ["2027-01-01", "2027-01-04", "2027-05-01", "2027-10-01"]}
        version = own.post(f"{ROOT}/adopt-holidays", body, by="admin").json()["version"]

        before = own.get(f"{ROOT}/2027/affected", by="handler").json()
        item, other = before["items"]
        assert not before["in_force"]
        assert {item["number"], other["number"]} == numbers
        assert (item["person"], item["rule"]) == ("handler", "on_site")
        assert paged(own) == before["items"]
        assert (item["was"][:10], item["due_at"][:10], item["provisional"]) == ("2026-12-31", "2026-12-31", False)
        assert own.get(f"{ROOT}/2027/affected", by="villager").json()["items"] == []  # of another village
        assert_problem(own.get(f"{ROOT}/2027/affected", by="admin"), 403, "role-not-allowed")
        assert_problem(own.get(f"{ROOT}/2028/affected", by="handler"), 404, "not-found")

        own.post(f"{ROOT}/confirm-holidays", {"year": 2027, "proposal": version}, by="admin2")
        clocks = Clocks(own.database.app_dsn, own.casework)
        own.follow()
        eventually(lambda: own.parts.directory.calendar().version == version + 1)
        (so_far,) = by_hand(own.casework, clocks, own.clock)
        assert (so_far.looked_at, so_far.moved, so_far.done) == (2, 2, True)
        (again,) = by_hand(own.casework, clocks, own.clock)
        assert again.moved == 0
        own.follow()
        after = own.get(f"{ROOT}/2027/affected", by="handler").json()
        assert after["in_force"]
        assert [(it["number"], it["provisional"]) for it in after["items"]] == [
            (it["number"], False) for it in before["items"]
        ]
        assert paged(own) == after["items"]
        assert_problem(own.get(f"{ROOT}/2027/affected?after=7", by="handler"), 422)


@pytest.mark.proves("L3")
def test_given_two_notices_before_anybody_counted_anew_then_the_limits_of_the_first_are_not_forgotten(
    database_server: DatabaseServer,
) -> None:
    with an_api(database_server) as own:
        own.clock.set(datetime(2026, 12, 28, 10, tzinfo=LOCAL_ZONE))
        issue = own.lived("logged", at=own.clock.now)
        own.follow()
        first = {"days_off": (date(2027, 1, 1), date(2027, 1, 4), date(2027, 5, 1), date(2027, 10, 1))}
        adopted(own.casework, own.clock.now, **{**LABOUR_DAY_2031, "year": 2027, "make_up_days": (), **first})
        adopted(own.casework, own.clock.now, **LABOUR_DAY_2031)
        eventually(lambda: own.parts.directory.calendar().version == 4)
        own.follow()
        *_, last = by_hand(own.casework, Clocks(own.database.app_dsn, own.casework), own.clock)
        assert (last.calendar, last.looked_at, last.moved) == (4, 1, 1)
        (moved,) = (it for it in own.casework.history(issue.stream_id) if isinstance(it, DeadlineRedated))
        assert (moved.calendar, moved.deadline.provisional) == (2, False)
