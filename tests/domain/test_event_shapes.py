"""Stored events are read for ever: their JSON is frozen in events/<topic>.json, one file a topic, all fields filled.

A new event: write events/<topic>.json by hand, as the log will hold it, with every field. A new field: give it a
default, leave the old file as it is and add events/<topic>.2.json that has it. Any other change of a shape: raise
`class_version`, write `upcast_vN_vM`, leave the old file and add one of the new shape with its "class_version".
"""

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.utils import resolve_topic
from pydantic import ValidationError

import domain
from domain.deadlines import Deadline
from domain.events import DomainEvent, decode, encode, event_class, event_classes
from domain.fund import events as fund
from domain.issue import events as issue_events
from domain.issue.evolve import _APPLY
from domain.meeting import events as meeting
from domain.streams import EVERY_EVENT, STREAMS
from domain.values import Moment

FOLDER = Path(__file__).with_name("events")
FILES = sorted(FOLDER.glob("*.json"))
STREAM = UUID("11111111-2222-4333-8444-555555555555")
ENVELOPE = frozenset({"originator_id", "originator_version"})
TOPICS = sorted(topic for topic in event_classes() if event_class(topic).__module__.startswith("domain."))


def _topic(file: Path) -> str:
    """`issue.logged` of issue.logged.json and of issue.logged.2.json."""
    return ".".join(part for part in file.stem.split(".") if not part.isdecimal())


def _frozen(file: Path) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return fields


def _stored(fields: Mapping[str, Any]) -> bytes:
    """The JSON as the log holds it."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _name(file: Path) -> str:
    return file.stem


def test_every_topic_has_its_file_and_every_file_its_topic() -> None:
    assert sorted({_topic(file) for file in FILES}) == TOPICS


@pytest.mark.parametrize("topic", TOPICS)
def test_the_files_of_a_topic_fill_every_field(topic: str) -> None:
    filled = {field for file in FILES if _topic(file) == topic for field in _frozen(file)}
    assert filled - {"class_version"} == set(event_class(topic).model_fields) - ENVELOPE


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_a_frozen_event_is_read_and_written_back_byte_for_byte(file: Path) -> None:
    event = decode(_topic(file), STREAM, 3, _stored(_frozen(file)))
    assert type(event) is event_class(_topic(file))
    assert (event.originator_id, event.originator_version) == (STREAM, 3)
    assert decode(event.TOPIC, STREAM, 3, encode(event)) == event
    if _frozen(file).get("class_version", 1) == type(event).class_version:
        assert encode(event) == _stored(_frozen(file))


def _omissions(fields: dict[str, Any], kind: type[DomainEvent] | type[Deadline]) -> Iterator[dict[str, Any]]:
    """The event without each field that may be empty, one at a time; also inside its deadlines."""
    for name, field in kind.model_fields.items():
        if name in fields and not field.is_required():
            yield {key: value for key, value in fields.items() if key != name}
        if isinstance(fields.get(name), dict) and "due_at" in fields[name]:
            for inner in _omissions(fields[name], Deadline):
                yield {**fields, name: inner}


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_a_frozen_event_without_what_may_be_empty_is_read_too(file: Path) -> None:
    for fields in _omissions(_frozen(file), event_class(_topic(file))):
        event = decode(_topic(file), STREAM, 1, _stored(fields))
        assert decode(event.TOPIC, STREAM, 1, encode(event)) == event


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_a_field_that_no_version_knows_is_never_overlooked(file: Path) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        decode(_topic(file), STREAM, 1, _stored({**_frozen(file), "unheard_of": 1}))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_registered_by_hand_and_is_no_module_path(topic: str) -> None:
    kind = event_class(topic)
    assert topic == kind.TOPIC
    assert resolve_topic(topic) is kind
    assert kind in STREAMS[topic.split(".")[0]]
    assert ":" not in topic
    assert kind.model_config["frozen"]


def test_every_event_that_the_domain_defines_is_of_one_kind_of_stream() -> None:
    for module in walk_packages(domain.__path__, "domain."):
        import_module(module.name)
    defined = {kind for kind in event_classes().values() if kind.__module__.startswith("domain.")}
    assert defined == EVERY_EVENT
    assert len(EVERY_EVENT) == sum(map(len, STREAMS.values()))


def test_every_event_of_an_issue_is_exported_and_changes_the_state() -> None:
    of_issues = {event_class(topic) for topic in TOPICS if topic.startswith("issue.")}
    assert {kind.__name__ for kind in of_issues} == set(issue_events.__all__)
    assert set(_APPLY) == of_issues - {issue_events.IssueLogged}


def test_two_events_cannot_share_a_topic() -> None:
    with pytest.raises(TypeError, match=r"issue\.logged"):
        type("Impostor", (DomainEvent,), {"TOPIC": "issue.logged", "__module__": "elsewhere"})


def test_an_unknown_topic_is_no_event() -> None:
    with pytest.raises(KeyError):
        decode("issue.abducted", STREAM, 1, b"{}")


def test_an_older_shape_is_brought_up_to_date_by_its_upcaster(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = event_class("meeting.held")

    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        fields["chair"] = fields.pop("chairman")

    monkeypatch.setattr(kind, "class_version", 2)
    monkeypatch.setattr(kind, "upcast_v1_v2", staticmethod(upcast_v1_v2), raising=False)
    fields = _frozen(FOLDER / "meeting.held.json")
    old = {**fields, "chairman": fields["chair"]}
    del old["chair"]
    event = decode("meeting.held", STREAM, 1, _stored(old))
    assert isinstance(event, meeting.MeetingHeld)
    assert event.chair == fields["chair"]
    assert encode(event).startswith(b'{"class_version":2,')
    assert decode("meeting.held", STREAM, 1, encode(event)) == event


def test_the_events_of_meetings_and_funds_are_frozen_too() -> None:
    assert {meeting.MeetingHeld.TOPIC, fund.BudgetSet.TOPIC, fund.FundingAllocated.TOPIC} < set(TOPICS)


def test_moments_keep_their_zone() -> None:
    logged = decode("issue.logged", STREAM, 1, _stored(_frozen(FOLDER / "issue.logged.json")))
    moment: Moment = logged.occurred_at
    assert moment.utcoffset() is not None
