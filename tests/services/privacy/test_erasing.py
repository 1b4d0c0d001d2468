"""Erasing: after two persons, the waiting period and the last case, the key is destroyed and the words are gone."""

from datetime import timedelta

import pytest
from eventsourcing.persistence import OperationalError

from domain.household import commands as c
from domain.household.errors import CaseStillOpen
from domain.privacy import ERASED
from domain.values import Role
from projections import issue_ledger
from services.persistence.household_keys import KeysAway
from services.privacy.erasing import Erasing, erasing_beside
from services.privacy.looks import Door
from services.privacy.unsealing import Reader
from tests.domain.test_household import ask
from tests.services.privacy.conftest import Town
from tests.support.casework import case, live_through
from tests.support.waiting import eventually

HANDLER = Reader.of("handler", Role.CASE_HANDLER, Door.API)
ONE = ("QS", "QS-012")
OVER = timedelta(days=31)


@pytest.fixture
def confirmed(town: Town) -> Town:
    """A household with a settled case, whose erasure two persons want."""
    live_through(town.casework, town.clock, case("settled"))
    now = town.clock.now
    town.register.handle(ask(c.RegisterHousehold, at=now))
    town.follow()
    town.register.handle(ask(c.ProposeErasure, at=now))
    town.register.handle(ask(c.ConfirmErasure, at=now))
    town.follow()
    return town


def description(town: Town) -> str:
    """What the handler reads of the case now."""
    town.forget()
    with town.reading() as connection:
        (line, *_) = town.unsealing.lines(HANDLER, issue_ledger.page(connection))
    return line.description


def test_given_the_waiting_period_then_nothing_is_erased_before_its_end(confirmed: Town) -> None:
    assert confirmed.erasing.step() == 0
    assert description(confirmed) != ERASED


def test_given_its_end_then_the_key_goes_and_with_it_the_words_and_the_number(confirmed: Town) -> None:
    confirmed.clock.advance(OVER)
    assert confirmed.erasing.step() == 1
    confirmed.follow()
    assert description(confirmed) == ERASED
    household = confirmed.casework.household(*ONE)
    assert household is not None
    assert household.is_erased
    with confirmed.reading() as connection:
        assert confirmed.households.search(connection, HANDLER, "13800138000") == []
        assert confirmed.households.show(connection, HANDLER, *ONE)["name"] is None
    assert confirmed.keys.retired(seconds=0) == {}
    assert confirmed.erasing.step() == 0


def test_given_a_case_opened_meanwhile_then_it_waits_and_nothing_is_lost(confirmed: Town) -> None:
    live_through(confirmed.casework, confirmed.clock, case("logged", at=confirmed.clock.now, key="again"))
    confirmed.follow()
    confirmed.clock.advance(OVER)
    assert confirmed.erasing.step() == 0
    assert description(confirmed) != ERASED
    household = confirmed.casework.household(*ONE)
    assert household is not None
    assert not household.is_erased


def test_given_an_open_case_when_proposed_then_it_is_refused(town: Town) -> None:
    town.register.handle(ask(c.RegisterHousehold))
    live_through(town.casework, town.clock, case("closed"))
    town.follow()
    with pytest.raises(CaseStillOpen):
        town.register.handle(ask(c.ProposeErasure, at=town.clock.now))


def test_given_a_cancelled_erasure_then_nothing_is_erased(confirmed: Town) -> None:
    confirmed.register.handle(ask(c.CancelErasure, at=confirmed.clock.now))
    confirmed.follow()
    confirmed.clock.advance(OVER)
    assert confirmed.erasing.step() == 0
    assert description(confirmed) != ERASED


def test_given_a_process_that_may_still_seal_with_the_key_then_the_step_waits(confirmed: Town) -> None:
    confirmed.clock.advance(OVER)
    dsn, forget = confirmed.database.app_dsn, confirmed.files.erase_household
    patient = Erasing(confirmed.casework, confirmed.keys, dsn, confirmed.clock, forget_files=forget)
    assert patient.step() == 0
    household = confirmed.casework.household(*ONE)
    assert household is not None
    assert not household.is_erased
    confirmed.forget()
    assert confirmed.keys.present("QS/QS-012")[0].generation == 2, "what is said from now on outlives the erasure"


def test_given_a_death_between_record_and_destruction_then_the_next_step_destroys(
    confirmed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed.clock.advance(OVER)
    with monkeypatch.context() as dying:
        dying.setattr(confirmed.keys, "destroy", _dead)
        with pytest.raises(KeysAway):
            confirmed.erasing.step()
    assert description(confirmed) != ERASED
    assert confirmed.erasing.step() == 1
    assert description(confirmed) == ERASED


def _dead(*_: object) -> int:
    raise KeysAway("killed")


def test_given_words_said_after_the_erasure_then_they_have_a_key_of_their_own(confirmed: Town) -> None:
    confirmed.clock.advance(OVER)
    confirmed.erasing.step()
    confirmed.forget()
    confirmed.register.handle(ask(c.RegisterHousehold, at=confirmed.clock.now, address="新址"))
    confirmed.follow()
    assert confirmed.erasing.step() == 0
    with confirmed.reading() as connection:
        assert confirmed.households.show(connection, HANDLER, *ONE)["name"] == "王某"
    assert description(confirmed) == ERASED


def test_given_a_step_that_fails_then_it_is_taken_again() -> None:
    calls: list[int] = []

    def step() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("away")
        return 0

    with erasing_beside(step, each_seconds=0.01):
        eventually(lambda: len(calls) >= 3)
