"""The step that sends: a digest instead of a flood, urgent things at once, back-off, and no word of a household."""

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta

import psycopg
import pytest

from domain.issue import events as i
from projections.inbox import INBOX
from services.health.findings import notices_undeliverable
from services.notify.allowed import allowed_of
from services.notify.quiet import Quiet
from services.notify.sending import MOST_FAILURES, Sending, SendingRules
from services.notify.targets import TargetSeal, add_target, set_targets, targets_of, undeliverable
from services.persistence.directory import OrganisationDirectory
from tests.projections.ledger import Log, log
from tests.projections.lives import LIVES
from tests.services.notify.receivers import Hook, hook
from tests.support.casework import START, Clock, case

__all__ = ["log"]
SEAL = TargetSeal(b"n" * 32)
NOON = START.replace(hour=12)
FOLLOWED = """insert into follower_position (name, position) values ('inbox', %s)
on conflict (name) do update set position = excluded.position returning 1"""
LINK = "https://huiyin.example"


@pytest.fixture
def receiver() -> Iterator[Hook]:
    with hook() as opened:
        yield opened


class Office:
    """A log with its inbox, and a step that sends to one receiver."""

    def __init__(self, log: Log, receiver: Hook, quiet: Quiet | None = None) -> None:
        log.settle()
        self.log, self.receiver, self.clock = log, receiver, Clock(NOON)
        self.allowed = allowed_of(f"json://127.0.0.1:{receiver.port}")
        self.address = f"json://127.0.0.1:{receiver.port}/k3y-of-lead"
        self.app = psycopg.connect(log.database.app_dsn, autocommit=True)
        directory = OrganisationDirectory(lambda: psycopg.connect(log.database.app_dsn, autocommit=True), self.clock)
        rules = SendingRules(self.allowed, LINK, quiet=quiet)
        self.sending = Sending(log.database.app_dsn, SEAL, directory, rules, self.clock)
        self.taken = 0
        self.happened()

    def subscribe(self, *people: str) -> None:
        for person in people:
            add_target(self.app, person, self.address, self.allowed, SEAL)

    def happened(self, *cases: object) -> None:
        """More of the log, taken into the inbox."""
        self.log.append(*cases)  # type: ignore[arg-type]
        everything = self.log.read()
        INBOX.apply(self.log.follower, everything[self.taken :])
        self.taken = len(everything)
        self.log.query(FOLLOWED, self.taken - 1)

    def step(self, later: timedelta = timedelta(0)) -> int:
        self.clock.advance(later)
        return self.sending.step()

    def failures(self, person: str) -> tuple[int, bool]:
        (target,) = targets_of(self.app, person)
        return target.failures, target.gave_up_at is not None


def key(nth: int) -> str:
    return f"flood {nth}"


@pytest.fixture
def desk(log: Log, receiver: Hook) -> Iterator[Office]:
    opened = Office(log, receiver)
    yield opened
    opened.app.close()


def test_given_many_notices_then_one_digest_tells_them_and_the_next_comes_an_interval_later(desk: Office) -> None:
    desk.subscribe("lead")
    desk.happened(*(case("submission", key=key(nth)) for nth in range(30)))
    assert [desk.step(), desk.step(timedelta(minutes=1))] == [1, 0]
    (got,) = desk.receiver.got
    assert "30" in got["title"]
    assert got["message"].count("\n· ") == 20
    assert "另有 10 条" in got["message"]
    assert LINK in got["message"]
    desk.happened(case("submission", key="later"))
    assert [desk.step(timedelta(minutes=1)), desk.step(timedelta(hours=1))] == [0, 1]


@pytest.mark.proves("L4")
def test_given_something_urgent_then_it_is_told_at_once(desk: Office) -> None:
    desk.subscribe("handler")
    desk.happened(case("logged", key="quiet", by="household"))
    assert desk.step() == 1
    desk.happened(case("missed", key="late"))
    assert desk.step(timedelta(minutes=1)) == 1
    assert "已超期" in desk.receiver.got[-1]["message"]


def test_given_everything_that_can_happen_then_no_word_of_a_household_leaves(desk: Office) -> None:
    people = ("handler", "lead", "township-head", "committee", "handler2", "finance", "department")
    desk.subscribe(*people)
    desk.happened(*LIVES)
    assert desk.step() > 3
    sent = json.dumps(desk.receiver.got, ensure_ascii=False)
    events = [event for life in LIVES for event in life.events]
    words = {value for event in events for value in event.model_dump(mode="json").values() if isinstance(value, str)}
    of_people = {word for word in words if len(word) > 3 and not word.isascii()} | {"QS-012", "QS-013"}
    assert of_people
    assert not [word for word in of_people if word in sent]
    assert not [person for person in ("township-head", "handler2") if person in sent]
    assert any(isinstance(event, i.AnswerRated) for event in events)


def test_given_a_receiver_that_refuses_then_it_is_tried_again_with_the_same_id_and_nothing_is_lost(
    desk: Office,
) -> None:
    desk.subscribe("lead")
    desk.happened(case("submission"))
    desk.receiver.status = 500
    assert [desk.step(), desk.step()] == [0, 0]  # the second time it is not asked at all
    assert (len(desk.receiver.got), desk.failures("lead")) == (1, (1, False))
    desk.receiver.status = 200
    assert desk.step(timedelta(minutes=3)) == 1
    first, second = (got["message"].rpartition(" id: ")[2] for got in desk.receiver.got)
    assert first == second
    assert desk.failures("lead") == (0, False)


def test_given_a_receiver_that_never_answers_well_then_it_is_given_up_and_the_doctor_knows(desk: Office) -> None:
    desk.subscribe("lead")
    desk.happened(case("submission"))
    desk.app.execute("update notice_target set failures = %s", (MOST_FAILURES - 1,))
    desk.receiver.status = 500
    desk.step()
    assert desk.failures("lead") == (MOST_FAILURES, True)
    assert undeliverable(desk.app) == 1
    assert "1" in notices_undeliverable(undeliverable(desk.app)).en
    assert desk.step(timedelta(days=2)) == 0
    assert len(desk.receiver.got) == 1
    set_targets(desk.app, "lead", [desk.address], desk.allowed, SEAL)
    assert undeliverable(desk.app) == 0


def test_given_what_was_read_in_the_inbox_then_no_message_repeats_it(desk: Office) -> None:
    desk.subscribe("lead")
    desk.happened(case("submission"))
    desk.app.execute("insert into inbox_read (person, read_until) values ('lead', 1000000)")
    assert desk.step() == 0


def test_given_a_complaint_then_whoever_it_bars_is_sent_nothing(desk: Office) -> None:
    desk.subscribe("handler2", "township-head")
    desk.happened(case("logged", key="complaint", village="LX", concerns="lead2", by="household"))
    desk.log.follower.execute("update inbox set addressee = 'handler2' where addressee = 'township-head'")
    assert desk.step() == 0


def test_given_quiet_hours_then_nothing_is_sent_until_they_are_over(log: Log, receiver: Hook) -> None:
    desk = Office(log, receiver, Quiet(time(21), time(7, 30)))
    desk.subscribe("handler")
    desk.happened(case("missed"))
    desk.clock.set(NOON.replace(hour=22))
    assert desk.step() == 0
    assert desk.step(timedelta(hours=10)) == 1
    desk.app.close()


@pytest.mark.parametrize(
    ("text", "moment", "expected"),
    [("21:00-07:30", "23:00", True), ("21:00-07:30", "07:30", False), ("12:00-14:00", "13:59", True)],
)
def test_given_quiet_hours_then_they_may_span_midnight(text: str, moment: str, expected: bool) -> None:
    quiet = Quiet.of(text)
    assert quiet is not None
    assert quiet.holds(datetime.combine(NOON, time.fromisoformat(moment), NOON.tzinfo)) is expected


def test_given_a_target_then_the_database_holds_no_secret_of_it_and_no_log_either(
    desk: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.subscribe("lead")
    desk.happened(case("submission"))
    desk.receiver.status = 500
    desk.step()
    row = desk.app.execute("select t::text, sealed from notice_target t").fetchone()
    assert row is not None
    assert "k3y-of-lead" not in row[0]
    assert b"k3y-of-lead" not in bytes(row[1])
    assert SEAL.open("lead", bytes(row[1])) == desk.address
    said = "".join(capsys.readouterr())
    assert "k3y-of-lead" not in said
    assert "127.0.0.1" not in said


def test_given_a_target_that_is_no_longer_allowed_then_it_is_given_up(desk: Office) -> None:
    other = allowed_of("json://127.0.0.1:9")
    add_target(desk.app, "lead", "json://127.0.0.1:9/", other, SEAL)
    desk.happened(case("submission"))
    assert desk.step() == 0
    assert desk.failures("lead") == (1, True)
    assert desk.receiver.got == []


def test_given_another_worker_at_it_then_this_one_sends_nothing(desk: Office) -> None:
    desk.subscribe("lead")
    desk.happened(case("submission"))
    with psycopg.connect(desk.log.database.app_dsn) as other:
        other.execute("select pg_advisory_lock(7214021)")
        assert desk.step() == 0
    assert desk.step() == 1
