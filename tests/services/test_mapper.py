"""Events to rows and back: what is stored, what an older shape becomes, and what cannot be read says where."""

import json
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.compressor import ZlibCompressor
from eventsourcing.persistence import Cipher, JSONTranscoder, OperationalError, ProgrammingError, StoredEvent

from domain import events as registry
from domain.events import DomainEvent
from domain.issue.events import IssueLogged
from services.persistence.factory import recorder_environment
from services.persistence.mapper import EventMapper, UnknownTopic, UnreadableEvent
from tests.support.casework import STATES, case
from tests.support.postgres import Database


@pytest.fixture
def mapper() -> EventMapper:
    return EventMapper(JSONTranscoder())


@pytest.mark.parametrize("state", STATES)
def test_every_event_of_a_life_comes_back_equal(mapper: EventMapper, state: str) -> None:
    for event in case(state).events:
        row = mapper.to_stored_event(event)
        assert (row.originator_id, row.originator_version, row.topic) == (
            event.originator_id,
            event.originator_version,
            type(event).TOPIC,
        )
        assert mapper.to_domain_event(row) == event


def test_the_row_leaves_out_what_its_columns_say_and_a_number_not_yet_given(mapper: EventMapper) -> None:
    logged = case("logged").events[0]
    assert isinstance(logged, IssueLogged)
    numberless = logged.model_copy(update={"number": None})
    fields = json.loads(mapper.to_stored_event(numberless).state)
    assert not {"originator_id", "originator_version", "number", "class_version"} & fields.keys()
    assert fields["command_id"] == str(logged.command_id)


def test_a_number_written_into_the_row_is_read_back(mapper: EventMapper) -> None:
    logged = case("logged").events[0].model_copy(update={"number": None})
    row = mapper.to_stored_event(logged)
    numbered = StoredEvent(
        row.originator_id, row.originator_version, row.topic, b'{"number":"CX-2026-0001",' + row.state[1:]
    )
    assert mapper.to_domain_event(numbered) == logged.model_copy(update={"number": "CX-2026-0001"})


def test_an_event_of_an_older_shape_is_lifted_to_the_present_one(
    mapper: EventMapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_CLASSES", dict(registry.event_classes()))

    class Counted(DomainEvent):
        TOPIC: ClassVar[str] = f"test.counted-{uuid4()}"
        class_version: ClassVar[int] = 3
        apples: int
        unit: str

        @staticmethod
        def upcast_v1_v2(fields: dict[str, Any]) -> None:
            fields["apples"] = fields.pop("amount")

        @staticmethod
        def upcast_v2_v3(fields: dict[str, Any]) -> None:
            fields["unit"] = "piece"

    head = case("logged").events[0].model_dump(include={"occurred_at", "actor", "command_id"})
    now = Counted(originator_id=uuid4(), originator_version=4, apples=5, unit="piece", **head)
    row = mapper.to_stored_event(now)
    assert json.loads(row.state)["class_version"] == 3
    assert mapper.to_domain_event(row) == now

    def older(change: dict[str, Any]) -> StoredEvent:
        fields = json.loads(row.state)
        del fields["apples"], fields["unit"], fields["class_version"]
        return StoredEvent(row.originator_id, 4, row.topic, json.dumps(fields | change).encode())

    assert mapper.to_domain_event(older({"amount": 5})) == now
    assert mapper.to_domain_event(older({"class_version": 2, "apples": 5})) == now
    for unreadable in ({}, {"class_version": 4, "apples": 5, "unit": "piece"}):
        with pytest.raises(UnreadableEvent):
            mapper.to_domain_event(older(unreadable))


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        (b'{"description":"secret"}', "missing"),
        (b"{", "json_invalid"),
        (b"", "json_invalid"),
        (b'{"command_id":"secret"}', "uuid_parsing"),
        (b'{"secret_field":1}', "extra_forbidden"),
    ],
)
def test_a_row_of_a_wrong_shape_names_its_place_and_fault_but_quotes_nothing(
    mapper: EventMapper, state: bytes, fault: str
) -> None:
    stream = uuid4()
    with pytest.raises(UnreadableEvent, match=fault) as refused:
        mapper.to_domain_event(StoredEvent(stream, 3, "issue.logged", state))
    assert f"event 3 of {stream}, topic 'issue.logged'" in str(refused.value)
    assert '"secret"' not in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_event_of_a_newer_program_is_told_apart(mapper: EventMapper) -> None:
    with pytest.raises(UnknownTopic, match=r"issue\.teleported"):
        mapper.to_domain_event(StoredEvent(uuid4(), 1, "issue.teleported", b"{}"))


def test_compressing_and_encrypting_are_refused() -> None:
    with pytest.raises(ValueError, match="COMPRESSOR_TOPIC"):
        EventMapper(JSONTranscoder(), compressor=ZlibCompressor())

    class Rot(Cipher):
        def __init__(self) -> None:
            pass

        def encrypt(self, plaintext: bytes) -> bytes:
            return plaintext

        def decrypt(self, ciphertext: bytes) -> bytes:
            return ciphertext

    with pytest.raises(ValueError, match="CIPHER_TOPIC"):
        EventMapper(JSONTranscoder(), cipher=Rot())


class Ledger(Application[UUID]):
    name = "ledger"


def test_an_application_saves_and_reads_through_the_environment_and_closes_its_connections(
    database: Database,
) -> None:
    life = [event.model_copy(update={"number": None}) for event in case("logged").events]
    stream = life[0].originator_id
    with Ledger(recorder_environment(database.app_dsn)) as ledger:
        recordings = ledger.save(*life)
        assert [recording.notification.id for recording in recordings] == list(range(1, len(life) + 1))
        assert list(ledger.events.get(stream)) == life
        assert ledger.factory.datastore.pool.closed, "the library's own pool stays shut"  # type: ignore[attr-defined]
    with pytest.raises(OperationalError, match="closed"):
        list(ledger.events.get(stream))


def test_the_librarys_database_functions_are_refused_from_the_environment(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "y")
    with pytest.raises(ProgrammingError, match="POSTGRES_ENABLE_DB_FUNCTIONS"):
        Ledger(recorder_environment(database.app_dsn))
