"""The ledger at another time: what had happened by then, as far as it was known by then."""

from datetime import timedelta

from domain.issue.words import Stage
from projections.dashboard import DASHBOARD
from projections.issue_ledger import ISSUE_LEDGER
from projections.past import rows_at
from tests.projections.ledger import Log
from tests.projections.lives import LIVES
from tests.support.casework import START, case

HOUR = timedelta(hours=1)


def test_given_no_moment_then_the_rows_are_those_of_today(log: Log) -> None:
    log.append(*LIVES)
    for model in (ISSUE_LEDGER, DASHBOARD):
        today = model.fold(log.read(), {})
        assert {row.issue_id: row for row in rows_at(log.connection, model)} == today


def test_given_an_earlier_moment_then_later_events_have_not_happened(log: Log) -> None:
    life = case("closed")
    log.append(life, case("logged", at=START + 10 * HOUR, key="later"))

    def stages(hours: float) -> list[str]:
        return [row.stage for row in rows_at(log.connection, ISSUE_LEDGER, as_of=START + hours * HOUR)]

    assert stages(-1) == []
    assert [stages(hours) for hours in (0, 1, 2, 3, 4)] == [
        [Stage.LOGGED], [Stage.REPLY], [Stage.FEEDBACK], [Stage.ANSWERED], [Stage.CLOSED],
    ]  # fmt: skip
    assert sorted(stages(10)) == [Stage.CLOSED, Stage.LOGGED]


def test_given_what_was_known_then_events_recorded_later_are_left_out(log: Log) -> None:
    life = case("fixed")
    log.append(life)
    known = [each.recorded_at for each in log.read()]
    assert known[0] < known[1]
    for known_at, stage in zip(known, (Stage.LOGGED, Stage.REPLY), strict=True):
        assert [row.stage for row in rows_at(log.connection, ISSUE_LEDGER, known_at=known_at)] == [stage]


def test_given_one_issue_then_only_its_stream_is_read(log: Log) -> None:
    one, other = case("fixed"), case("settled", key="other")
    log.append(one, other)
    found = list(rows_at(log.connection, ISSUE_LEDGER, issue_id=other.issue_id))
    assert [row.issue_id for row in found] == [other.issue_id]
