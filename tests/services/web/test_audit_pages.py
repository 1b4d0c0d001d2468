"""Auditors' pages without scripts: the proof, an issue step by step, the ledger at two moments, findings, samples."""

import psycopg
import pytest

from projections.seal import seal_once
from services.persistence.draw_basis import SampleBases
from tests.services.api.conftest import Api
from tests.services.web.conftest import Visitor
from tests.services.web.test_meeting_pages import led_to


@pytest.fixture(scope="module")
def auditor(api: Api) -> Visitor:
    return Visitor(api, "auditor")


def test_given_an_auditor_then_the_first_page_says_what_is_proved_and_leads_on(api: Api, auditor: Visitor) -> None:
    page = auditor.open("/audit")
    assert page.status == 200
    assert "No head was signed yet." in page.text or "The last signed head covers" in page.text
    assert all(f'href="/audit/{part}"' in page.response.text for part in ("ledger", "findings", "samples", "looks"))
    assert Visitor(api, "handler").open("/audit").status == 403


def test_given_an_issue_then_every_step_shows_who_when_and_what_changed(api: Api, auditor: Visitor) -> None:
    number = str(api.lived("feedback").number)
    api.follow()
    assert led_to(auditor.open("/audit/issues", number=number.lower())) == f"/audit/issues/{number}"
    first = auditor.open(f"/audit/issues/{number}", at="1")
    assert "Step 1 of" in first.text
    assert "Happened" in first.text
    last = auditor.open(f"/audit/issues/{number}", since="1")
    assert 'type="range"' in last.response.text
    assert "What this step changed" in last.text
    assert "Between step 1 and step" in last.text
    for odd in ("0", "999999", "x", "-1"):
        assert auditor.open(f"/audit/issues/{number}", at=odd).status == 200
    assert auditor.open("/audit/issues/QS-2026-9999").status == 404


def test_given_two_days_then_the_ledger_shows_what_was_added_between(api: Api, auditor: Visitor) -> None:
    number = str(api.lived("logged").number)
    api.follow()
    page = auditor.open("/audit/ledger", as_of="2020-01-01", village="QS")
    assert number in page.text
    assert "added" in page.text
    assert auditor.open("/audit/ledger", as_of="no day").status == 200


def test_given_a_finding_then_it_is_recorded_answered_insisted_on_accepted_and_closed(
    api: Api, auditor: Visitor
) -> None:
    number = str(api.lived("logged", village="QS").number)
    api.follow()
    new = "/audit/findings/new"
    page = auditor.open(new, about="issue", number=number, unit="QS")
    wanted = {"about": "issue", "number": number, "unit": "QS", "answer_by": "2027-12-01"}
    untold = auditor.fill_in(page, new, **wanted)
    assert untold.status == 422
    finding = led_to(auditor.fill_in(untold, new, **wanted, problem="答复没有送达凭据。"))
    lead = Visitor(api, "lead", "zh")
    for by, act, fields in (
        (lead, "answer-audit-finding", {"answer": "已补齐。"}),
        (auditor, "insist-on-audit-finding", {"opinion": "日期不符。", "answer_by": "2027-12-31"}),
        (lead, "answer-audit-finding", {"answer": "已更正。"}),
        (auditor, "accept-audit-answer", {"opinion": "属实。"}),
        (auditor, "close-audit-finding", {"outcome": "put_right", "summary": "凭据齐全。"}),
    ):
        form = f"{finding}/{act}"
        assert form in by.open(finding).response.text
        assert led_to(by.fill_in(by.open(form), form, **fields)) == finding
    assert "已办结" in lead.open(finding).text
    api.follow()
    assert "答复没有送达凭据" in lead.open("/audit/findings").text
    assert "督查发现" in lead.open("/inbox").text
    assert auditor.open(f"{finding}/nothing").status == 404


def test_given_a_sample_then_it_is_drawn_once_sealed_and_findings_refer_to_it(
    api: Api, auditor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.casework, "sample_basis", SampleBases(api.database.app_dsn))
    api.lived("logged", village="QS")
    page = auditor.open("/audit/samples")
    sample = led_to(auditor.fill_in(page, "/audit/samples", number="2", kind="logged", village="QS"))
    shown = auditor.open(sample)
    assert led_to(auditor.fill_in(shown, f"{sample}/draw")) in (sample, f"{sample}?wait=1")
    with psycopg.connect(api.database.follower_dsn, autocommit=True) as connection:
        seal_once(connection)
    shown = auditor.open(sample)
    if f"{sample}/draw" in shown.response.text:
        assert led_to(auditor.fill_in(shown, f"{sample}/draw")) == sample
    drawn = auditor.open(sample)
    assert "Drawn again just now: the same" in drawn.text
    assert "sample_id=" in drawn.response.text


def test_given_looks_then_auditors_see_theirs_and_the_committee_how_many(api: Api, auditor: Visitor) -> None:
    auditor.open("/audit/findings")
    assert "audit/findings" in auditor.open("/audit/looks").text
    assert "What auditors looked at" in Visitor(api, "committee").open("/audit/looks").text
    assert Visitor(api, "handler").open("/audit/looks").status == 403


def test_given_histories_then_the_process_and_another_plan_are_shown_in_words(api: Api, auditor: Visitor) -> None:
    api.lived("feedback")
    api.follow()
    page = auditor.open("/audit/conformance", village="QS")
    assert (page.status, "Checked" in page.text) == (200, True)
    same = auditor.open("/audit/what-if", village="QS")
    assert "gone through; of 0 a verdict would be another" in same.text
    other = auditor.open("/audit/what-if", village="QS", plan="cx", entries="clocks.on_site.amount:90")
    assert other.status == 200
    assert auditor.open("/audit/what-if", plan="nobody").status in (404, 422)
    assert auditor.open("/audit/conformance", logged="soon").status == 422
