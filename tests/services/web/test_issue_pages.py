"""A case on its page, the forms to act on it, and the list, as a browser without scripts gets them."""

from typing import Any

import pytest

from tests.services.api.conftest import Api
from tests.services.web.conftest import Page, Visitor
from tests.support.files import photo

_SHADES = (("before", "#202020"), ("evidence", "#f0e68c"))


def _case(api: Api, state: str, **log_fields: Any) -> str:
    number = str(api.lived(state, **log_fields).number)
    api.follow()
    return number


def test_given_a_new_case_then_its_page_says_where_it_stands_and_what_may_be_done(api: Api, handler: Visitor) -> None:
    number = _case(api, "logged")
    page = handler.open(f"/issues/{number}")
    assert page.status == 200
    assert "Fix on the spot" in page.text
    assert "Sign the submission" not in page.text
    assert "fix it on the spot, resolve it, or send it up" in page.text
    assert 'aria-current="step">logged' in page.response.text


def test_given_a_case_when_it_is_fixed_by_the_form_then_its_page_says_so(api: Api, handler: Visitor) -> None:
    number = _case(api, "logged")
    address = f"/issues/{number}/fix-on-site"
    form = handler.open(address)
    assert "the household is owed its written reply" in form.text
    done = handler.fill_in(form, address, measures="Bulb replaced.")
    assert (done.status, done.response.headers["location"]) == (303, f"/issues/{number}?done=fix-on-site")
    again = handler.fill_in(form, address, measures="Bulb replaced.")
    assert again.status == 303  # sent twice, done once
    api.follow()
    after = handler.open(f"/issues/{number}", done="fix-on-site")
    assert "Done: Fix on the spot." in after.text
    assert "Reply in writing" in after.text


def test_given_a_refusal_then_the_form_comes_back_in_words_with_what_was_typed(api: Api, handler: Visitor) -> None:
    number = _case(api, "logged")
    address = f"/issues/{number}/request-extension"
    refused = handler.fill_in(handler.open(address), address, days="300", reason="Waiting for parts.")
    assert refused.status == 409
    assert "The plan allows no further" in refused.text
    assert "Waiting for parts." in refused.response.text
    assert handler.fill_in(refused, address, days="1", reason="Waiting for parts.").status == 303


def test_given_somebody_was_quicker_then_the_form_can_be_sent_again_with_another_key(
    api: Api, handler: Visitor
) -> None:
    number = _case(api, "logged")
    address = f"/issues/{number}/fix-on-site"
    form = handler.open(address)
    assert (
        api.post(f"/api/v1/issues/{number}/assign-leader", {"leader": "committee"}, by="lead", version=1).status_code
        == 200
    )
    api.follow()
    stale = handler.fill_in(form, address, measures="Bulb replaced.")
    assert stale.status == 412
    assert stale.hidden(address)["key"] != form.hidden(address)["key"]
    assert handler.fill_in(stale, address, measures="Bulb replaced.").status == 303


def test_given_two_matters_in_one_then_the_form_splits_them(api: Api, handler: Visitor) -> None:
    number = _case(api, "logged")
    address = f"/issues/{number}/split-issue"
    parts = {
        "parts.0.category": "construction", "parts.0.description": "Lamp.",
        "parts.1.category": "environment", "parts.1.description": "Rubbish.",
    }  # fmt: skip
    assert handler.fill_in(handler.open(address), address, reasons="Two matters.", **parts).status == 303
    assert api.get(f"/api/v1/issues/{number}/history").json()["items"][-1]["topic"]


def test_given_another_issue_s_number_then_it_is_merged_into_that_one(api: Api, handler: Visitor) -> None:
    into, number = _case(api, "logged"), _case(api, "logged")
    address = f"/issues/{number}/merge-issue"
    assert handler.fill_in(handler.open(address), address, into=into, reasons="The same lamp.").status == 303
    api.follow()
    assert f"Merged into {into}" in handler.open(f"/issues/{number}").text


def test_given_photos_before_and_after_when_it_is_fixed_then_the_case_shows_them(api: Api, handler: Visitor) -> None:
    number = _case(api, "logged")
    address = f"/issues/{number}/fix-on-site"
    form = handler.open(address)
    taken = [(name, (f"{name}.jpg", photo(colour=shade), "image/jpeg")) for name, shade in _SHADES]
    done = handler.submit(address, {**form.hidden(address), "measures": "Bulb replaced."}, files=taken)
    assert done.status == 303, done.text
    api.follow()
    assert handler.open(f"/issues/{number}").response.text.count("/preview") == 2


@pytest.mark.parametrize("path", ["/issues/QS-2026-9999", "/issues/QS-2026-9999/fix-on-site"])
def test_given_no_such_case_then_a_page_says_so(handler: Visitor, path: str) -> None:
    assert handler.open(path).status == 404


def test_given_no_such_command_then_there_is_no_such_page(api: Api, handler: Visitor) -> None:
    assert handler.open(f"/issues/{_case(api, 'logged')}/vanish").status == 404


def test_given_every_form_of_a_case_then_each_can_be_opened(api: Api) -> None:
    for state, by in (("logged", "handler"), ("submission", "lead"), ("works", "handler"), ("funding", "committee")):
        number = _case(api, state)
        for action in api.get(f"/api/v1/issues/{number}/actions", by=by).json()["items"]:
            page = Visitor(api, by).open(f"/issues/{number}/{action['command']}")
            assert page.status == 200, action


# -- the list -------------------------------------------------------------------------------------------------------


def test_given_cases_then_the_list_can_be_narrowed_and_kept_by_a_name(api: Api, handler: Visitor) -> None:
    number = _case(api, "escalated")
    assert number in handler.open("/issues").text
    assert number in handler.open("/issues", stage="escalated", sort="newest").text
    assert number not in handler.open("/issues", stage="works").text
    kept = handler.submit("/issues/views", {"name": "Sent up", "stage": "escalated", "sort": "newest"})
    assert kept.response.headers["location"] == "/issues?stage=escalated&sort=newest"
    assert "Sent up" in handler.open("/issues").text
    assert handler.submit("/issues/views/drop", {"name": "Sent up"}).status == 303
    assert "Sent up" not in handler.open("/issues").text


def test_given_more_than_a_page_then_the_next_one_follows(api: Api, handler: Visitor) -> None:
    for _ in range(26):
        api.lived("logged")
    api.follow()
    first = handler.open("/issues", channel="visit", sort="newest")
    assert 'rel="next"' in first.response.text
    following = first.response.text.partition('href="/issues?')[2]
    assert "cursor=" in following


# -- logging --------------------------------------------------------------------------------------------------------

_NEW = {"channel": "visit", "village": "QS", "category": "construction", "description": "The well's lid is broken."}


def _log(visitor: Visitor, **fields: Any) -> Page:
    return visitor.fill_in(visitor.open("/issues/new"), "/issues/new", **{**_NEW, **fields})


def test_given_an_issue_when_it_is_logged_then_number_code_and_qr_code_are_shown_once(
    api: Api, handler: Visitor
) -> None:
    form = handler.open("/issues/new")
    assert 'data-offline-form="issue"' in form.response.text
    done = handler.fill_in(form, "/issues/new", **_NEW)
    assert done.status == 201
    assert "<svg" in done.response.text
    assert "style=" not in done.response.text
    assert done.response.headers["cache-control"] == "no-store"
    code = done.text.partition("Code ")[2].partition(" ")[0]
    assert f"/r/{code}" in done.text
    again = handler.fill_in(form, "/issues/new", **_NEW)
    assert again.text == done.text  # sent twice, logged once


def test_given_something_alike_then_it_is_shown_before_and_logged_only_when_sent_again(
    api: Api, handler: Visitor
) -> None:
    words = {"description": "村口到小学一段三盏路灯不亮。", "place": "青石村村口", "category": "construction"}
    _log(handler, **words)
    api.follow()
    asked = _log(handler, **words)
    assert "This may be logged already" in asked.text
    assert handler.fill_in(asked, "/issues/new", **{**_NEW, **words}).status == 201


def test_given_words_alone_when_asked_which_category_fits_then_it_is_suggested_and_nothing_logged(
    api: Api, handler: Visitor
) -> None:
    before = api.written()
    asked = _log(handler, category="", description="垃圾没人清运，臭味很大。", suggest="true")
    assert asked.status == 200
    assert "Suggested category" in asked.text
    assert api.written() == before


def test_given_a_form_with_faults_then_each_is_said_at_its_field(handler: Visitor) -> None:
    refused = _log(handler, village="XX", description="")
    assert refused.status == 422
    assert 'aria-invalid="true"' in refused.response.text
