"""A ledger taken away over HTTP: in every format, within the reader's scope and view, each look as one by export."""

import csv
import io
import json
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from domain.ledger_views import LEDGER_READERS
from domain.privacy import WITHHELD
from services.api.office import exports
from services.exports.formats import MEDIA_TYPES, Format
from services.exports.forms import FORMS
from services.exports.layouts import LAYOUTS
from services.exports.pdf import press
from tests.services.api.conftest import Api, assert_problem
from tests.support.casework import PEOPLE
from tests.support.printing import Taken, pages_of

PHONE = "13900001234"


@pytest.fixture(scope="module")
def number(api: Api) -> str:
    """An issue with a telephone number in its words, and one of another village."""
    words = f"=请回电 {PHONE}。"
    logged = api.lived("fixed", title=words, description=words, household="QS-077")
    api.lived("logged", village="LX")
    api.follow()
    assert logged.number is not None
    return logged.number


def taken(api: Api, name: str = "issues", by: str = "handler", **query: Any) -> Any:
    return api.get(f"/api/v1/ledgers/{name}/export", by=by, params=query)


def rows_of(api: Api, by: str, **query: Any) -> list[dict[str, str]]:
    answer = taken(api, by=by, format="json", **query)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, str]] = answer.json()
    return rows


@pytest.mark.proves("F1")
def test_given_issues_when_taken_away_then_each_format_holds_the_form(api: Api, number: str) -> None:
    text = taken(api, format="csv", village="QS").content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head == list(LAYOUTS["issues"].columns)
    (row,) = [dict(zip(head, row, strict=True)) for row in rows if number in row]
    assert PHONE in row["问题内容"]
    assert row["问题内容"].startswith("'=")
    assert row["反映人"] == "QS-077"
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(taken(api, format="xlsx", village="QS").content))
    cells = [str(cell) for line in sheet.get_sheet_by_index(0).to_python() for cell in line]
    assert number in cells
    assert cells[0] == "云岭镇青石村问题台账（整改销号）"
    assert number in Taken(taken(api, format="html", village="QS").text).of("td")


def test_given_a_copy_then_it_bears_its_chinese_name_and_is_kept_nowhere(api: Api, number: str) -> None:
    for form in (Format.CSV, Format.JSON, Format.XLSX, Format.HTML):
        answer = taken(api, format=form.value, village="QS")
        assert answer.headers["content-type"] == MEDIA_TYPES[form]
        assert answer.headers["cache-control"] == "no-store"
        named = answer.headers["content-disposition"]
        assert "filename*=UTF-8''%E4%BA%91%E5%B2%AD%E9%95%87" in named
        assert named.startswith("inline" if form is Format.HTML else "attachment")
    page = taken(api, format="html", village="QS")
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    style = api.send("GET", "/print.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "@page" in style.text


def test_given_readers_of_other_villages_and_roles_then_each_takes_what_they_may_see(api: Api, number: str) -> None:
    assert {row["村(社区)"] for row in rows_of(api, "villager")} == {"柳溪社区"}
    assert rows_of(api, "villager", village="QS") == []
    (line,) = [row for row in rows_of(api, "finance") if row["编号"] == number]
    assert (line["反映人"], line["整改措施"]) == ("", "")
    assert line["问题内容"].endswith(WITHHELD)
    (line,) = [row for row in rows_of(api, "auditor") if row["编号"] == number]
    assert PHONE not in line["问题内容"]
    for name in FORMS:
        for person in ("handler", "finance", "department", "auditor", "admin"):
            expected = 200 if PEOPLE[person].role in LEDGER_READERS[name] else 403
            assert taken(api, name, person, format="csv").status_code == expected, (name, person)


def test_given_words_taken_away_then_each_household_is_one_look_by_export(api: Api, number: str) -> None:
    seen = "select count(*) from look where subject = 'QS/QS-077' and door = 'export' and what = 'ledger'"

    def looks() -> int:
        (count,) = api.inside.execute(seen).fetchone() or (0,)
        return int(count)

    before = looks()
    rows_of(api, "handler", village="QS")
    assert looks() == before + 1
    rows_of(api, "handler", village="LX")
    assert looks() == before + 1


@pytest.mark.parametrize(
    "query",
    [{"format": "docx"}, {"format": "csv", "limit": "5"}, {"overdue": "maybe"}, {"field": "income"}, {"x": "1"}],
)
def test_given_what_no_copy_is_asked_for_by_then_it_is_refused(api: Api, query: dict[str, str]) -> None:
    assert_problem(taken(api, **query), 422, "malformed")


def test_given_the_filters_of_the_list_then_the_copy_holds_what_the_list_shows(api: Api, number: str) -> None:
    for query in ({"stage": "reply"}, {"open": "true", "sort": "newest"}, {"q": number}, {"overdue": "true"}):
        listed = [line["number"] for line in api.get("/api/v1/issues", params=query).json()["items"]]
        assert [row["编号"] for row in rows_of(api, "handler", **query)] == listed
    assert_problem(taken(api, by="finance", rating="satisfied"), 403, "role-not-allowed")


def test_given_a_ledger_that_there_is_not_then_its_export_is_as_absent(api: Api) -> None:
    assert_problem(taken(api, "unheard-of"), 404, "no-such-path")


def test_given_more_rows_than_somebody_waits_for_then_they_are_told_how_to_have_it(
    api: Api, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", dict.fromkeys(Format, 1))
    assert_problem(taken(api, format="csv"), 409, "export-too-large")
    assert taken(api, format="csv", village="LX").status_code == 200


def test_given_a_pdf_then_it_is_printed_or_said_what_is_missing(api: Api, number: str) -> None:
    answer = taken(api, format="pdf", village="QS")
    press().close()
    if answer.status_code == 503:
        assert "apt-get install" in assert_problem(answer, 503, "pdf-not-available")["en"]
        return
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(pages_of(answer.content)).replace("\n", "")
    assert "云岭镇青石村问题台账（整改销号）" in text
    assert PHONE in text
    assert json.loads(taken(api, format="json", village="LX").content)
