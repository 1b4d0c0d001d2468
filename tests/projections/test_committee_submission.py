"""What is submitted to the committee, as Appendix 1 has it: each submission in its month, signed, decided, returned."""

from datetime import timedelta

import pytest

from domain.issue import commands as c
from domain.issue.words import Outcome
from projections.committee_submission import COMMITTEE_SUBMISSION, CommitteeLine, committee_submissions
from projections.pages import WHOLE
from projections.rebuild import compare
from projections.registry import PROJECTIONS
from services.exports.committee_form import COMMITTEE
from tests.projections.ledger import Log
from tests.support.casework import Case, case

APPENDIX_1 = [
    "村(社区)", "问题现状", "驻点团队意见(预解决方案)", "项目预算总额(元)", "申请补贴金额(元)", "预计完成时间",
    "提请日期", "驻点组长审核", "党委会意见", "备注",
]  # fmt: skip
"""After 序号, which counts the lines of one copy."""


def lines(log: Log, *lives: Case, **asked: str) -> list[CommitteeLine]:
    log.settle()
    log.append(*lives)
    log.fill(*PROJECTIONS)
    return committee_submissions(log.connection, {**WHOLE, **asked})


@pytest.mark.proves("F4", "CX5")
def test_given_a_decided_submission_then_the_form_has_every_column_of_appendix_1(log: Log) -> None:
    (line,) = lines(log, case("declined"), case("logged", key="nothing submitted"))
    shown = dict(zip(COMMITTEE.columns, COMMITTEE.row(line), strict=True))
    assert list(shown) == APPENDIX_1
    assert (shown["村(社区)"], shown["项目预算总额(元)"], shown["申请补贴金额(元)"]) == (
        "青石村",
        "50000.00",
        "30000.00",
    )
    assert (shown["问题现状"], shown["驻点团队意见(预解决方案)"]) == (line.current_state, line.proposed_solution)
    assert shown["预计完成时间"] == "2026-09-30"
    assert shown["提请日期"].startswith("2026-03-")
    assert shown["驻点组长审核"].startswith("lead 2026-03-")
    assert shown["党委会意见"].startswith("不予同意 2026-")
    assert shown["党委会意见"].endswith(f"：{line.reasons}")
    assert shown["备注"].startswith(line.number)


@pytest.mark.proves("CX15")
def test_given_nobody_has_signed_or_it_was_sent_back_then_the_form_says_so(log: Log) -> None:
    waiting, back = lines(log, case("submission"), case("submission", key="back").do(c.SendBackSubmission))
    assert COMMITTEE.row(waiting)[7:9] == ["待审签", ""]
    assert (back.signed_by, back.outcome) == (None, None)
    assert "退回：" in COMMITTEE.row(back)[7]


@pytest.mark.proves("F4")
def test_given_a_submission_that_was_returned_and_made_again_then_each_stands_in_the_form_of_its_month(
    log: Log,
) -> None:
    first = case("returned")
    again = first.do(c.SubmitToCommittee, at=first.now + timedelta(days=31))
    whole = lines(log, again)
    assert [(it.outcome, it.number) for it in whole] == [(Outcome.RETURNED, whole[0].number), (None, whole[0].number)]
    months = [f"{it.at:%Y-%m}" for it in whole]
    assert months[0] != months[1]
    for month, line in zip(months, whole, strict=True):
        assert committee_submissions(log.connection, {**WHOLE, "period": month}) == [line]
    assert committee_submissions(log.connection, {**WHOLE, "village": "LX"}) == []


def test_given_a_decision_then_the_form_tells_how_often_it_was_deferred_or_how_much_was_granted(log: Log) -> None:
    found = {it.outcome: it for it in lines(log, case("deferred"), case("funding", key="money"))}
    deferred, approved = found[Outcome.DEFERRED], found[Outcome.APPROVED]
    assert (deferred.deferred, approved.deferred) == (1, 0)
    assert COMMITTEE.row(deferred)[9].endswith("缓议 1 次")
    assert COMMITTEE.row(approved)[8].endswith("，补贴 20000.00 元")


def test_given_rows_then_a_rebuild_makes_the_same(log: Log) -> None:
    lines(log, case("returned"), case("submission", key="b"))
    (found,) = compare(log.database.owner_dsn, [COMMITTEE_SUBMISSION.name])
    assert found.rows
    assert not found.differences
