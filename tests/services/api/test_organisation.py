"""The organisation at the API's door: administrators change it, everybody in a post sees it, auditors its history."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from domain.liaison.commands import CardOfficial, IssueContactCard
from tests.services.api.conftest import Api, an_api, assert_problem
from tests.support.postgres import DatabaseServer
from tests.support.visits import ask

ROOT = "/api/v1/organisation"


@pytest.fixture(scope="module")
def own(database_server: DatabaseServer) -> Iterator[Api]:
    """An API of its own: here the organisation changes."""
    with an_api(database_server) as opened:
        yield opened


def change(own: Api, name: str, body: dict[str, object], **how: object) -> int:
    answer = own.post(f"{ROOT}/{name}", body, by="admin", **how)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    version: int = answer.json()["version"]
    assert answer.headers["etag"] == f'"{version}"'
    return version


def test_given_an_administrator_then_places_and_posts_change_and_are_shown(own: Api) -> None:
    change(own, "register-place", {"place": "XH", "kind": "village", "name": "新河村", "parent": "T1"})
    post = {"officer": "zhang.wei", "role": "case_handler", "place": "XH"}
    change(own, "appoint-officer", {**post, "in_charge": True})
    change(own, "name-deputy", {**post, "deputy": "li.na", "until": "2099-01-01T00:00:00Z"})
    change(own, "link-officer", {"officer": "zhang.wei", "village": "XH", "household": "XH-001"})
    shown = own.get(ROOT, by="auditor").json()
    assert {"code": "XH", "kind": "village", "name": "新河村", "parent": "T1", "earlier": [], "closed": False} in (
        shown["places"]
    )
    (line,) = (it for it in shown["posts"] if it["officer"] == "zhang.wei")
    assert (line["place"], line["in_charge"], line["deputy"], line["until"]) == ("XH", True, "li.na", None)
    assert {"officer": "zhang.wei", "village": "XH", "household": "XH-001"} in shown["links"]
    told = own.get(f"{ROOT}/history", by="auditor", params={"after": shown["version"] - 4}).json()["items"]
    assert [it["topic"].partition(".")[2] for it in told] == [
        "place_registered", "officer_appointed", "deputy_named", "officer_linked",
    ]  # fmt: skip
    assert all(it["actor_user"] == "admin" and it["zh"] and it["en"] for it in told)


def test_given_a_household_that_is_not_theirs_then_a_link_to_it_is_not_shown(own: Api) -> None:
    change(own, "link-officer", {"officer": "lead", "village": "QS", "household": "QS-099"})
    change(own, "link-officer", {"officer": "lead", "village": "QS"})
    for by, seen in (("handler", True), ("villager", False), ("admin", False)):
        links = own.get(ROOT, by=by).json()["links"]
        assert {"officer": "lead", "village": "QS", "household": None} in links
        assert ({"officer": "lead", "village": "QS", "household": "QS-099"} in links) is seen


@pytest.mark.proves("CX1", "F13")
def test_given_a_contact_card_when_people_change_then_the_village_is_told_to_renew_it(own: Api) -> None:
    change(own, "register-place", {"place": "XK", "kind": "village", "name": "新康村", "parent": "T1"})
    post = {"role": "case_handler", "place": "XK"}
    change(own, "appoint-officer", {**post, "officer": "a.one", "in_charge": True})
    village = own.casework.organisation().village("XK", own.clock.now)
    assert village is not None
    named = [name for name in (village.handler, village.lead) if name]
    officials = [CardOfficial(officer=name, name="某人", duty="驻点干部", phone="0599-1234567") for name in named]
    own.casework.handle(ask(IssueContactCard, at=own.clock.now, village="XK", officials=tuple(officials)))
    assert own.get(ROOT, by="auditor").json()["cards_to_renew"] == []
    change(own, "end-appointment", {**post, "officer": "a.one"})
    change(own, "appoint-officer", {**post, "officer": "b.two", "in_charge": True})
    for by, seen in (("auditor", ["XK"]), ("villager", []), ("admin", [])):
        assert own.get(ROOT, by=by).json()["cards_to_renew"] == seen


def test_given_the_same_request_twice_then_it_counts_once(own: Api) -> None:
    body = {"officer": "once", "role": "finance", "place": "T1"}
    key = str(uuid4())
    first = change(own, "appoint-officer", body, key=key)
    again = own.post(f"{ROOT}/appoint-officer", body, by="admin", key=key)
    assert (again.json()["version"], again.json()["repeated"]) == (first, True)
    assert_problem(own.post(f"{ROOT}/appoint-officer", body, by="admin"), 409, "already-appointed")


def test_given_a_version_that_was_read_then_a_later_change_is_not_overlooked(own: Api) -> None:
    version = int(own.get(ROOT, by="admin").headers["etag"].strip('"'))
    change(own, "rename-place", {"place": "T2", "name": "外山街道"}, version=version)
    stale = own.post(f"{ROOT}/rename-place", {"place": "T2", "name": "外山乡"}, by="admin", version=version)
    assert_problem(stale, 412, "stale-version")


def test_given_anybody_but_an_administrator_then_nothing_changes(own: Api) -> None:
    before = own.written()
    for by in ("handler", "lead", "committee", "finance", "department", "auditor"):
        answer = own.post(f"{ROOT}/close-place", {"place": "QS"}, by=by)
        assert_problem(answer, 403, "role-not-allowed")
    assert_problem(own.post(f"{ROOT}/close-place", {"place": "QS"}, by="household"), 403, "no-post")
    assert own.written() == before


def test_given_oneself_then_an_administrator_is_refused(own: Api) -> None:
    body = {"officer": "admin", "role": "auditor", "place": "YX"}
    assert_problem(own.post(f"{ROOT}/appoint-officer", body, by="admin"), 409, "not-for-oneself")


@pytest.mark.parametrize(
    "body",
    [{"officer": "A B", "role": "finance", "place": "T1"}, {"officer": "a", "role": "mayor", "place": "T1"}, {}],
)
def test_given_what_has_no_form_then_422(own: Api, body: dict[str, object]) -> None:
    assert_problem(own.post(f"{ROOT}/appoint-officer", body, by="admin"), 422, "malformed")


def test_given_pages_then_the_history_is_whole_and_only_for_those_who_check(own: Api) -> None:
    versions: list[int] = []
    after: int | None = 0
    while after is not None:
        page = own.get(f"{ROOT}/history", by="admin", params={"after": after, "limit": 7}).json()
        versions += [it["version"] for it in page["items"]]
        after = page["next"]
    assert versions == list(range(1, own.casework.organisation().version + 1))
    assert_problem(own.get(f"{ROOT}/history", by="lead"), 403, "role-not-allowed")
    assert_problem(own.get(f"{ROOT}/history", by="admin", params={"after": "-1"}), 422, "malformed")


def test_given_a_moment_then_what_has_ended_is_not_shown(own: Api) -> None:
    change(own, "appoint-officer", {"officer": "brief", "role": "finance", "place": "T1"})
    change(own, "end-appointment", {"officer": "brief", "role": "finance", "place": "T1"})
    assert "brief" not in own.get(ROOT, by="lead").text
