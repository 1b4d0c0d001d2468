"""The bulletin's read model: lines as the figures say, only what was issued, the same made anew, within a scope."""

from collections.abc import Mapping
from typing import Any

import pytest

from domain.bulletin import commands as c
from domain.issue.words import Rating
from projections.bulletins import BULLETINS, BulletinLine, bulletin, bulletins
from projections.rebuild import compare
from projections.row_security import BARRED, DEPARTMENTS, VILLAGES
from services.exports.bulletin_form import BULLETIN_COLUMNS, bulletin_text
from tests.projections.ledger import Log
from tests.support.bulletins import BULLETIN, DAY, DRAWN, a_log, an_issue, ask, drawn_up, rated
from tests.support.memory_log import MemoryLog

ALL: Mapping[str, Any] = {"village": None, "at": None, "key": None, "limit": None}


def written(log: Log, township: MemoryLog) -> None:
    """All of the township's bulletins and places; its issues are in no table here."""
    for events in township.streams.values():
        for event in events:
            if event.TOPIC.startswith(("bulletin.", "organisation.")):
                log.write(event)
    log.seal()
    log.fill()


def lines_of(log: Log) -> dict[str, BulletinLine]:
    return {line.place: line for line in bulletin(log.connection, BULLETIN)}


@pytest.fixture
def issued(log: Log) -> Log:
    """March is issued with one item taken off and one named, then corrected."""
    township = drawn_up()
    township.do(ask(c.TakeOffBulletin))
    township.do(ask(c.NameInBulletin))
    township.do(ask(c.IssueBulletin, at=DRAWN + DAY))
    written(log, township)
    return log


@pytest.mark.proves("F12")
def test_given_an_issued_bulletin_then_each_station_has_its_line_and_what_is_named_stands_with_it(issued: Log) -> None:
    lines = {line.place: line for line in bulletins(issued.connection, ALL)}
    assert list(lines) == ["YL1", "YL2", "YL"]
    first = lines["YL1"]
    assert (first.new, first.done, first.issues_overdue, first.mostly) == (2, 2, 2, 1)
    assert first.named == ["QS-2026-0002/station:QS/late", "LX-2026-0001/station:QS/idle/station_lead"]
    assert (first.version, first.issued_by, first.late, first.township_name) == (5, "committee", False, "云岭镇")


def test_given_a_draft_then_the_ledger_does_not_show_it_yet(log: Log) -> None:
    written(log, drawn_up())
    assert bulletins(log.connection, ALL) == []
    assert lines_of(log)["YL1"].issued_at is None


def test_given_a_correction_then_the_lines_are_its_own_and_what_was_struck_is_named_no_more(log: Log) -> None:
    township = drawn_up()
    township.do(ask(c.IssueBulletin, at=DRAWN + DAY))
    late = an_issue("QS-2026-0009", 30)
    township.streams[late.originator_id] = (late,)
    township.do(ask(c.CorrectBulletin, at=DRAWN + 2 * DAY))
    written(log, township)
    line = lines_of(log)["YL1"]
    assert (line.new, line.corrections) == (3, 1)
    assert line.named == ["QS-2026-0002/station:QS/late"]


def test_given_a_day_that_is_over_then_the_draft_says_so(log: Log) -> None:
    township = drawn_up()
    township.do(ask(c.RecordBulletinOverdue, at=DRAWN + 6 * DAY))
    written(log, township)
    assert BULLETIN_COLUMNS["印发"](lines_of(log)["YL1"]) == "逾期未印发"


@pytest.mark.proves("F12")
def test_given_the_form_then_it_has_the_columns_that_offices_keep_and_what_is_named(issued: Log) -> None:
    text = bulletin_text(bulletin(issued.connection, BULLETIN))
    assert text.startswith("# 云岭镇 2026-03 月通报")
    for column in ("应报", "已报", "缺报", "走访完成率", "问题新增", "问题办结", "问题超期", "满意率", "抽查情况"):
        assert column in text
    assert "1. QS-2026-0002 第一驻点 迟办\n2. LX-2026-0001 第一驻点（驻点组长） 不作为" in text
    assert "QS-2026-0001" not in text, "it was taken off"


@pytest.mark.parametrize(("ratings", "shown"), [(4, "不足五件，不列"), (5, "96.00%（4.8/5）")])
def test_given_few_ratings_then_no_rate_is_told_that_could_give_a_household_away(
    log: Log, ratings: int, shown: str
) -> None:
    issues = [an_issue(f"BC-2026-{serial:04d}", 5) for serial in range(10, 10 + ratings)]
    said = [Rating.MOSTLY, Rating.MOSTLY, *[Rating.SATISFIED] * (ratings - 2)]
    heard = [rated(issue, 2, 6, rating) for issue, rating in zip(issues, said, strict=True)]
    written(log, drawn_up(a_log(*issues, *heard, month=())))
    assert BULLETIN_COLUMNS["满意率"](lines_of(log)["YL2"]) == shown


def test_given_live_rows_then_the_log_makes_the_same_again(issued: Log) -> None:
    (compared,) = compare(issued.database.owner_dsn, (BULLETINS.name,))
    assert (compared.differences, compared.rows) == ((), 7)


@pytest.mark.parametrize(("villages", "seen"), [("QS", 3), ("BC", 3), ("DS", 0), ("*", 3), ("", 0)])
def test_given_a_scope_then_a_bulletin_is_seen_in_its_township_only(issued: Log, villages: str, seen: int) -> None:
    with issued.connection.transaction():
        for setting, value in ((VILLAGES, villages), (DEPARTMENTS, "*"), (BARRED, ",")):
            issued.connection.execute("select set_config(%s, %s, true)", (setting, value))
        assert len(bulletins(issued.connection, ALL)) == seen


def test_given_a_bulletin_then_the_committee_and_those_it_concerns_are_told(issued: Log) -> None:
    rows = issued.query("select kind, addressee from inbox where kind in ('bulletin', 'named') order by 1, 2")
    assert ("bulletin", "committee") in rows
    assert {"handler", "lead"} <= {who for kind, who in rows if kind == "named"}
