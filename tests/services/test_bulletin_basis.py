"""A bulletin on a real log: drawn up again at its position, whatever came later; each command once (CX10, F12)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest

from domain.bulletin import commands as c
from domain.bulletin.errors import BulletinNotSealed
from domain.bulletin.events import BulletinDrawnUp
from domain.bulletin.figures import Asked
from domain.bulletin.state import Bulletin, fold
from domain.casework import Casework
from domain.events import DomainEvent, encode
from projections.seal import seal_once
from services.bootstrap import open_casework
from services.bulletins import drawn_up_again
from services.persistence.bulletin_basis import BulletinBasis
from tests.support.bulletins import BULLETIN, DAY, DRAWN, HOUR, MARCH, a_month, an_issue, ask
from tests.support.casework import Clock, clock, office
from tests.support.postgres import Database
from tests.support.spot_checks import county_events

__all__ = ["clock"]


class Township:
    """A real log whose events bear the times that the test gives them, and the door for writes on it."""

    def __init__(self, database: Database, casework: Casework) -> None:
        self.database = database
        self.casework = casework
        self.basis = BulletinBasis(database.app_dsn)

    def write(self, events: Iterable[DomainEvent], at: datetime) -> None:
        """Recorded at this moment: as the owner, who alone can say when. An issue has its number beside."""
        with psycopg.connect(self.database.owner_dsn, autocommit=True) as connection:
            for it in events:
                connection.execute(
                    "insert into ledger_events (originator_id, originator_version, topic, state, recorded_at)"
                    " values (%s, %s, %s, %s, %s)",
                    (it.originator_id, it.originator_version, it.TOPIC, encode(it), at),
                )
                if (number := getattr(it, "number", None)) is not None:
                    village, year, serial = number.split("-")
                    row = (number, village, int(year), int(serial), it.originator_id)
                    connection.execute("insert into issue_number values (%s, %s, %s, %s, %s)", row)

    def seal(self) -> None:
        """Everything gets its position."""
        with psycopg.connect(self.database.follower_dsn, autocommit=True) as connection:
            seal_once(connection)

    def bulletin(self) -> Bulletin:
        """How March's bulletin stands."""
        found = fold(self.casework.history(BULLETIN))
        assert found is not None
        return found

    def drawn_up(self) -> BulletinDrawnUp:
        """March's bulletin, drawn up."""
        self.casework.handle(ask(c.OpenBulletin))
        self.seal()
        self.casework.handle(ask(c.DrawUpBulletin))
        drawn = self.bulletin().drawn
        assert drawn is not None
        return drawn


@pytest.fixture
def township(database: Database, clock: Clock) -> Iterator[Township]:
    """March, and an issue of March that is recorded after the day of the bulletin."""
    clock.set(DRAWN + timedelta(minutes=1))
    parts = replace(office(clock), bulletin_basis=BulletinBasis(database.app_dsn))
    casework = open_casework(database.app_dsn, parts)
    known = Township(database, casework)
    known.write((*county_events(), *a_month()), DRAWN - HOUR)
    known.write((an_issue("QS-2026-0500", 30),), DRAWN + timedelta(seconds=5))
    known.write((an_issue("QS-2026-0501", 30),), DRAWN + timedelta(seconds=6))
    yield known
    casework.close()


@pytest.mark.proves("F12")
def test_given_much_that_is_recorded_later_then_the_figures_at_its_position_are_the_same_again(
    township: Township,
) -> None:
    drawn = township.drawn_up()
    assert drawn.head.recorded_at == DRAWN + timedelta(seconds=5), "the first event since the day, not the newest"
    assert {it.place: it.new for it in drawn.figures.places} == {"YL1": 3, "YL2": 1, "YL": 0}
    township.write((an_issue(f"LX-2026-{serial:04d}", 28) for serial in range(600, 620)), DRAWN + DAY)
    township.seal()
    compared = drawn_up_again(township.bulletin(), township.basis.again)
    assert [it.name for it in compared] == ["head", "YL1", "YL2", "YL", "late"]
    assert all(it.same for it in compared)


def test_given_a_log_that_was_changed_then_it_shows_where(township: Township) -> None:
    township.drawn_up()
    with psycopg.connect(township.database.superuser_dsn, autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("alter table ledger_events disable trigger append_only")
        owner.execute("delete from ledger_events where topic = 'issue.fixed_on_site' and originator_version = 2")
    compared = drawn_up_again(township.bulletin(), township.basis.again)
    assert [it.name for it in compared if not it.same] == ["YL2"]


def test_given_nothing_sealed_since_the_day_then_it_waits(township: Township) -> None:
    township.casework.handle(ask(c.OpenBulletin))
    with pytest.raises(BulletinNotSealed):
        township.casework.handle(ask(c.DrawUpBulletin))
    township.seal()
    assert township.casework.handle(ask(c.DrawUpBulletin)).version == 2


def test_given_a_correction_then_it_is_drawn_up_at_a_later_position_and_both_come_out_again(
    township: Township, clock: Clock
) -> None:
    township.drawn_up()
    clock.set(DRAWN + 3 * DAY)
    township.casework.handle(ask(c.IssueBulletin, at=DRAWN + DAY))
    township.seal()
    township.casework.handle(ask(c.CorrectBulletin, at=DRAWN + 2 * DAY))
    bulletin = township.bulletin()
    (correction,) = bulletin.corrections
    assert bulletin.drawn is not None
    assert correction.head.position > bulletin.drawn.head.position
    assert {it.place: it.new for it in correction.figures.places}["YL1"] == 4
    assert all(it.same for it in drawn_up_again(bulletin, township.basis.again))


def test_given_each_command_sent_twice_then_it_happens_once(township: Township, clock: Clock) -> None:
    township.drawn_up()
    clock.set(DRAWN + 20 * DAY)
    asked: list[c.BulletinCommand] = [
        ask(c.OpenBulletin),
        ask(c.DrawUpBulletin),
        ask(c.NameInBulletin),
        ask(c.TakeOffBulletin),
        ask(c.RecordBulletinOverdue, at=DRAWN + 6 * DAY),
        ask(c.IssueBulletin, at=DRAWN + 7 * DAY),
        ask(c.CorrectBulletin, at=DRAWN + 8 * DAY, struck=(2,)),
    ]
    for command in asked:
        first, second = township.casework.handle(command), township.casework.handle(command)
        assert (second.stream_id, second.version, second.repeated) == (first.stream_id, first.version, True)
    assert len(list(township.casework.history(BULLETIN))) == 7


def test_given_no_such_position_then_nothing_is_drawn_up(township: Township) -> None:
    township.seal()
    assert township.basis.again(Asked("YL", MARCH, DRAWN), 10_000) is None
