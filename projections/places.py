"""The places 单位: which are there, what are they called and where do they belong? One row per place, under its code.

Ledgers join it for names. Who serves there is asked of the organisation itself (domain/organisation).
"""

from collections.abc import Sequence
from typing import Any, Final

import psycopg

from domain.organisation import events as e
from projections.projection import Recorded, UnknownEvent

_DDL: Final = """
create table if not exists place (
  code text primary key, kind text not null, name text not null, parent text, closed boolean not null
);
"""
_OURS: Final = "organisation."


class Places:
    """The projection."""

    name: Final = "places"
    question: Final = "Which places are there, what are they called and where do they belong? 单位"
    ddl: Final = _DDL
    indexes: Final = ""
    tables: Final = ("place",)

    def apply(self, connection: psycopg.Connection, batch: Sequence[Recorded]) -> None:
        """As Projection.apply; an organisation changes seldom, so each event is a statement of its own."""
        for recorded in batch:
            if recorded.event.TOPIC.startswith(_OURS):
                _take(connection, recorded.event)


def _take(connection: psycopg.Connection, event: Any) -> None:
    match event:
        case e.PlaceRegistered():
            row = (event.place, event.kind.value, event.name, event.parent)
            connection.execute("insert into place values (%s, %s, %s, %s, false)", row)
        case e.PlaceRenamed():
            connection.execute("update place set name = %s where code = %s", (event.name, event.place))
        case e.PlaceMoved():
            connection.execute("update place set parent = %s where code = %s", (event.parent, event.place))
        case e.PlaceClosed():
            connection.execute("update place set closed = true where code = %s", (event.place,))
        case _ if type(event) not in _PASSED_OVER:
            raise UnknownEvent(f"places: {event.TOPIC} is not known here")


_PASSED_OVER: Final = frozenset(
    {
        e.OfficerAppointed, e.AppointmentEnded, e.OfficerLinked, e.OfficerUnlinked, e.DeputyNamed, e.DeputyWithdrawn,
    }
)  # fmt: skip
"""They tell of people."""

PLACES: Final = Places()
