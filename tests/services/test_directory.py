"""The directory over the log: news within a second, few questions, and what is known is kept while the log is away."""

from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from domain.casework import Casework
from domain.context import Village
from domain.issue.commands import LogIssue
from domain.organisation import commands as c
from domain.organisation.together import reorganise
from services.bootstrap import open_casework
from services.organisation.registering import register_villages, township_code
from services.persistence import directory as module
from services.persistence.directory import OrganisationDirectory
from tests.support.casework import Clock, casework, clock, command, office
from tests.support.office import START
from tests.support.organisation import ask, county, county_commands
from tests.support.postgres import Database

__all__ = ["casework", "clock"]


class Line:
    """A way to the database that counts, and can be cut."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.asked = 0
        self.cut = False
        self.meanwhile: Callable[[], None] | None = None

    def __call__(self) -> psycopg.Connection:
        self.asked += 1
        if self.cut:
            raise psycopg.OperationalError("away")
        if self.meanwhile:
            self.meanwhile()
        return psycopg.connect(self.dsn, autocommit=True)


@pytest.fixture
def line(database: Database) -> Line:
    return Line(database.app_dsn)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets so many seconds pass for the directory."""
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    return pass_by


@pytest.fixture
def directory(line: Line, casework: Casework, later: Callable[[float], None]) -> OrganisationDirectory:
    reorganise(casework, county_commands())
    return OrganisationDirectory(line, lambda: START)


def test_given_the_log_then_it_answers_as_the_organisation_does(directory: OrganisationDirectory) -> None:
    assert directory.organisation() == county()
    village = directory.village("QS")
    assert village is not None
    assert (village.handler, village.lead) == ("handler", "lead")
    assert directory.head_of("township", "WS") == "ws-lead"
    assert directory.superiors_of("lead") == {"lead2", "secretary", "magistrate"}


def test_given_many_questions_then_the_database_is_asked_once_a_second(
    directory: OrganisationDirectory, line: Line, later: Callable[[float], None]
) -> None:
    for _ in range(50):
        directory.village("QS")
    assert line.asked == 1
    later(1.1)
    directory.village("QS")
    assert line.asked == 2


def test_given_a_change_then_it_is_known_after_a_second_and_only_the_news_is_read(
    directory: OrganisationDirectory, casework: Casework, later: Callable[[float], None]
) -> None:
    before = directory.organisation()
    casework.handle(ask(c.EndAppointment))
    assert directory.organisation() is before
    later(1.1)
    assert directory.organisation().version == before.version + 1
    assert directory.organisation().posts_of("handler", START) == ()


def test_given_a_change_by_this_process_then_it_is_known_with_the_next_question(
    line: Line, clock: Clock, later: Callable[[float], None]
) -> None:
    directory = OrganisationDirectory(line, clock)
    known = {"directory": directory, "calendar": directory.calendar, "forget": directory.forget}
    with open_casework(line.dsn, replace(office(clock), **known)) as casework:
        assert directory.village("QS") is None
        reorganise(casework, county_commands())
        assert directory.village("QS") is not None
        asked = line.asked
        casework.handle(command(LogIssue))
        assert line.asked == asked, "an issue changes nothing that is kept in mind"
        casework.handle(ask(c.EndAppointment))
        assert directory.organisation() == casework.organisation()


def test_given_a_change_while_it_is_looked_for_news_then_it_is_looked_for_again(
    directory: OrganisationDirectory, line: Line
) -> None:
    line.meanwhile = directory.forget
    directory.organisation()
    asked = line.asked
    line.meanwhile = None
    directory.organisation()
    directory.organisation()
    assert line.asked == asked + 1


def test_given_a_village_registered_just_now_then_it_is_looked_for_at_once(
    directory: OrganisationDirectory, casework: Casework, later: Callable[[float], None]
) -> None:
    assert directory.village("XH") is None
    casework.handle(ask(c.RegisterPlace))
    later(0.1)
    assert directory.village("XH") is not None


def test_given_the_database_away_then_what_was_known_still_holds(
    directory: OrganisationDirectory, line: Line, later: Callable[[float], None]
) -> None:
    known = directory.organisation()
    line.cut = True
    later(60)
    assert directory.organisation() is known
    line.cut = False
    later(1.1)
    assert directory.organisation().version == known.version


def test_given_nothing_known_yet_then_it_says_that_it_cannot_tell(line: Line) -> None:
    line.cut = True
    with pytest.raises(OperationalError):
        OrganisationDirectory(line, lambda: START).village("QS")


# -- villages that files bring along ----------------------------------------------------------------------------------


def test_given_villages_of_a_file_then_they_are_registered_once_with_those_in_charge(casework: Casework) -> None:
    reorganise(casework, county_commands())
    known = Village(code="QS", name="别名", township="云岭镇", handler="other", lead="other")
    beside = Village(code="XH", name="新河村", township="云岭镇", handler="h", lead="l")
    elsewhere = Village(code="BOS", name="Boston", township="Boston", handler="h", lead="l")
    assert register_villages(casework, [known, beside, elsewhere], START) == 7
    organisation = casework.organisation()
    assert organisation.village("QS", START) == county().village("QS", START)
    assert organisation.township_of("XH") == "YL"
    code = township_code("Boston")
    place = organisation.place(code)
    assert place is not None
    assert (organisation.township_of("BOS"), place.parent) == (code, "YX")
    village = organisation.village("BOS", START)
    assert village is not None
    assert (village.handler, village.lead) == ("h", "l")
    assert register_villages(casework, [known, beside, elsewhere], START) == 0
