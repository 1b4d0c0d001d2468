"""Ledgers and the office's own pages, without scripts: what is there for whom, as the form, page by page."""

from uuid import uuid4

import pytest

from services.api.office import exports
from services.exports.forms import FORMS
from services.web.ledgers import parts_of
from services.web.words.ledgers import LEDGERS
from tests.services.api.conftest import Api
from tests.services.web.conftest import Visitor


@pytest.fixture(scope="module")
def auditor(api: Api) -> Visitor:
    api.lived("feedback", key=uuid4().hex)
    api.lived("granted", key=uuid4().hex)
    api.follow()
    return Visitor(api, "auditor")


def test_given_the_forms_then_every_ledger_has_a_name_and_a_question() -> None:
    assert set(LEDGERS) == {"issues", *FORMS}
    assert all(ledger.asks.zh.endswith("？") and ledger.asks.en.endswith("?") for ledger in LEDGERS.values())


@pytest.mark.parametrize("name", LEDGERS)
def test_given_a_ledger_when_opened_then_it_has_its_columns_or_says_that_it_is_empty(
    auditor: Visitor, name: str
) -> None:
    page = auditor.open(f"/ledgers/{name}")
    assert page.status == 200, page.text
    assert LEDGERS[name].called.en in page.text
    assert f'action="/ledgers/{name}/copy"' in page.response.text


def test_given_issues_when_read_then_rows_lead_to_them_and_filters_are_kept(api: Api, auditor: Visitor) -> None:
    page = auditor.open("/ledgers/issues", village="QS")
    assert '<option value="QS" selected>' in page.response.text
    assert 'href="/issues/QS-2026-' in page.response.text
    copied = auditor.fill_in(page, "/ledgers/issues/copy", format="csv")
    assert copied.response.headers["content-disposition"].startswith("attachment")
    assert "QS-2026-" in copied.response.text
    assert "LX-2026-" not in copied.response.text
    assert "No entries" in auditor.open("/ledgers/issues", village="LX").text
    odd = auditor.open("/ledgers/projects", period="last year")
    assert odd.status == 422
    assert 'value="last year"' in odd.response.text
    assert auditor.open("/ledgers/gossip").status == 404
    assert Visitor(api, "finance").open("/ledgers/visits").status == 403
    assert "/ledgers/visits" not in Visitor(api, "finance").open("/ledgers").response.text


def test_given_a_cell_then_numbers_of_issues_are_told_apart() -> None:
    assert list(parts_of("见 QS-2026-0001，A-1")) == [("见 ", False), ("QS-2026-0001", True), ("，A-1", False)]
    assert list(parts_of("")) == []


@pytest.mark.parametrize("address", ["", "/plans", "/organisation", "/holidays/2026", "/holidays/2040"])
def test_given_the_office_when_auditor_and_administrator_look_then_it_is_there_for_both(
    api: Api, auditor: Visitor, address: str
) -> None:
    assert auditor.open(f"/office{address}").status == 200
    assert Visitor(api, "admin", "zh").open(f"/office{address}").status == 200


def test_given_spot_checks_and_bulletins_then_auditors_read_them_and_administrators_do_not(
    api: Api, auditor: Visitor
) -> None:
    for page in ("spot-checks", "bulletins"):
        assert auditor.open(f"/office/{page}").status == 200
        assert Visitor(api, "admin").open(f"/office/{page}").status == 403
        assert f"/office/{page}" not in Visitor(api, "admin").open("/office").response.text
    assert auditor.open("/office/bulletins", period="x").status == 422
    assert auditor.open(f"/office/spot-checks/{uuid4()}").status == 404


@pytest.mark.proves("MZ8")
def test_given_something_is_referred_when_the_department_looks_then_it_stands_under_what_is_to_accept(
    api: Api,
) -> None:
    number = str(api.lived("at_department", key=uuid4().hex).number)
    api.follow()
    page = Visitor(api, "department").open("/department")
    assert number in page.text.partition("In hand")[0]


def test_given_a_ledger_that_is_large_when_taken_away_then_it_is_made_in_the_background(
    api: Api, auditor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", dict.fromkeys(exports.AT_ONCE, 0))
    page = auditor.open("/ledgers/issues")
    taken = auditor.fill_in(page, "/ledgers/issues/copy", format="xlsx")
    assert (taken.status, taken.response.headers["location"]) == (303, "/exports")
    again = auditor.fill_in(page, "/ledgers/issues/copy", format="xlsx")
    assert again.status == 303
    waiting = auditor.open("/exports")
    assert waiting.text.count("waiting") == 1
    act = waiting.response.text.partition('action="/exports/')[2].partition('"')[0]
    assert auditor.fill_in(waiting, f"/exports/{act}").status == 303
    assert "cancelled" in auditor.open("/exports").text
    assert auditor.submit("/ledgers/gossip/copy", {"key": "x"}).status == 404
    assert auditor.fill_in(page, "/ledgers/issues/copy", format="doc").status == 422
