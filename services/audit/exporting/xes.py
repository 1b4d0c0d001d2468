"""The file of XES (IEEE 1849): one trace an issue, its events in the order in which they happened."""

from collections.abc import Iterable, Mapping
from typing import IO, Final
from xml.sax.saxutils import quoteattr

from services.audit.exporting.spool import text_of
from services.audit.exporting.told import ToldEvent
from services.audit.exporting.vocabulary import Value

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00Z"/>\
<string key="lifecycle:transition" value="complete"/><string key="org:role" value=""/></global>
<classifier name="Activity" scope="event" keys="concept:name"/>
<classifier name="Activity and role" scope="event" keys="concept:name org:role"/>
"""
_TAGS: Final[Mapping[type, str]] = {bool: "boolean", int: "int", float: "float", str: "string"}


class XesFile:
    """Writes traces one after the other."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        file.write(_HEAD.encode())

    def trace(self, told: Iterable[ToldEvent]) -> None:
        """An issue; nothing if none of its events is told."""
        everything = list(told)
        shown = sorted((it for it in everything if it.told), key=_when)
        if not shown:
            return
        of_issue = dict[str, Value]()
        for it in everything:
            own = f"issue:{it.recorded.event.originator_id}"
            of_issue |= {change.name: change.value for change in it.values if change.object == own}
        lines = ["<trace>", _attribute("concept:name", of_issue.pop("number", ""))]
        lines += [_attribute(name, value) for name, value in of_issue.items()]
        household = next((it for it in shown[-1].objects if it.startswith("household:")), None)
        if household is not None:
            lines.append(_attribute("household", household.removeprefix("household:")))
        lines += map(_event, shown)
        self._file.write(("\n".join((*lines, "</trace>")) + "\n").encode())

    def end(self) -> None:
        """Nothing more follows."""
        self._file.write(b"</log>\n")


def _when(told: ToldEvent) -> tuple[str, int]:
    return text_of(told.recorded.event.occurred_at), told.recorded.event.originator_version


def _event(told: ToldEvent) -> str:
    handler = next((it.object for it in told.relations if it.qualifier == "actor"), "")
    unit = next((str(it.value) for it in told.values if it.object == handler and it.name == "place"), None)
    standard: dict[str, Value] = {
        "concept:name": told.kind,
        "time:timestamp": told.recorded.event.occurred_at,
        "lifecycle:transition": "complete",
        "org:role": told.recorded.event.actor.role.value,
    }
    if handler:
        standard["org:resource"] = handler.removeprefix("handler:")
    if unit:
        standard["org:group"] = unit
    own = {name: value for name, value in told.attributes.items() if name != "actor_role"}
    shown = (_attribute(name, value) for name, value in {**standard, **own}.items())
    return f"<event>{''.join(shown)}</event>"


def _attribute(key: str, value: Value) -> str:
    """Keys are the program's own names; of values only texts can hold what has to be quoted."""
    tag, text = _TAGS.get(type(value), "date"), text_of(value)
    quoted = quoteattr(text) if tag == "string" else f'"{text}"'
    return f'<{tag} key="{key}" value={quoted}/>'
