"""The written reply: four copies of each, what they say, and who has taken which."""

import pytest

from domain.issue import commands as c
from domain.issue.words import CopyFor, Rating
from domain.values import LOCAL_ZONE
from projections.pages import WHOLE
from projections.rebuild import compare
from projections.registry import PROJECTIONS
from projections.written_reply import WRITTEN_REPLY, CopyLine, copies
from services.exports.reply_form import REPLIES
from tests.projections.ledger import Log
from tests.support.casework import Case, case

COPIES = ["当事人联", "挂点单位联", "村(居)联", "活动办联"]
FORM = [
    "编号", "村(社区)", "联", "反映事项", "调查情况", "处理意见", "依据", "救济途径(复查期限)", "答复单位", "日期",
    "签收",
]  # fmt: skip


def lines(log: Log, *lives: Case, **asked: str) -> list[CopyLine]:
    log.settle()
    log.append(*lives)
    log.fill(*PROJECTIONS)
    return copies(log.connection, {**WHOLE, **asked})


def shown(line: CopyLine) -> dict[str, str]:
    return dict(zip(REPLIES.columns, REPLIES.row(line), strict=True))


@pytest.mark.proves("F11", "MZ5", "L11")
def test_given_a_reply_then_each_of_the_four_copies_says_the_same_and_is_taken_on_its_own(log: Log) -> None:
    life = case("feedback").do(c.DeliverReply, copy_for=CopyFor.HOUSEHOLD).do(c.DeliverReply, copy_for=CopyFor.OFFICE)
    found = lines(log, life, case("logged", key="no reply"))
    forms = [shown(line) for line in found]
    assert all(list(form) == FORM for form in forms)
    assert [form["联"] for form in forms] == COPIES
    same = {name for name in FORM if len({form[name] for form in forms}) == 1}
    assert same == set(FORM) - {"联", "签收"}
    first = forms[0]
    assert (first["村(社区)"], first["反映事项"]) == ("青石村", getattr(life.events[0], "description", None))
    said = (found[0].findings, found[0].opinion, found[0].basis or "")
    assert (first["调查情况"], first["处理意见"], first["依据"]) == said
    assert life.issue.review_until is not None
    assert first["救济途径(复查期限)"] == f"{life.issue.review_until.astimezone(LOCAL_ZONE):%Y-%m-%d} 前可申请复查"
    assert first["答复单位"] == life.issue.responsible.unit
    assert [form["签收"] == "未签收" for form in forms] == [False, True, True, False]


@pytest.mark.proves("F11")
def test_given_an_issue_that_is_replied_to_again_then_the_first_reply_keeps_its_unit_and_its_copies(log: Log) -> None:
    first = case("feedback").do(c.DeliverReply)
    again = first.do(c.RateAnswer, rating=Rating.DISSATISFIED).do(c.AcceptIssue).do(c.ResolveIssue).do(c.GiveReply)
    before, after = lines(log, again)[:4], copies(log.connection, WHOLE)[4:]
    assert ({it.unit for it in before}, {it.unit for it in after}) == (
        {first.issue.responsible.unit}, {again.issue.responsible.unit}
    )  # fmt: skip
    assert [bool(it.delivered_at) for it in (*before, *after)].count(True) == 1
    assert {it.at for it in before} != {it.at for it in after}


def test_given_issues_when_one_is_asked_for_then_its_copies_alone_come(log: Log) -> None:
    whole = lines(log, case("feedback"), case("feedback", key="b", village="LX"))
    number = whole[0].number
    assert {it.number for it in copies(log.connection, {**WHOLE, "number": number})} == {number}
    assert len(copies(log.connection, {**WHOLE, "village": "LX"})) == len(COPIES)


@pytest.mark.parametrize("limit", [1, 3, 4, 5])
def test_given_replies_at_one_moment_then_pages_of_any_size_have_each_copy_once(log: Log, limit: int) -> None:
    whole = lines(
        log,
        case("feedback"),
        case("feedback", key="b", village="LX"),
    )
    assert len({it.at for it in whole}) == 1
    paged: list[CopyLine] = []
    while more := copies(log.connection, {**WHOLE, "limit": limit, **_place(paged)}):
        paged += more
    assert paged == whole


def _place(paged: list[CopyLine]) -> dict[str, object]:
    return {"at": paged[-1].at, "key": paged[-1].key} if paged else {}


@pytest.mark.proves("L13")
def test_given_a_merged_issue_when_the_other_is_replied_to_then_it_has_its_four_copies_too(log: Log) -> None:
    found = lines(log, case("absorbing").do(c.FixOnSite).do(c.GiveReply))
    assert len(found) == 2 * len(COPIES)
    assert len({it.number for it in found}) == 2
    assert len({it.opinion for it in found}) == 1


def test_given_rows_then_a_rebuild_makes_the_same(log: Log) -> None:
    lines(log, case("feedback").do(c.DeliverReply))
    (found,) = compare(log.database.owner_dsn, [WRITTEN_REPLY.name])
    assert found.rows
    assert not found.differences
