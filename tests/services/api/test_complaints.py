"""A complaint about an official: for that official and everybody below there is no such issue, whatever they try."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from services.api.office.commands import ISSUE_COMMANDS
from services.api.openapi.examples import EXAMPLES
from tests.services.api.conftest import Api, an_api, assert_problem
from tests.support.postgres import DatabaseServer

ABSENT = "LX-2026-0999"
BARRED = ("lead2", "handler2")


@pytest.fixture(scope="module")
def api(database_server: DatabaseServer) -> Iterator[Api]:
    """An API of their own: others count the issues of a village."""
    with an_api(database_server) as opened:
        yield opened


@pytest.fixture(scope="module")
def complaint(api: Api) -> str:
    """A complaint about the lead of LX, taken down for the household; followed by the read models."""
    number = api.lived("logged", village="LX", concerns="lead2", by="household").number
    assert number is not None
    api.follow()
    return number


def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """Everything that an answer tells."""
    volatile = {"date"}
    return answer.status_code, answer.content, {k: v for k, v in answer.headers.items() if k not in volatile}


@pytest.mark.parametrize("by", BARRED)
@pytest.mark.parametrize("path", ["", "/history"])
def test_given_a_barred_reader_then_the_answer_is_that_of_an_absent_number(
    api: Api, complaint: str, by: str, path: str
) -> None:
    there, absent = (api.get(f"/api/v1/issues/{number}{path}", by=by) for number in (complaint, ABSENT))
    assert_problem(there, 404, "not-found")
    assert told(there) == told(absent)


def test_given_a_reader_beside_then_it_is_shown_with_the_official_complained_of(api: Api, complaint: str) -> None:
    shown = api.get(f"/api/v1/issues/{complaint}", by="handler")
    assert (shown.status_code, shown.json()["concerns"], shown.json()["person"]) == (200, "lead2", "township-head")
    assert api.get(f"/api/v1/issues/{complaint}/history", by="handler").status_code == 200


def _tries(name: str) -> Iterator[tuple[object, int]]:
    """A proper request, one of another version, and a malformed one."""
    example = EXAMPLES[ISSUE_COMMANDS[name].__name__]
    yield from ((example, 1), (example, 7), ({"no-such-field": 1}, 1))


@pytest.mark.parametrize("name", sorted(ISSUE_COMMANDS))
def test_given_a_barred_person_when_they_try_anything_then_the_answer_is_that_of_an_absent_number(
    api: Api, complaint: str, name: str
) -> None:
    before = api.written()
    for body, version in _tries(name):
        for by in BARRED:
            there, absent = (
                api.post(f"/api/v1/issues/{number}/{name}", body, by=by, version=version)
                for number in (complaint, ABSENT)
            )
            assert_problem(there, 404, "not-found")
            assert told(there) == told(absent)
    assert api.written() == before


@pytest.mark.parametrize("by", BARRED)
def test_given_a_barred_reader_then_lists_and_totals_leave_it_out(api: Api, complaint: str, by: str) -> None:
    def seen(reader: str) -> tuple[set[str], set[str], int]:
        lists = api.get("/api/v1/issues?village=LX&limit=200&sort=newest", by=reader).json()
        form = api.get("/api/v1/ledgers/issues?village=LX&limit=200", by=reader).json()
        total = api.get("/api/v1/dashboard?village=LX", by=reader).json()["total"]
        return {line["number"] for line in lists["items"]}, {row[0] for row in form["rows"]}, total

    listed, formed, total = seen(by)
    all_listed, all_formed, all_total = seen("lead")
    assert (all_listed - listed, all_formed - formed, all_total - total) == ({complaint}, {complaint}, 1)


def test_given_a_barred_person_when_they_take_it_down_then_refused_and_told_where_it_goes(api: Api) -> None:
    body = {"channel": "visit", "village": "QS", "category": "conduct", "description": "态度粗暴。", "concerns": "lead"}
    assert_problem(api.post("/api/v1/issues", body, by="handler"), 409, "official-concerned")
    taken = api.post("/api/v1/issues", body, by="handler2", key=str(uuid4()))
    assert taken.status_code == 201
