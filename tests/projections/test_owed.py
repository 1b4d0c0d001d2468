"""Papers and duties that are owed: whose, how far back and how far ahead; cases by the ledger's indexes."""

from datetime import timedelta

from domain.issue.words import Stage
from domain.organisation.words import Rank
from projections.issue_ledger import ISSUE_LEDGER
from projections.owed import duties, issues, own, papers, shared
from tests.projections.ledger import Log
from tests.support.casework import case
from tests.support.duties import MARCH, Township
from tests.support.handing_in import DUE, FORM, PHOTOS, Office, hand_in

DAY = timedelta(days=1)


def written(log: Log, streams: object) -> None:
    for events in streams.values():  # type: ignore[attr-defined]
        for event in events:
            log.write(event)
    log.seal()
    log.fill()


def test_given_papers_then_those_of_these_owners_that_are_not_in_are_told_the_soonest_first(log: Log) -> None:
    office = Office("cx")
    office.open(MARCH)
    office.do(hand_in(PHOTOS, DUE[PHOTOS] - DAY))
    office.do(hand_in(FORM, DUE[FORM] - DAY, paper=None))
    written(log, office.streams)

    def found(*standings: str, owner: str = "QS", at: timedelta = timedelta(0)) -> list[str]:
        return [it.submission for it in papers(log.connection, [owner], standings, MARCH.starts_at + at)]

    assert found("owed") == ["priority_register"]
    assert sorted(found("owed", "to_sign")) == ["committee_form", "priority_register"]
    assert found("owed", owner="LX") == []
    assert found("owed", at=-90 * DAY) == [], "not yet"
    assert found("owed", at=300 * DAY) == [], "long ago"


def test_given_cases_then_they_are_found_by_person_and_by_stage_and_told_by_the_log(log: Log) -> None:
    lives = [case("fixed"), case("logged", key="b"), case("submission", key="c"), case("settled", key="d")]
    log.append(*lives)
    log.fill(ISSUE_LEDGER)
    waiting = [Stage.LOGGED, Stage.REPLY]
    assert own(log.connection, {"handler"}, waiting, 10) == [lives[1].issue_id, lives[0].issue_id]
    assert own(log.connection, {"handler"}, waiting, 1) == [lives[1].issue_id]
    assert own(log.connection, {"nobody"}, waiting, 10) == []
    signing = [lives[2].issue_id]
    assert shared(log.connection, None, [Stage.SUBMISSION], 10) == signing
    assert shared(log.connection, {"LX"}, [Stage.SUBMISSION], 10) == []
    assert {it.stage for it in issues(log.connection, [life.issue_id for life in lives])} == {
        Stage.REPLY, Stage.LOGGED, Stage.SUBMISSION, Stage.SETTLED,
    }  # fmt: skip


def test_given_a_reminder_of_duties_then_what_is_short_is_told_until_the_period_is_closed(log: Log) -> None:
    town = Township("ll", handler=Rank.DEPUTY_SECTION)
    town.open(MARCH)
    town.remind(MARCH)
    reminded = {key: list(events) for key, events in town.streams.items()}
    written(log, reminded)
    short = duties(log.connection, {"handler"}, ())
    assert short
    assert {it.officer for it in short} == {"handler"}
    assert all(it.shortfall > 0 for it in short)
    assert duties(log.connection, {"lead"}, ()) == []
