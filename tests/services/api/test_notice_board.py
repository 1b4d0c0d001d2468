"""The public notice board at its address: open to everybody, kept by caches, for months that are over."""

from datetime import datetime

import pytest

from domain.values import LOCAL_ZONE
from tests.services.api.conftest import Api, assert_problem

BOARD = "/api/v1/notice-board"


@pytest.fixture(scope="module")
def january(api: Api) -> str:
    """Six issues of a month that is over, and a complaint."""
    at = datetime(2026, 1, 12, 9, tzinfo=LOCAL_ZONE)
    for nth in range(6):
        api.lived("closed", at=at, household=f"QS-{nth}")
    api.lived("logged", at=at, concerns="lead2")
    api.follow()
    return "2026-01"


def test_given_nobody_known_then_a_finished_month_is_told_without_anything_personal(api: Api, january: str) -> None:
    told = api.send("GET", f"{BOARD}?month={january}")
    assert (told.status_code, told.headers["cache-control"]) == (200, "public, max-age=3600")
    document = told.json()
    line = next(line for line in document["villages"] if line["village"] == "QS")
    assert (line["registered"], line["answered"], line["satisfied"]) == (6, 6, 6)
    assert {item["status"] for item in document["items"]} == {"closed"}
    assert len(document["items"]) in (0, 6)
    for personal in ("QS-0", "handler", "lead", "路灯", "household", "description"):
        assert personal not in told.text


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "26-01", "2026-01-01", "x", ""])
def test_given_no_month_then_refused(api: Api, month: str) -> None:
    assert_problem(api.send("GET", f"{BOARD}?month={month}"), 422, "malformed")


def test_given_a_month_that_is_not_over_then_refused_and_without_one_the_last_is_told(api: Api) -> None:
    now = api.clock.now.astimezone(LOCAL_ZONE)
    assert_problem(api.send("GET", f"{BOARD}?month={now:%Y-%m}"), 422, "malformed")
    assert api.send("GET", BOARD).json()["month"] < f"{now:%Y-%m}"
