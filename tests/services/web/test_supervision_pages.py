"""Supervision on its pages, without scripts: an inspection, what was found, put right, looked at again, closed."""

from uuid import uuid4

import pytest

from tests.services.api.conftest import Api
from tests.services.web.conftest import Visitor
from tests.services.web.test_meeting_pages import led_to


@pytest.mark.proves("D6", "CX11")
def test_given_an_inspection_when_something_is_found_then_it_is_put_right_and_the_check_closed(api: Api) -> None:
    auditor, villager = Visitor(api, "auditor"), Visitor(api, "villager", "zh")
    page = auditor.open("/office/spot-checks/new")
    assert "Record an inspection" in page.text
    wanted = {"township": "T1", "kind": "unannounced", "stations": ["QS", "LX"]}
    check = led_to(auditor.fill_in(page, "/office/spot-checks/new", **wanted))
    form = f"{check}/record-finding"
    untold = auditor.fill_in(auditor.open(form), form, station="LX")
    assert untold.status == 422
    assert led_to(auditor.fill_in(untold, form, station="LX", problem="答复没有送达凭据。")) == check
    form = f"{check}/order-rectification"
    page = auditor.open(form, finding="1")
    assert '<option value="LX" selected>' in page.response.text
    asked = {"finding": "1", "unit": "LX", "requirement": "补齐凭据。", "due_on": "2026-12-01"}
    assert led_to(auditor.fill_in(page, form, **asked)) == check
    form = f"{check}/report-rectification"
    page = villager.open(check)
    assert form in page.response.text
    assert led_to(villager.fill_in(villager.open(form), form, finding="1", measures="已补齐。")) == check
    early = f"{check}/close-spot-check"
    assert auditor.fill_in(auditor.open(early), early, summary="已整改。").status == 409
    form = f"{check}/recheck-rectification"
    assert led_to(auditor.fill_in(auditor.open(form), form, finding="1", accepted="true", opinion="属实。")) == check
    assert led_to(auditor.fill_in(auditor.open(early), early, summary="已整改。")) == check
    assert "closed" in auditor.open(check).text


def test_given_somebody_else_or_something_else_then_it_is_refused(api: Api) -> None:
    auditor = Visitor(api, "auditor")
    page = auditor.open("/office/spot-checks/new")
    again = auditor.fill_in(page, "/office/spot-checks/new", township="T1", kind="sit_in")
    assert again.status == 422
    handler = Visitor(api, "handler")
    wanted = {"township": "T1", "kind": "sit_in", "stations": ["QS"], "key": "x"}
    assert handler.submit("/office/spot-checks/new", wanted).status in (403, 422)
    wanted = {"place": "T1", "first": "2026-01-01", "key": str(uuid4())}
    refused = Visitor(api, "committee").submit("/office/bulletins/issue", wanted)
    assert refused.status in (404, 409, 422)
