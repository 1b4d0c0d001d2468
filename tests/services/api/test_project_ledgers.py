"""Projects and spot checks among the ledgers: who reads which villages' lines, words opened and looks recorded."""

from typing import Any

import pytest

from domain.privacy import is_sealed
from services.privacy.looks import looks_at
from tests.services.api.conftest import Api
from tests.services.api.test_spot_checks import begun, found

APPENDIX_2 = [
    "项目名称", "村(社区)", "批准会议及日期", "紧急程度", "预算", "批准补贴", "已拨付(次数、金额、日期)", "已支出",
    "开工日期", "形象进度(%)", "预计/实际完工", "验收", "结余退回", "备注",
]  # fmt: skip


def ledger(api: Api, name: str, by: str, **query: Any) -> dict[str, dict[str, str]]:
    """The lines that somebody reads, by their first cell, each cell by its column."""
    answer = api.get(f"/api/v1/ledgers/{name}", by=by, params={"limit": 200, **query})
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    return {row[0]: dict(zip(shown["columns"], row, strict=True)) for row in shown["rows"]}


def lookers(api: Api) -> set[tuple[str, str]]:
    """Who looked at the words of the household of these tests' issues, and how much they saw."""
    return {(look.user_name, look.shown) for look in looks_at(api.inside, "QS/QS-012")}


@pytest.mark.proves("F5", "CX14")
def test_given_projects_when_read_then_appendix_2_has_its_columns_within_the_readers_villages(api: Api) -> None:
    number = str(api.lived("unspent", title="修村口的桥 13800138000").number)
    elsewhere = str(api.lived("granted", village="LX").number)
    api.follow()
    whole = ledger(api, "projects", "committee")
    (line,) = [line for name, line in whole.items() if name.startswith(number)]
    assert list(line) == APPENDIX_2
    assert line["项目名称"] == f"{number} 修村口的桥 13800138000"
    assert line["批准会议及日期"].startswith("党委会 2026-")
    assert (line["预算"], line["批准补贴"], line["已支出"], line["结余退回"]) == (
        "50000.00",
        "20000.00",
        "9500.00",
        "0.00",
    )
    assert line["已拨付(次数、金额、日期)"].startswith("1 次，10000.00 元\n2026-")
    assert (line["形象进度(%)"], line["紧急程度"]) == ("100", "一般")
    assert all((line["开工日期"], line["预计/实际完工"], line["验收"]))
    assert not any(is_sealed(cell) for cell in line.values())
    (masked,) = [name for name in ledger(api, "projects", "finance") if name.startswith(number)]
    assert "13800138000" not in masked
    assert lookers(api) >= {("committee", "words"), ("finance", "masked")}
    of_one_village = ledger(api, "projects", "villager")
    assert {name.split()[0] for name in of_one_village} >= {elsewhere}
    assert not any(name.startswith(number) for name in of_one_village)
    assert ledger(api, "projects", "committee", period="2025") == {}
    assert ledger(api, "projects", "committee", period="2026") == whole


@pytest.mark.proves("F4", "F11")
def test_given_a_submission_and_a_reply_when_read_then_their_words_are_opened_for_whoever_may_see_them(
    api: Api,
) -> None:
    api.lived("declined")
    number = str(api.lived("feedback").number)
    api.follow()
    for name in ("committee", "replies"):
        for by in ("lead", "committee", "auditor"):
            rows = api.get(f"/api/v1/ledgers/{name}", by=by, params={"village": "QS", "limit": 200}).json()["rows"]
            assert rows
            assert not any(is_sealed(cell.rpartition("：")[2]) for row in rows for cell in row)
        assert api.get(f"/api/v1/ledgers/{name}", by="finance").status_code == 403
    asked = api.get("/api/v1/ledgers/replies", by="lead", params={"number": number}).json()
    assert [row[2] for row in asked["rows"]] == ["当事人联", "挂点单位联", "村(居)联", "活动办联"]
    assert api.get("/api/v1/ledgers/replies", by="villager", params={"number": number}).json()["rows"] == []
    assert api.get("/api/v1/ledgers/committee", by="lead", params={"number": number}).status_code == 422
    assert {user for user, _ in lookers(api)} >= {"lead", "committee", "auditor"}


@pytest.mark.proves("D6", "CX11")
def test_given_spot_checks_when_read_then_only_ones_own_villages_issues_are_named(api: Api) -> None:
    of = begun(api, "unannounced")
    own, other = found(api, of, "LX"), found(api, of, "QS")
    api.follow()
    for name, by, seen in (("findings", "auditor", {own, other}), ("findings", "villager", {own})):
        answer = api.get(f"/api/v1/ledgers/{name}", by=by, params={"limit": 200}).json()
        where = answer["columns"].index("事项编号")
        assert {row[where] for row in answer["rows"]} & {own, other} == seen
    checks = api.get("/api/v1/ledgers/spot-checks", by="villager", params={"limit": 200}).json()
    assert any(row[1] == "随机巡查" for row in checks["rows"])
    assert other not in str(checks["rows"])
    assert api.get("/api/v1/ledgers/findings", by="finance").status_code == 403
