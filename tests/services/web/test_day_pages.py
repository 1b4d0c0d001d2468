"""The day of a handler and of a lead: what is owed, what was told, visits and who has how much."""

import pytest

from tests.services.api.conftest import Api
from tests.services.web.conftest import Visitor


@pytest.fixture(scope="module")
def lead(api: Api) -> Visitor:
    return Visitor(api, "lead")


def test_given_cases_of_mine_then_today_shows_them_with_the_step_that_is_due(api: Api, handler: Visitor) -> None:
    number = str(api.lived("fixed").number)
    api.follow()
    page = handler.open("/today")
    assert f"/issues/{number}/give-reply" in page.response.text
    assert "Reply in writing" in page.text


def test_given_a_submission_then_it_waits_for_the_lead_s_signature(api: Api, handler: Visitor, lead: Visitor) -> None:
    number = str(api.lived("submission").number)
    api.follow()
    assert f"/issues/{number}/sign-submission" in lead.open("/today").response.text
    assert f"/issues/{number}/sign-submission" not in handler.open("/today").response.text
    address = f"/issues/{number}/sign-submission"
    assert lead.fill_in(lead.open(address), address).status == 303


def test_given_an_extension_is_asked_then_the_lead_grants_it_by_the_page(api: Api, lead: Visitor) -> None:
    number = str(api.lived("extension_asked").number)
    api.follow()
    assert "Grant the extension" in lead.open(f"/issues/{number}").text
    address = f"/issues/{number}/grant-extension"
    assert lead.fill_in(lead.open(address), address).status == 303


def test_given_messages_then_they_are_read_from_then_on(api: Api, lead: Visitor) -> None:
    api.lived("submission")
    api.follow()
    page = lead.open("/inbox")
    assert "unread" in page.text
    assert lead.fill_in(page, "/inbox/read").response.headers["location"] == "/inbox"
    assert "0 unread" in lead.open("/inbox").text


def test_given_open_cases_then_the_lead_sees_who_has_how_much_and_a_handler_does_not(
    api: Api, handler: Visitor, lead: Visitor
) -> None:
    api.lived("logged")
    api.follow()
    page = lead.open("/team")
    assert "Who has how much" in page.text
    assert "/issues?person=handler&amp;open=true" in page.response.text
    assert handler.open("/team").status == 403
    (first, *_) = api.get("/api/v1/team", by="lead").json()["people"]
    assert first["open"] >= first["overdue"]


# -- visits ---------------------------------------------------------------------------------------------------------

_VISIT = {"village": "QS", "kind": "household_visit", "household": "QS-012", "said": "The lamp is dark."}


def test_given_a_visit_when_it_is_recorded_then_the_diary_has_it_and_leads_to_its_opinion_form(
    api: Api, handler: Visitor
) -> None:
    form = handler.open("/visits/new")
    assert 'data-offline-form="visit"' in form.response.text
    done = handler.fill_in(form, "/visits/new", **_VISIT)
    assert done.response.headers["location"] == "/visits?done=record-visit"
    assert handler.fill_in(form, "/visits/new", **_VISIT).status == 303  # sent twice, recorded once
    api.follow()
    diary = handler.open("/visits", done="record-visit")
    assert "Done: Record a visit." in diary.text
    assert "The lamp is dark." in diary.text
    address = "/visits/collect-opinions"
    link = diary.response.text.partition(f'href="{address}?')[2].partition('"')[0]
    asked = handler.open(address, **dict(pair.split("=") for pair in link.replace("&amp;", "&").split("&")))
    filled = {"village": "QS", "month": "2026-03", "entry": "1", "construction": "Lamps.", "reply_wanted": "false"}
    assert 'value="2026-03"' in asked.response.text
    assert handler.fill_in(asked, address, **filled).status == 303


def test_given_a_visit_to_nowhere_then_the_form_says_what_is_missing(handler: Visitor) -> None:
    refused = handler.fill_in(handler.open("/visits/new"), "/visits/new", **{**_VISIT, "household": ""})
    assert refused.status == 422
    assert "A household visit names the household" in refused.text
    assert "The lamp is dark." in refused.response.text


def test_given_the_registers_then_each_of_their_forms_can_be_opened(handler: Visitor) -> None:
    shown = handler.open("/visits").response.text
    acts = [part.partition('"')[0] for part in shown.split('href="/liaison/')[1:]]
    assert {"agree-help-plan", "deliver-cards", "enter-book"} <= set(acts)
    for act in acts:
        assert handler.open(f"/liaison/{act}").status == 200, act
    assert "issue-contact-card" not in acts  # the lead's
    assert handler.open("/liaison/vanish").status == 404


def test_given_a_contact_card_then_its_lines_are_filled_in_row_by_row(lead: Visitor) -> None:
    address = "/liaison/issue-contact-card"
    rows = [{"officer": who, "name": "张某", "duty": "驻点", "phone": "0599-1234567"} for who in ("handler", "lead")]
    filled = {f"officials.{at}.{name}": value for at, row in enumerate(rows) for name, value in row.items()}
    done = lead.fill_in(lead.open(address), address, village="QS", promise="Call me.", **filled)
    assert done.status == 303, done.text


def test_given_nobody_is_logged_in_then_every_page_leads_to_the_log_in(stranger: Visitor) -> None:
    for path in ("/today", "/inbox", "/issues", "/issues/new", "/visits", "/team"):
        assert stranger.open(path).response.headers["location"] == f"/login?next={path}"
