"""A draw on a real log, done again from nothing but a dump of it; and what would change it (D6, CX11)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import Result
from typer.testing import CliRunner

from domain.casework import Casework
from domain.errors import NotFound
from domain.events import DomainEvent, encode
from domain.spot_check import commands as c
from domain.spot_check.commands import SpotCheckCommand
from domain.spot_check.errors import HeadNotSealed
from domain.spot_check.events import SpotCheckDrawn
from domain.spot_check.state import Check, fold
from projections.issue_ledger import ISSUE_LEDGER
from projections.log_reader import LogReader
from projections.places import PLACES
from projections.projection import decoded
from projections.seal import seal_once
from projections.spot_checks import SPOT_CHECKS
from services.bootstrap import open_casework
from services.cli.commands import app
from services.cli.spot_checks import DrawDiffers
from services.persistence.draw_basis import DrawBasis
from tests.support.casework import Clock, clock, office
from tests.support.postgres import Database
from tests.support.spot_checks import CHECK, DAY, DRAW, ISSUES, MONTH, TOWNSHIP_LEAD, ask, county_events, logged

pytestmark = pytest.mark.proves("D6", "CX11")
__all__ = ["clock"]

BEFORE, AFTER = DRAW - timedelta(hours=1), DRAW + timedelta(seconds=5)


class Township:
    """A real log whose events bear the times that the test gives them, and the door for writes on it."""

    def __init__(self, database: Database, casework: Casework) -> None:
        self.database = database
        self.casework = casework

    def write(self, events: Iterable[DomainEvent], at: datetime) -> None:
        """Recorded at this moment, not sealed yet: as the owner, who alone can say when."""
        with psycopg.connect(self.database.owner_dsn, autocommit=True) as connection:
            for it in events:
                connection.execute(
                    "insert into ledger_events (originator_id, originator_version, topic, state, recorded_at)"
                    " values (%s, %s, %s, %s, %s)",
                    (it.originator_id, it.originator_version, it.TOPIC, encode(it), at),
                )

    def seal(self) -> None:
        """Everything gets its position."""
        with psycopg.connect(self.database.follower_dsn, autocommit=True) as connection:
            seal_once(connection)

    def dump(self) -> list[tuple[Any, ...]]:
        """The log as anybody may be given it."""
        query = (
            "select position, originator_id, originator_version, topic, state, recorded_at"
            " from seal join ledger_events using (notification_id) order by position"
        )
        with psycopg.connect(self.database.app_dsn) as connection:
            return connection.execute(query).fetchall()

    def check(self) -> Check:
        """How this month's check stands."""
        found = fold(self.casework.history(CHECK))
        assert found is not None
        return found

    def drawn(self) -> SpotCheckDrawn:
        """This month's draw."""
        self.casework.handle(ask(c.AnnounceSpotCheck))
        self.seal()
        self.casework.handle(ask(c.DrawSpotCheck))
        drawn = self.check().drawn
        assert drawn is not None
        return drawn


@pytest.fixture
def township(database: Database, clock: Clock) -> Iterator[Township]:
    """Everything before the draw, and two events after it."""
    clock.set(DRAW + timedelta(minutes=1))
    casework = open_casework(database.app_dsn, replace(office(clock), draw_basis=DrawBasis(database.app_dsn)))
    known = Township(database, casework)
    known.write((*county_events(), *ISSUES), BEFORE)
    known.write((logged("QS-2026-0500"),), AFTER)
    known.write((logged("QS-2026-0501"), logged("BC-2026-0501")), AFTER + timedelta(seconds=1))
    yield known
    casework.close()


# -- the draw done again, without a line of the program -------------------------------------------------------------


def _hash(*lines: str) -> str:
    return sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _ranked(seed: str, candidates: Iterable[str]) -> list[str]:
    return sorted(candidates, key=lambda candidate: _hash(seed, candidate))


def done_again(dump: list[tuple[Any, ...]]) -> dict[str, Any]:
    """By the words at the top of drawing.py alone."""
    head = next(row for row in dump if row[5] >= DRAW)
    recorded_at = head[5].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    name = (str(head[0]), str(head[1]), str(head[2]), recorded_at, sha256(head[4]).hexdigest())
    seed = _hash("huiyin-spot-check-1", _hash("huiyin-head-1", *name), "YL", MONTH)
    until = [(row[3], json.loads(row[4])) for row in dump if row[0] <= head[0]]
    places = {said["place"]: said for topic, said in until if topic == "organisation.place_registered"}
    stations = sorted(code for code, it in places.items() if it["kind"] == "station" and it["parent"] == "YL")
    station = _ranked(seed, stations)[0]
    villages = {code for code, it in places.items() if it.get("parent") == station}
    issues = [said["number"] for topic, said in until if topic == "issue.logged" and said["village"] in villages]
    return {
        "seed": seed,
        "station": station,
        "stations_digest": _hash(*stations),
        "items": tuple(_ranked(seed, issues)[:10]),
        "items_counted": len(issues),
        "items_digest": _hash(*sorted(issues)),
    }


def _of(drawn: SpotCheckDrawn) -> dict[str, Any]:
    names = ("seed", "station", "stations_digest", "items", "items_counted", "items_digest")
    return {name: getattr(drawn, name) for name in names}


def test_given_a_dump_of_the_log_then_the_draw_done_again_is_the_same(township: Township) -> None:
    drawn = township.drawn()
    assert done_again(township.dump()) == _of(drawn)
    assert drawn.head.recorded_at == AFTER, "the first event after the moment, not the newest"
    assert drawn.items_counted in (19, 9), "what was logged later is not drawn from"


def test_given_one_byte_of_the_head_or_one_candidate_more_then_it_is_another(township: Township) -> None:
    drawn, dump = township.drawn(), township.dump()
    nth = next(nth for nth, row in enumerate(dump) if row[5] >= DRAW)
    head = dump[nth]
    changed = (*head[:4], head[4].replace(b"QS-2026-0500", b"QS-2026-0509"), head[5])
    assert done_again([*dump[:nth], changed, *dump[nth + 1 :]])["seed"] != drawn.seed
    (village, *_) = drawn.villages
    one = logged(f"{village}-2026-0400")
    more = (head[0] - 0.5, one.originator_id, 1, one.TOPIC, encode(one), BEFORE)
    again = done_again([*dump[:nth], more, *dump[nth:]])
    assert again["seed"] == drawn.seed
    assert again["items_digest"] != drawn.items_digest
    assert again["items_counted"] == drawn.items_counted + 1


def test_given_much_that_happens_later_then_the_draw_stays_what_it_was(township: Township) -> None:
    usual = _of(township.drawn())
    township.write((logged(f"QS-2026-{serial:04d}") for serial in range(600, 640)), AFTER + DAY)
    township.seal()
    assert done_again(township.dump()) == usual


def test_given_nothing_sealed_after_the_moment_then_it_waits(township: Township) -> None:
    township.casework.handle(ask(c.AnnounceSpotCheck))
    with pytest.raises(HeadNotSealed):
        township.casework.handle(ask(c.DrawSpotCheck))
    township.seal()
    assert township.casework.handle(ask(c.DrawSpotCheck)).version == 2


def test_given_each_command_sent_twice_then_it_happens_once(township: Township, clock: Clock) -> None:
    drawn = township.drawn()
    unit = {"station": drawn.station}
    asked: list[SpotCheckCommand] = [
        ask(c.AnnounceSpotCheck),
        ask(c.DrawSpotCheck),
        ask(c.RecordInspection),
        ask(c.HandInLedgers, items=drawn.items[1:]),
        ask(c.RemindHandIn, at=DRAW + 6 * DAY),
        ask(c.RecordMissedHandIn, at=DRAW + 8 * DAY),
        ask(c.RecordFinding, **unit),
        ask(c.OrderRectification, at=DRAW + 8 * DAY),
        ask(c.RecordMissedRectification, at=DRAW + 17 * DAY),
        ask(c.ReportRectification, by=TOWNSHIP_LEAD, at=DRAW + 17 * DAY),
        ask(c.RecheckRectification, at=DRAW + 17 * DAY),
        ask(c.CloseSpotCheck, at=DRAW + 17 * DAY),
    ]
    for command in asked:
        clock.set(max(clock.now, command.occurred_at))
        first, second = township.casework.handle(command), township.casework.handle(command)
        assert (second.stream_id, second.version, second.repeated) == (first.stream_id, first.version, True)
    assert township.check().closed


# -- on the command line --------------------------------------------------------------------------------------------


def run(database: Database, home: Path, *words: str) -> Result:
    env = {
        "HUIYIN_DATABASE_URL": database.app_dsn,
        "HUIYIN_KEYS_DATABASE_URL": database.keys_dsn,
        "HUIYIN_HOME": str(home / "home"),
    }
    return CliRunner().invoke(app, list(words), env=env)


def test_given_a_draw_when_verified_then_every_figure_comes_out_again(
    township: Township, database: Database, tmp_path: Path
) -> None:
    drawn = township.drawn()
    township.casework.handle(ask(c.RecordFinding, station=drawn.station))
    done = run(database, tmp_path, "spot-check", "verify", "YL", MONTH)
    assert done.exit_code == 0, done.output
    assert done.output.count("一致 same") == 9
    assert drawn.seed in done.output
    shown = json.loads(run(database, tmp_path, "spot-check", "show", "YL", MONTH, "--json").output)
    assert (shown["station"], shown["items"], shown["findings"]) == (drawn.station, list(drawn.items), 1)
    assert shown["found"][0]["problem"] == "答复没有送达凭据。"
    assert "答复没有送达凭据。" in run(database, tmp_path, "spot-check", "show", "YL", MONTH).output
    for month in ("2026-02", "spring"):
        assert isinstance(run(database, tmp_path, "spot-check", "verify", "YL", month).exception, NotFound)


def test_given_a_log_that_was_changed_when_verified_then_it_says_which_figures_differ(
    township: Township, database: Database, tmp_path: Path
) -> None:
    drawn = township.drawn()
    with psycopg.connect(database.superuser_dsn, autocommit=True) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("alter table ledger_events disable trigger append_only")
        owner.execute(
            "update ledger_events set state = convert_to(replace(convert_from(state, 'UTF8'), %s, %s), 'UTF8')"
            " where topic = 'issue.logged'",
            (drawn.items[0], drawn.items[0] + "9"),
        )
    done = run(database, tmp_path, "spot-check", "verify", "YL", MONTH)
    assert isinstance(done.exception, DrawDiffers)
    assert [line.split(":")[0].strip() for line in done.output.splitlines() if "differs" in line] == [
        "items_digest",
        "items",
    ]


def test_given_checks_then_the_ledger_lists_them(township: Township, database: Database, tmp_path: Path) -> None:
    drawn = township.drawn()
    township.seal()
    with psycopg.connect(database.follower_dsn, autocommit=True) as follower:
        for model in (ISSUE_LEDGER, SPOT_CHECKS, PLACES):
            model.apply(follower, decoded(LogReader(follower).read_sealed(-1, 1_000)))
    (line,) = json.loads(run(database, tmp_path, "ledger", "spot-checks", "--format", "json").output)
    assert (line["方式"], line["月份(日期)"], line["抽取种子"]) == ("月度抽查", MONTH, drawn.seed)
    assert line["抽查事项"] == "、".join(drawn.items)
