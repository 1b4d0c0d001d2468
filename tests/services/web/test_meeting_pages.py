"""A meeting on its pages, without scripts: signed in, item after item decided, closed, minutes confirmed."""

from uuid import uuid4

import pytest

from domain.meeting import commands as c
from tests.services.api.conftest import Api
from tests.services.web.conftest import Page, Visitor
from tests.services.web.meeting_halls import committee, do, weekly
from tests.support.casework import COMMITTEE, TOWNSHIP


@pytest.fixture(scope="module")
def member(api: Api) -> Visitor:
    return Visitor(api, "committee")


def led_to(page: Page) -> str:
    """Where a form that was taken in leads."""
    assert page.status == 303, page.text
    return str(page.response.headers["location"])


def votes(*against: str) -> dict[str, object]:
    """Everybody who sits is for it, but for these."""
    voters = list(COMMITTEE[:6])
    return {"voter": voters, **{f"vote-{it}": "against" if it in against else "in_favour" for it in voters}}


@pytest.mark.proves("L8", "D1", "F15")
def test_given_a_meeting_when_items_are_decided_then_each_leads_to_the_next_until_the_minutes(
    api: Api, member: Visitor
) -> None:
    meeting, numbers = committee(api)
    address = f"/meetings/{meeting}"
    assert "0 / 3" in member.open(address).text
    at = f"{address}/items/{numbers[0]}"
    page = member.open(at)
    assert "Proposed solution" in page.text
    decided = member.fill_in(page, f"{at}/decide", outcome="approved", subsidy="20,000", then="next", **votes())
    assert led_to(decided) == f"{address}/items/{numbers[1]}"
    at = f"{address}/items/{numbers[1]}"
    page = member.open(at)
    refused = member.fill_in(page, f"{at}/decide", outcome="declined", then="next", **votes())
    assert refused.status in (409, 422)
    assert 'role="alert"' in refused.response.text
    told = {"outcome": "declined", "reasons": "请自行更换灯泡。", "then": "next"}
    assert led_to(member.fill_in(refused, f"{at}/decide", **told, **votes("member2"))).endswith(numbers[2])
    page = member.open(address)
    assert "2 / 3" in page.text
    left = page.response.text.partition('name="carried_over" value="')[2].partition('"')[0]
    closed = member.fill_in(page, f"{address}/close-meeting", carried_over=left)
    assert led_to(closed) == address
    second = Visitor(api, "member2")
    assert led_to(second.fill_in(second.open(address), f"{address}/confirm-minutes")) == address
    minutes = second.open(f"{address}/minutes")
    assert "同意 5、反对 1、弃权 0" in minutes.text
    assert "请自行更换灯泡" in minutes.text


def test_given_an_agenda_when_members_come_then_they_sign_in_excuse_and_open(api: Api, member: Visitor) -> None:
    meeting, _ = committee(api, 1, sits=False)
    address = f"/meetings/{meeting}"
    for name in COMMITTEE[:5]:
        who = Visitor(api, name)
        assert led_to(who.fill_in(who.open(address), f"{address}/sign-in")) == address
    page = member.open(address)
    assert f"{address}/sign-in" not in page.response.text
    assert led_to(member.fill_in(page, f"{address}/excuse-member", member="member7", reason="leave")) == address
    page = member.open(address)
    assert "excused" in page.text
    assert led_to(member.fill_in(page, f"{address}/open-meeting")) == address
    assert "Take the items" in member.open(address).text


def test_given_an_item_when_discussed_then_points_and_interests_show(api: Api, member: Visitor) -> None:
    meeting, (number,) = committee(api, 1)
    at = f"/meetings/{meeting}/items/{number}"
    page = member.open(at)
    assert led_to(member.fill_in(page, f"{at}/record-point", point="先看现场。")) == at
    other = Visitor(api, "member2", "zh")
    assert led_to(other.fill_in(other.open(at), f"{at}/declare-interest")) == at
    page = other.open(at)
    assert "先看现场。" in page.text
    assert "回避：某人" in page.text
    assert 'name="vote-member2"' not in page.response.text


@pytest.mark.proves("CX3", "L6")
def test_given_a_weekly_meeting_when_items_are_settled_then_with_a_day_and_a_department(api: Api) -> None:
    meeting, numbers = weekly(api)
    address, lead = f"/meetings/{meeting}", Visitor(api, "lead", "zh")
    for name in ("lead", "handler"):
        do(api, c.SignIn, name, meeting_id=meeting)
    assert led_to(lead.fill_in(lead.open(address), f"{address}/open-meeting")) == address
    at, due = f"{address}/items/{numbers[0]}", api.clock.now.date().replace(year=2031).isoformat()
    page = lead.open(at)
    undated = lead.fill_in(page, f"{at}/dispose", disposition="village")
    assert undated.status == 422
    settled = lead.fill_in(undated, f"{at}/dispose", disposition="village", due_on=due, then="next")
    assert led_to(settled) == f"{address}/items/{numbers[1]}"
    at = f"{address}/items/{numbers[1]}"
    to_department = {"disposition": "department", "department": "construction", "due_on": due, "then": "next"}
    assert led_to(lead.fill_in(lead.open(at), f"{at}/dispose", **to_department)) == address
    assert "转归口部门" in lead.open(address).text


def test_given_meetings_when_listed_then_those_to_come_stand_first(api: Api, member: Visitor) -> None:
    committee(api, 1, sits=False)
    page = member.open("/meetings")
    assert "To come and sitting" in page.text
    assert member.open("/meetings", kind="weekly").status == 200
    assert member.open("/meetings", kind="party").status == 200


def test_given_a_special_meeting_when_convened_for_what_waits_then_it_has_its_agenda(api: Api, member: Visitor) -> None:
    number = str(api.lived("tabled", key=uuid4().hex).number)
    api.follow()
    page = member.open("/meetings")
    convened = member.fill_in(page, "/meetings", reason="urgent", items=number, township=TOWNSHIP)
    assert number in member.open(led_to(convened)).text


def test_given_an_agenda_when_printed_then_every_item_has_its_papers(api: Api, member: Visitor) -> None:
    meeting, numbers = committee(api, 2)
    page = member.open(f"/meetings/{meeting}/papers")
    assert page.response.text.count('class="sheet"') == 2
    assert all(number in page.text for number in numbers)


def test_given_whoever_may_not_know_then_items_and_buttons_are_not_there(api: Api, member: Visitor) -> None:
    meeting, (number,) = committee(api, 1)
    department = Visitor(api, "department")
    assert number not in department.open(f"/meetings/{meeting}").text
    assert department.open(f"/meetings/{meeting}/items/{number}").status == 404
    auditor = Visitor(api, "auditor").open(f"/meetings/{meeting}/items/{number}")
    assert "<form" not in auditor.response.text.partition('<main id="main">')[2].partition("</main>")[0]
    assert member.submit(f"/meetings/{meeting}/dance", {"key": "x"}).status == 404
    assert Visitor(api, None).open("/meetings").status == 303


def test_given_an_item_is_to_be_added_where_the_plan_lets_it_wait_then_the_page_says_so(
    api: Api, member: Visitor
) -> None:
    meeting, (number,) = committee(api, 1, sits=False)
    address = f"/meetings/{meeting}"
    assert "Add an urgent item" not in member.open(address).text
    for named, status in ((number, 409), ("QS-2026-9999", 404), ("../me", 404)):
        refused = member.submit(f"{address}/add-item", {"key": str(uuid4()), "number": named})
        assert refused.status == status
        assert 'role="alert"' in refused.response.text
