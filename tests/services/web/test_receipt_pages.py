"""The household's pages without scripts: what it reads, says and asks for; what is refused comes back in words."""

from dataclasses import replace
from uuid import uuid4

import pytest

from services.api.door.limits import Limiter
from tests.services.api.conftest import Api
from tests.services.api.test_receipt_files import receipt_with, taken
from tests.services.api.test_receipt_words import registered
from tests.services.web.another_app import asked
from tests.services.web.conftest import Visitor
from tests.services.web.households import LAST_FOUR, receipt_of


@pytest.mark.parametrize("typed", ["7k3m9qpa02xvr8td", "7K3M 9QPA 02XV R8TD", "7K3M-9QPA-02XV-R8TD"])
def test_given_a_code_as_people_type_it_then_its_page_is_found(stranger: Visitor, typed: str) -> None:
    found = stranger.submit("/receipt", {"code": typed})
    assert (found.status, found.response.headers["location"]) == (303, "/r/7K3M-9QPA-02XV-R8TD")


@pytest.mark.parametrize("typed", ["", "7K3M", "https://elsewhere.example", "七" * 16])
def test_given_something_that_is_no_code_then_the_form_says_so(stranger: Visitor, typed: str) -> None:
    refused = stranger.submit("/receipt", {"code": typed})
    assert refused.status == 422
    assert "sixteen letters and digits" in refused.text


def test_given_an_answer_when_rated_twice_by_the_same_form_then_recorded_once(api: Api, stranger: Visitor) -> None:
    code = receipt_of(api, "feedback")
    page = stranger.open(f"/r/{code}")
    written = api.written()[0]
    for _ in range(2):
        done = stranger.fill_in(page, f"/r/{code}/rate", rating="dissatisfied", words="还差一盏。")
        assert (done.status, done.response.headers["location"]) == (303, f"/r/{code}?done=rate")
    assert api.written()[0] > written
    assert "What you said was recorded" in stranger.open(f"/r/{code}", done="rate").text
    assert page.hidden(f"/r/{code}/rate")["number"] in page.text


def test_given_a_stage_that_awaits_nothing_then_the_refusal_comes_back_with_what_was_written(
    api: Api, stranger: Visitor
) -> None:
    code = receipt_of(api, "logged")
    refused = stranger.submit(f"/r/{code}/ask-for-review", {"key": str(uuid4()), "grounds": "只修了两盏。"})
    assert refused.status == 409
    assert "只修了两盏。" in refused.text
    assert 'role="alert"' in refused.response.text


def test_given_the_end_of_the_number_then_words_and_answer_and_without_it_neither(api: Api, stranger: Visitor) -> None:
    code = receipt_of(api, "feedback")
    shown = stranger.submit(f"/r/{code}/details", {"last_four": LAST_FOUR})
    assert shown.status == 200
    for words in ("老人晚上出门看不见路", "路灯已修好。", "yourself"):
        assert words in shown.text
    refused = stranger.submit(f"/r/{code}/details", {"last_four": "0000"})
    assert refused.status == 403
    assert "老人" not in refused.response.text
    assert "0000" not in refused.response.text
    assert "老人" not in stranger.open(f"/r/{code}").response.text


def test_given_a_copy_then_it_is_read_or_kept_as_a_file(api: Api, stranger: Visitor) -> None:
    code = receipt_of(api, "feedback")
    own = {"key": str(uuid4()), "last_four": LAST_FOUR}
    assert "石大妈" in stranger.submit(f"/r/{code}/export", own).text
    file = stranger.submit(f"/r/{code}/export", {**own, "as": "file"}).response
    assert file.headers["content-disposition"] == 'attachment; filename="huiyin-copy.json"'
    assert file.json()["household"]["name"] == "石大妈"


@pytest.mark.parametrize(
    ("right", "fields"),
    [("correction", {"field": "address", "value": "桥尾五号"}), ("objection", {"request": "请不要再打电话。"})],
)
def test_given_a_claim_then_it_is_taken_with_the_proof_and_comes_back_without(
    api: Api, stranger: Visitor, right: str, fields: dict[str, str]
) -> None:
    code = receipt_of(api, "feedback")
    sent = {"key": str(uuid4()), **fields}
    refused = stranger.submit(f"/r/{code}/{right}", sent)
    assert refused.status == 422
    assert next(reversed(fields.values())) in refused.response.text
    done = stranger.submit(f"/r/{code}/{right}", {**sent, "last_four": LAST_FOUR})
    assert done.response.headers["location"] == f"/r/{code}?done={right}"


def test_given_a_receipt_of_several_then_each_is_shown_and_told_apart(api: Api, stranger: Visitor) -> None:
    code = receipt_of(api, "split")
    assert stranger.open(f"/r/{code}").response.text.count("<article>") == 3


def test_given_too_many_looks_then_the_page_says_how_long_to_wait(api: Api) -> None:
    parts, paths = replace(api.parts, limiter=Limiter()), [f"/r/{uuid4().hex}" for _ in range(6)]
    *_, refused = asked(parts, *paths, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert refused.status_code == 429
    assert "Wait 1 minute." in refused.text or "seconds." in refused.text


def test_given_a_receipt_then_its_slip_bears_the_code_and_the_way_to_use_it(api: Api, stranger: Visitor) -> None:
    code = receipt_of(api, "logged")
    assert code in stranger.open(f"/r/{code}/slip").text


def test_given_photos_when_the_household_proves_itself_then_it_sees_them_and_nobody_else_does(
    api: Api, stranger: Visitor
) -> None:
    household = registered(api)
    photo = taken(api, household)
    code = receipt_with(api, household, photo)
    page = stranger.submit(f"/r/{code}/details", {"last_four": LAST_FOUR})
    form = page.hidden(f"/r/{code}/file")
    assert form["digest"] == photo
    shown = stranger.submit(f"/r/{code}/file", {**form, "last_four": LAST_FOUR}).response
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert "sandbox" in shown.headers["content-security-policy"]
    refused = stranger.submit(f"/r/{code}/file", {**form, "last_four": "0000"})
    assert refused.status == 403
    assert refused.hidden(f"/r/{code}/file")["digest"] == photo
