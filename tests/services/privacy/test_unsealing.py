"""Who sees a household's words: the case's own people; each look is written down first, or nothing is shown."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import timedelta

import psycopg
import pytest

from domain.issue.sealing import sealed
from domain.privacy import ERASED, UNREADABLE, WITHHELD, is_sealed
from domain.values import Role
from projections import issue_history, issue_ledger
from projections.issue_history import HistoryLine
from projections.issue_ledger import LedgerLine
from services.privacy.looks import Door, LookBook, Seen, looks_at
from services.privacy.masking import MASKED
from services.privacy.unsealing import COLUMNS, VIEWS, Reader, Unsealing, View
from services.privacy.vault import Vault
from tests.projections.ledger import Log, taken_in
from tests.support.casework import case
from tests.support.postgres import Database
from tests.support.states import STATES
from tests.support.vault import MemoryKeys

PHONE = "13800000000"
SUBJECT = "QS/QS-012"
HANDLER = Reader.of("handler", Role.CASE_HANDLER, Door.API, place="QS")


@dataclass
class Town:
    """One answered case of a household and one of nobody's, in the read models."""

    keys: MemoryKeys
    vault: Vault
    connection: psycopg.Connection
    unsealing: Unsealing

    def line(self, number: str = "QS-2026-0001") -> LedgerLine:
        found = issue_ledger.entry(self.connection, number)
        assert found is not None
        return found

    def seen(self, reader: Reader) -> LedgerLine:
        (line,) = self.unsealing.lines(reader, [self.line()], Seen.ISSUE)
        return line

    def history(self) -> list[HistoryLine]:
        return issue_history.history(self.connection, "QS-2026-0001", late_after=timedelta(days=3))


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    keys = MemoryKeys()
    vault = Vault(keys, lambda: 0.0)
    life = case("settled", title=f"请打 {PHONE}", description=f"他的电话是 {PHONE}")
    stored = sealed(life.events, (life.issue,), vault)
    log = Log(database)
    log.append(replace(life, streams={**life.streams, life.issue.issue_id: stored}), case("logged", household=None))
    log.fill()
    with (
        closing(log),
        closing(LookBook(database.app_dsn)) as looks,
        psycopg.connect(database.superuser_dsn, autocommit=True) as connection,
    ):
        yield Town(keys, vault, connection, Unsealing(vault, looks))


def test_given_the_read_models_then_they_hold_the_words_sealed(town: Town) -> None:
    line = town.line()
    assert line.title is not None
    assert is_sealed(line.title)
    assert is_sealed(line.description)
    assert not any(PHONE in str(each.details) + each.zh + each.en for each in town.history())


def test_given_the_cases_own_people_then_they_see_the_words_and_the_look_is_kept(town: Town) -> None:
    assert town.seen(HANDLER).description == f"他的电话是 {PHONE}"
    (look,) = looks_at(town.connection, SUBJECT)
    assert (look.user_name, look.role, look.place, look.door) == ("handler", "case_handler", "QS", "api")
    assert (look.what, look.shown, look.issue_id) == ("issue", "words", town.line().issue_id)


def test_given_a_history_then_details_and_sentences_are_opened_and_it_is_one_look(town: Town) -> None:
    lines = town.unsealing.history(HANDLER, town.history())
    assert lines[0].details["description"] == f"他的电话是 {PHONE}"
    assert PHONE in lines[0].zh
    assert PHONE in lines[0].en
    assert len(lines) == len(town.history())
    assert [look.what for look in looks_at(town.connection, SUBJECT)] == ["history"]


def test_given_an_auditor_then_no_telephone_number_is_shown(town: Town) -> None:
    auditor = Reader.of("auditor", Role.AUDITOR, Door.API)
    line = town.seen(auditor)
    assert (line.title, line.description) == (f"请打 {MASKED}", f"他的电话是 {MASKED}")
    told = town.unsealing.history(auditor, town.history())
    assert not any(PHONE in str(each.details) + each.zh + each.en for each in told)
    assert {look.shown for look in looks_at(town.connection, SUBJECT)} == {"masked"}


def test_given_an_administrator_then_nothing_is_shown_and_nothing_was_seen(town: Town) -> None:
    assert town.seen(Reader.of("admin", Role.ADMINISTRATOR, Door.API)).description == WITHHELD
    assert looks_at(town.connection, SUBJECT) == []


def test_every_role_has_its_view() -> None:
    assert set(VIEWS) == set(Role)
    assert {role for role, view in VIEWS.items() if view is View.WORDS} == {
        Role.CASE_HANDLER,
        Role.STATION_LEAD,
        Role.COMMITTEE_MEMBER,
        Role.DEPARTMENT,
    }


def test_given_an_erased_household_then_its_words_are_gone_in_both_languages_and_nobody_looked(town: Town) -> None:
    town.keys.destroy(SUBJECT)
    assert town.seen(HANDLER).description == ERASED
    told = town.unsealing.history(HANDLER, town.history())
    assert told[0].zh.startswith(f"登记：{ERASED}")
    assert "(erased)" in told[0].en
    assert looks_at(town.connection, SUBJECT) == []


def test_given_the_keys_are_away_then_the_words_cannot_be_read_now(town: Town) -> None:
    town.keys.away = True
    assert town.seen(HANDLER).description == UNREADABLE


def test_given_a_look_that_cannot_be_recorded_then_the_words_are_not_shown(town: Town) -> None:
    with closing(LookBook("postgresql://huiyin_app:none@127.0.0.1:1/none")) as nowhere:
        (line,) = Unsealing(town.vault, nowhere).lines(HANDLER, [town.line()])
    assert (line.title, line.description) == (UNREADABLE, UNREADABLE)


def test_given_a_case_of_no_household_then_it_is_read_without_a_look(town: Town) -> None:
    (line,) = town.unsealing.lines(HANDLER, [town.line("QS-2026-0002")])
    assert line.description == town.line("QS-2026-0002").description
    assert town.connection.execute("select count(*) from look").fetchone() == (0,)


def test_given_a_whole_ledger_then_each_issue_is_one_look(town: Town) -> None:
    lines = list(town.unsealing.lines(HANDLER, [town.line(), town.line("QS-2026-0002")]))
    assert [is_sealed(line.description) for line in lines] == [False, False]
    assert len(looks_at(town.connection, SUBJECT)) == 1


def test_given_words_that_are_compared_then_it_is_no_look_until_it_is_noted(town: Town) -> None:
    line = town.line()
    assert town.unsealing.compared([line.title, None, "plain"]) == [f"请打 {PHONE}", None, "plain"]
    assert looks_at(town.connection, SUBJECT) == []
    assert town.unsealing.noted(HANDLER, [(line.issue_id, line.title), (line.issue_id, None)], Seen.SUGGESTION)
    (look,) = looks_at(town.connection, SUBJECT)
    assert (look.user_name, look.what, look.issue_id) == ("handler", "suggestion", line.issue_id)


def test_given_words_of_an_erased_household_or_keys_that_are_away_then_there_is_nothing_to_compare(town: Town) -> None:
    line = town.line()
    town.keys.destroy(SUBJECT)
    assert town.unsealing.compared([line.title, "plain"]) == [None, "plain"]
    town.keys.away = True
    assert town.unsealing.compared([line.title]) == [None]


@pytest.mark.parametrize("statement", ["update look set user_name = 'nobody'", "delete from look", "truncate look"])
def test_given_a_look_then_nobody_can_unmake_it(town: Town, statement: str) -> None:
    town.seen(HANDLER)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        town.connection.execute(statement)


@pytest.mark.parametrize("state", STATES)
def test_no_column_of_the_ledger_but_those_known_ever_holds_sealed_words(state: str) -> None:
    vault = Vault(MemoryKeys())
    life = case(state, source="old-system")
    rows = taken_in(issue_ledger.ISSUE_LEDGER, sealed(life.events, (life.issue,), vault))
    for row in rows.values():
        holding = {field.name for field in fields(row) if is_sealed(str(getattr(row, field.name)))}
        assert holding <= set(COLUMNS)
