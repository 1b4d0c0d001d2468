"""What the office holds of a household: shown to the case's own people, found by number, copied when it asks."""

import json
from datetime import timedelta

import psycopg
import pytest

from domain.errors import NotFound, Unavailable
from domain.household import commands as c
from domain.privacy import UNREADABLE, WITHHELD
from domain.values import Role
from services.persistence.household_keys import HouseholdKeys
from services.persistence.scope import Scope
from services.privacy.looks import Door
from services.privacy.problems import CopyNotRequested
from services.privacy.register import BlindIndex, Register
from services.privacy.unsealing import Reader
from tests.domain.test_household import ask
from tests.services.privacy.conftest import Town
from tests.support.casework import START, case, live_through

HANDLER = Reader.of("handler", Role.CASE_HANDLER, Door.API, place="QS")
AUDITOR = Reader.of("auditor", Role.AUDITOR, Door.API)
ONE = ("QS", "QS-012")


def test_given_a_registered_household_then_its_handler_sees_it_and_the_look_is_kept(town: Town) -> None:
    town.register.handle(ask(c.RegisterHousehold))
    town.follow()
    with town.reading() as connection:
        shown = town.households.show(connection, HANDLER, *ONE)
        looks = town.households.looks(connection, *ONE)
    assert (shown["name"], shown["phone"], shown["address"]) == ("王某", "138 0013 8000", "桥头三号")
    assert [(look.user_name, look.what, look.shown) for look in looks] == [("handler", "household", "words")]


def test_given_an_auditor_then_neither_name_nor_telephone_number_is_shown(town: Town) -> None:
    town.register.handle(ask(c.RegisterHousehold, phone="12345"))  # too short to look like one
    town.follow()
    with town.reading() as connection:
        shown = town.households.show(connection, AUDITOR, *ONE)
        assert town.households.search(connection, AUDITOR, "12345") == []
    assert shown["phone"] == WITHHELD
    assert {shown["name"], shown["address"]} <= {WITHHELD, None}


def test_given_nobody_registered_then_it_is_not_found(town: Town) -> None:
    with town.reading() as connection:
        for question in (town.households.looks, lambda *asked: town.households.show(asked[0], HANDLER, *asked[1:])):
            with pytest.raises(NotFound):
                question(connection, *ONE)


@pytest.mark.parametrize("written", ["13800138000", "138-0013-8000", "+86 138 0013 8000", "１３８００１３８０００"])
def test_given_a_number_in_any_writing_then_it_finds_the_household_and_that_is_a_look(town: Town, written: str) -> None:
    town.register.handle(ask(c.RegisterHousehold))
    town.follow()
    with town.reading() as connection:
        (found,) = town.households.search(connection, HANDLER, written)
        looks = town.households.looks(connection, *ONE)
    assert (found["village"], found["household"]) == ONE
    assert [look.what for look in looks] == ["search"]


def test_given_another_villages_scope_then_the_number_finds_nobody(town: Town) -> None:
    town.register.handle(ask(c.RegisterHousehold))
    town.follow()
    with town.reading(Scope(villages=frozenset({"LX"}), departments=None)) as connection:
        assert town.households.search(connection, HANDLER, "13800138000") == []


def test_given_a_corrected_number_then_only_the_new_one_finds_the_household(town: Town) -> None:
    town.register.handle(ask(c.RegisterHousehold))
    town.register.handle(ask(c.CorrectHousehold))
    town.follow()
    with town.reading() as connection:
        assert town.households.search(connection, HANDLER, "13800138000") == []
        assert len(town.households.search(connection, HANDLER, "13900139000")) == 1


def test_given_a_number_indexed_for_a_command_that_was_refused_then_it_finds_nobody(town: Town) -> None:
    town.register.handle(ask(c.RegisterHousehold))
    with pytest.raises(Exception, match="already-exists"):
        town.register.handle(ask(c.RegisterHousehold, phone="13700137000"))
    town.follow()
    with town.reading() as connection:
        assert town.households.search(connection, HANDLER, "13700137000") == []


def test_given_the_keys_away_then_nothing_is_registered_and_nothing_found(town: Town) -> None:
    nowhere = HouseholdKeys("postgresql://huiyin_keys:none@127.0.0.1:1/none", b"k" * 32)
    lost = Register(town.casework, BlindIndex(nowhere, b"p" * 32))
    with pytest.raises(Unavailable):
        lost.handle(ask(c.RegisterHousehold))
    assert town.casework.household(*ONE) is None


def test_given_a_request_then_the_copy_holds_everything_and_without_one_there_is_none(town: Town) -> None:
    town.register.handle(ask(c.RegisterHousehold))
    town.register.handle(ask(c.ObjectToProcessing))
    live_through(town.casework, town.clock, case("fixed", description="家里漏雨，电话 13800138000"))
    town.follow()
    with town.reading() as connection, pytest.raises(CopyNotRequested):
        town.households.copy(connection, HANDLER, *ONE)
    town.register.handle(ask(c.RequestCopy))
    town.follow()
    with town.reading() as connection:
        copied = town.households.copy(connection, HANDLER, *ONE)
    text = json.dumps(copied, ensure_ascii=False, default=str)
    for words in ("王某", "桥头三号", "不要再来走访。", "家里漏雨，电话 13800138000"):
        assert words in text
    assert "\ue000" not in text
    assert [each["what"] for each in copied["events"]] == [
        "household.registered", "household.processing_objected", "household.copy_requested",
    ]  # fmt: skip
    assert len(copied["cases"]) == 1
    assert copied["looks"]
    town.clock.set(START + timedelta(days=31))
    with town.reading() as connection, pytest.raises(CopyNotRequested):
        town.households.copy(connection, HANDLER, *ONE)


def test_given_a_look_that_cannot_be_recorded_then_no_copy_shows_words(town: Town) -> None:
    town.register.handle(ask(c.RegisterHousehold))
    town.follow()
    with psycopg.connect(town.database.superuser_dsn, autocommit=True) as inside:
        inside.execute("revoke insert on look from huiyin_app")
    with town.reading() as connection:
        assert town.households.show(connection, HANDLER, *ONE)["name"] == UNREADABLE
