"""What somebody does who may do everything to the database, as functions of a township; tamperings.py lists them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid5

from domain.events import encode
from domain.issue.events import LookBackPassed
from domain.values import Actor, Role
from services.files.store import name_of
from tests.support.audited import TREES, Township

Deed = Callable[[Township], None]
AT: Final = " where notification_id = (select notification_id from seal where position = {})"
EDIT: Final = "update ledger_events set state = convert_to(replace(convert_from(state, 'UTF8'), '{}', '{}'), 'UTF8')"
_NEXT: Final = (
    "(select max(it.originator_version) + 1 from ledger_events as it"
    " where it.originator_id = ledger_events.originator_id)"
)
_COPY: Final = (
    "insert into ledger_events (originator_id, originator_version, topic, state, recorded_at)"
    " select originator_id, {version}, {topic}, {state}, {recorded} from ledger_events" + AT
)
_CUT: Final = (
    "delete from command_log where exists (select from ledger_events join seal using (notification_id)"
    " where position >= {0} and ledger_events.originator_id = command_log.originator_id"
    " and originator_version = command_log.version)",
    "delete from issue_number where issue_id in (select originator_id from ledger_events"
    " join seal using (notification_id) where position >= {0} and originator_version = 1)",
    "update village_counter set last = (select coalesce(max(serial), 0) from issue_number)",
    "delete from ledger_events where notification_id in (select notification_id from seal where position >= {0})",
    "delete from seal where position >= {0}",
)
_NO_TREE: Final = (
    "delete from tree_tile",
    "delete from checkpoint",
    "update follower_position set position = -1 where name like 'tree%'",
)


def sql(*statements: str) -> Deed:
    """Statements, with all triggers off."""
    return lambda township: township.superuser(*statements)


def then(*deeds: Deed) -> Deed:
    """One after the other."""

    def all_of_them(township: Township) -> None:
        for deed in deeds:
            deed(township)

    return all_of_them


def goes_on(township: Township) -> None:
    """Sealer, trees and key take in what was put there."""
    township.goes_on()


def forgets(township: Township) -> None:
    """What the key remembers beside it is gone: this takes more than the database."""
    for hashing in TREES:
        (township.home / "log" / f"{hashing.name}.checkpoint").unlink()


def signed_by_another_key(township: Township) -> None:
    """By somebody who has the database and not the log's key."""
    township.goes_on(township.home.with_name("elsewhere"))


def edited(old: str, new: str, position: int) -> Deed:
    """Another word in what is stored."""
    return sql(EDIT.format(old, new) + AT.format(position))


def cut(position: int) -> Deed:
    """Everything from a position on goes, with commands and numbers, the whole tree and every checkpoint."""
    return sql(*(it.format(position) for it in _CUT), *_NO_TREE)


def appended(position: int, *, topic: str = "topic", state: str = "state", recorded: str = "clock_timestamp()") -> str:
    """A copy of the record at a position, as the next one of its stream."""
    return _COPY.format(position, version=_NEXT, topic=topic, state=state, recorded=recorded)


def look_back(person: str, *, ahead: timedelta = timedelta(0)) -> Deed:
    """The second issue was looked back at, in somebody's name: well-formed, with a command of its own, and proved."""

    def forge(township: Township) -> None:
        ((stream, version, now),) = township.rows(
            "select originator_id, max(originator_version), clock_timestamp() from ledger_events"
            " where originator_id = (select issue_id from issue_number where serial = 2) group by originator_id"
        )
        event = LookBackPassed(
            originator_id=stream,
            originator_version=version + 1,
            occurred_at=now + ahead,
            actor=Actor(user=person, role=Role.STATION_LEAD),
            command_id=uuid5(stream, person),
            findings="已复查。",
        )
        township.rows(
            "with command as (insert into command_log (command_id, originator_id, version, digest)"
            " values (%s, %s, %s, '') returning 1)"
            " insert into ledger_events (originator_id, originator_version, topic, state)"
            " select %s, %s, %s, %s from command returning 1",
            *(event.command_id, stream, version + 1, stream, version + 1, event.TOPIC, encode(event)),
        )
        township.goes_on()

    return forge


def shifted(position: int) -> Deed:
    """A record put in between two others: all that follow move up by one."""
    return sql(
        appended(position),
        f"update seal set position = position + 100001 where position > {position}",
        "update seal set position = position - 100000 where position >= 100000",
        f"insert into seal select {position + 1}, max(notification_id) from ledger_events",
    )


def photo_of(township: Township) -> Path:
    """Where the one photo lies."""
    ((file_id,),) = township.rows("select file_id from file")
    return township.home / "files" / name_of(file_id)


ANEW: Final = then(sql(*_NO_TREE), forgets, goes_on)
"""The whole tree made and signed once more with the log's own key."""
NO_TREE: Final = sql(*_NO_TREE)
