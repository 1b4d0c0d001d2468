"""Visits and duties over HTTP: written by whoever came, read within one's villages, words opened and looks recorded."""

from typing import Any

import pytest

from domain.ledger_views import LEDGER_READERS
from domain.privacy import is_sealed
from services.exports.forms import FORMS
from tests.services.api.conftest import Api
from tests.support.casework import PEOPLE

VISIT: dict[str, Any] = {
    "village": "QS",
    "kind": "household_visit",
    "household": "QS-012",
    "said": "说路灯不亮，电话 138 0013 8000。",
    "done": "当场换了灯泡。",
}


def read(api: Api, name: str, by: str, **query: Any) -> Any:
    return api.get(f"/api/v1/ledgers/{name}", by=by, params=query)


@pytest.mark.proves("F7", "F8", "D2")
def test_given_visits_when_read_then_the_form_shows_them_within_the_readers_villages(api: Api) -> None:
    times = ("2026-03-02T08:00:00+08:00", "2026-03-02T08:30:00+08:00")
    for at in times:
        answer = api.post("/api/v1/visits/record-visit", {**VISIT, "occurred_at": at}, by="handler")
        assert answer.status_code in (200, 201), answer.text
    form = {"village": "QS", "month": "2026-03", "entry": 1, "conduct": "多来走访。"}
    assert api.post("/api/v1/visits/collect-opinions", form, by="handler").status_code == 200
    api.follow()
    shown = read(api, "visits", "handler", village="QS", limit=1).json()
    assert shown["columns"] == list(FORMS["visits"].columns)
    (row,) = shown["rows"]
    assert (row[0], row[3], row[4], row[6]) == ("2026-03-02", "某人", "QS-012", VISIT["said"])
    following = read(api, "visits", "handler", village="QS", limit=1, cursor=shown["next"]).json()
    assert following["rows"][0][5] == "08:30"
    masked = read(api, "visits", "auditor").json()["rows"][0]
    assert "8000" not in masked[6]
    opinions = read(api, "opinions", "handler").json()["rows"]
    assert opinions[0][opinions[0].index("多来走访。")] == "多来走访。"
    assert not any(is_sealed(cell) for cell in [*row, *opinions[0]])


@pytest.mark.proves("F3", "MZ2")
def test_given_a_petition_when_its_field_is_asked_for_then_the_form_shows_it_within_the_readers_villages(
    api: Api,
) -> None:
    petition = {"channel": "petition", "village": "QS", "category": "culture", "description": "戏台要修，1380013800。"}
    number = api.post("/api/v1/issues", petition, by="handler").json()["number"]
    api.follow()
    shown = read(api, "petitions", "handler", field="culture").json()
    assert shown["columns"] == list(FORMS["petitions"].columns)
    (row,) = [row for row in shown["rows"] if row[0] == number]
    assert (row[1], row[4], row[5]) == ("信访", "文化生活", petition["description"])
    assert number not in str(read(api, "petitions", "handler", field="income").json()["rows"])
    assert number not in str(read(api, "petitions", "villager").json()["rows"])
    assert read(api, "visits", "handler", field="income").status_code == 422


def test_given_another_role_then_the_ledgers_are_read_by_whose_business_they_are(api: Api) -> None:
    for name in FORMS:
        for person in ("handler", "lead", "committee", "finance", "department", "auditor", "admin"):
            expected = 200 if PEOPLE[person].role in LEDGER_READERS[name] else 403
            assert read(api, name, person).status_code == expected, (name, person)
    assert read(api, "unheard-of", "handler").status_code == 404
