"""Funds on their pages, without scripts: a round tried out, proposed, confirmed by another person, paid in order."""

from uuid import uuid4

import pytest

from domain.fund.state import fold
from tests.services.api.conftest import Api
from tests.services.web.conftest import Page, Visitor
from tests.services.web.test_meeting_pages import led_to
from tests.support.casework import FUND_ID, TOWNSHIP, case

FUND = f"/funds/{FUND_ID}"


def wait_for_money(api: Api, *titles: str) -> list[str]:
    """Projects that wait in the pool; their issues."""
    api.lived("granted")  # sets the budget
    found = []
    for title in titles:
        life = case("funding", key=uuid4().hex, title=title)
        api.live(life)
        found.append(str(life.issue_id))
    api.follow()
    return found


@pytest.fixture(scope="module")
def committee(api: Api) -> Visitor:
    return Visitor(api, "committee")


@pytest.fixture(scope="module")
def finance(api: Api) -> Visitor:
    return Visitor(api, "finance")


@pytest.mark.proves("L9", "CX7")
def test_given_a_pool_when_tried_out_proposed_and_confirmed_otherwise_then_reasons_are_asked_for(
    api: Api, finance: Visitor, committee: Visitor
) -> None:
    first, second = wait_for_money(api, "修路", "修桥")
    assert "Would get" in finance.open(FUND).text
    before = api.written()
    tried = finance.open(FUND, **{f"share-{second}": "0"})
    assert "nothing" in tried.text
    too_much = finance.open(FUND, **{f"share-{second}": "99999999"})
    assert 'role="alert"' in too_much.response.text
    assert "Would get" in too_much.text
    assert api.written() == before
    assert led_to(finance.fill_in(finance.open(FUND), f"{FUND}/propose-round")) == FUND
    assert f"{FUND}/confirm-round" not in finance.open(FUND).response.text
    chosen = committee.open(FUND, **{f"share-{first}": "12000"})
    assert "so say why" in chosen.text
    refused = committee.fill_in(chosen, f"{FUND}/confirm-round")
    assert refused.status == 409
    confirmed = committee.fill_in(chosen, f"{FUND}/confirm-round", reasons="先修桥，路分两期。")
    assert led_to(confirmed) == FUND
    fund = fold(api.casework.history(FUND_ID))
    assert fund is not None
    assert {str(key): grant.amount for key, grant in fund.grants.items()}[first] == 12_000


@pytest.mark.proves("L9")
def test_given_grants_when_finance_pays_then_the_order_is_kept_or_reasons_are_given(api: Api, finance: Visitor) -> None:
    api.follow()
    page = finance.open("/funds/to-pay")
    assert "To be paid now" in page.text
    granted = api.get(f"/api/v1/funds/{FUND_ID}/projects", by="finance").json()["granted"]
    late = next(it["number"] for it in granted if not it["in_turn"])
    act = f"/funds/to-pay/{late}/pay-tranche"
    refused = finance.fill_in(page, act, amount="1000")
    assert refused.status == 409
    assert 'value="1000"' in refused.response.text
    first = next(it["number"] for it in granted if it["in_turn"] and it["payable"])
    paid = finance.fill_in(page, f"/funds/to-pay/{first}/pay-tranche", amount="1,000.00")
    assert led_to(paid) == "/funds/to-pay"
    assert "<form" not in main_of(Visitor(api, "auditor").open("/funds/to-pay"))


def test_given_unspent_money_when_it_comes_back_then_it_is_recorded(api: Api, finance: Visitor) -> None:
    number = api.lived("unspent").number
    api.follow()
    page = finance.open("/funds/to-pay")
    assert "Unspent, to come back" in page.text
    assert led_to(finance.fill_in(page, f"/funds/to-pay/{number}/return-unspent", amount="500")) == "/funds/to-pay"


def test_given_a_budget_when_adjusted_then_another_person_confirms(
    api: Api, finance: Visitor, committee: Visitor
) -> None:
    wait_for_money(api)
    wanted = {"direction": "up", "amount": "5,000", "reason": "县级追加。", "document": "云财〔2026〕8号"}
    assert led_to(finance.fill_in(finance.open(FUND), f"{FUND}/adjust-budget", **wanted)) == FUND
    own = finance.fill_in(finance.open(FUND), f"{FUND}/confirm-adjustment")
    assert own.status in (403, 409)
    assert led_to(committee.fill_in(committee.open(FUND), f"{FUND}/confirm-adjustment")) == FUND
    closing = finance.fill_in(finance.open(FUND), f"{FUND}/close-fiscal-year")
    assert closing.status == 409  # the year is not over


def test_given_a_new_year_when_its_budget_is_set_then_its_fund_is_listed(api: Api, finance: Visitor) -> None:
    page = finance.open("/funds")
    made = finance.fill_in(page, "/funds", township=TOWNSHIP, year="2027", budget="100,000")
    assert "100,000.00" in finance.open(led_to(made)).text
    assert f"{TOWNSHIP} 2027" in finance.open("/funds").text
    again = finance.fill_in(page, "/funds", township=TOWNSHIP, year="x", budget="1")
    assert again.status == 422
    assert 'value="x"' in again.response.text


def main_of(page: Page) -> str:
    return page.response.text.partition('<main id="main">')[2].partition("</main>")[0]
