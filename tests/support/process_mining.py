"""Is a file what the published standards say? OCEL 2.0 (JSON and SQLite) and XES (IEEE 1849), by their own rules.

Written from the specifications, since the schemas themselves are other people's files. `make check-process-mining`
holds the same files against another program.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

ATTRIBUTE_TYPES: Final = frozenset({"string", "time", "integer", "float", "boolean"})
_XES_VALUES: Final[Mapping[str, re.Pattern[str]]] = {
    "string": re.compile(r".*", re.DOTALL),
    "id": re.compile(r".*", re.DOTALL),
    "date": re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"),
    "int": re.compile(r"[+-]?\d+"),
    "float": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN"),
    "boolean": re.compile(r"true|false|0|1"),
}
_NAME: Final = re.compile(r"[A-Za-z_:][\w:.-]*")
_NC_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*")


def ocel_json_faults(document: Any) -> Iterator[str]:
    """What is wrong with a document of OCEL 2.0 in JSON: its shape, its types, its references."""
    yield from _shape(document, {"objectTypes": list, "eventTypes": list, "objects": list, "events": list}, "log")
    types = {}
    for what in ("object", "event"):
        for kind in document[f"{what}Types"]:
            yield from _shape(kind, {"name": str, "attributes": list}, f"{what} type")
            types[what, kind["name"]] = {it["name"]: it["type"] for it in kind["attributes"]}
            if not set(types[what, kind["name"]].values()) <= ATTRIBUTE_TYPES:
                yield f"{kind['name']}: an attribute of no known type"
    ids = {it["id"] for it in document["objects"]}
    for what in ("object", "event"):
        if len({it["id"] for it in document[f"{what}s"]}) != len(document[f"{what}s"]):
            yield f"two {what}s of one id"
        for it in document[f"{what}s"]:
            yield from _element(it, what, types, ids)


def _element(it: Mapping[str, Any], what: str, types: Mapping[Any, Any], ids: set[str]) -> Iterator[str]:
    timed = {"time": str} if what == "event" else {}
    yield from _shape(it, {"id": str, "type": str, "attributes": list, "relationships": list, **timed}, it["id"])
    if (what, it["type"]) not in types:
        yield f"{it['id']}: a type that is not declared"
        return
    of_value = {"name": str, "value": str, **({} if timed else {"time": str})}
    for attribute in it["attributes"]:
        yield from _shape(attribute, of_value, it["id"])
        kind = types[what, it["type"]].get(attribute["name"])
        if kind is None or not _fits(kind, attribute["value"]):
            yield f"{it['id']}: {attribute['name']} is {attribute['value']!r}, not of type {kind}"
    for moment in (each["time"] for each in (it, *it["attributes"]) if "time" in each):
        if not _fits("time", moment):
            yield f"{it['id']}: {moment!r} is no time"
    pairs = [(each["objectId"], each["qualifier"]) for each in it["relationships"]]
    if not {other for other, _ in pairs} <= ids:
        yield f"{it['id']}: related to an object that is not there"
    if len(set(pairs)) != len(pairs):
        yield f"{it['id']}: the same relation twice"


def _shape(it: Any, members: Mapping[str, type], where: str) -> Iterator[str]:
    if not isinstance(it, dict) or it.keys() != members.keys():
        yield f"{where}: other members than {sorted(members)}"
        return
    yield from (
        f"{where}: {name} is no {kind.__name__}" for name, kind in members.items() if type(it[name]) is not kind
    )


def _fits(kind: str, value: str) -> bool:
    if kind == "time":
        return datetime.fromisoformat(value).tzinfo is not None
    xes = {"integer": "int", "float": "float", "boolean": "boolean", "string": "string"}[kind]
    return bool(_XES_VALUES[xes].fullmatch(value))


_FIXED: Final[Mapping[str, tuple[str, ...]]] = {
    "event_map_type": ("ocel_type",),
    "object_map_type": ("ocel_type",),
    "event": ("ocel_id",),
    "object": ("ocel_id",),
    "event_object": ("ocel_event_id", "ocel_object_id", "ocel_qualifier"),
    "object_object": ("ocel_source_id", "ocel_target_id", "ocel_qualifier"),
}
"""The tables of every OCEL 2.0 database, and their primary keys."""
_REFERENCES: Final = {
    ("event", "ocel_type", "event_map_type", "ocel_type"),
    ("object", "ocel_type", "object_map_type", "ocel_type"),
    ("event_object", "ocel_event_id", "event", "ocel_id"),
    ("event_object", "ocel_object_id", "object", "ocel_id"),
    ("object_object", "ocel_source_id", "object", "ocel_id"),
    ("object_object", "ocel_target_id", "object", "ocel_id"),
}


def ocel_sqlite_faults(path: Path) -> Iterator[str]:
    """What is wrong with a database of OCEL 2.0: tables, keys, references, and rows against all of them."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        of_types = {
            (what, f"{what}_{name}"): kind
            for what in ("event", "object")
            for kind, name in connection.execute(f"select ocel_type, ocel_type_map from {what}_map_type")
        }
        tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
        if tables != _FIXED.keys() | {table for _, table in of_types}:
            yield f"other tables: {sorted(tables)}"
        for table, key in _FIXED.items():
            columns = connection.execute(f"select name, pk from pragma_table_info('{table}')").fetchall()
            if {name for name, nth in columns if nth} != set(key):
                yield f"{table}: another primary key"
        wanted = _REFERENCES | {(table, "ocel_id", what, "ocel_id") for what, table in of_types}
        if set(_references(connection, tables)) != wanted:
            yield "other references"
        yield from (f"a reference leads nowhere: {row}" for row in connection.execute("pragma foreign_key_check"))
        for (what, table), kind in of_types.items():
            yield from _type_faults(connection, what, table, kind)


def _references(connection: sqlite3.Connection, tables: set[str]) -> Iterator[tuple[str, str, str, str]]:
    for table in tables:
        query = f"""select "from", "table", "to" from pragma_foreign_key_list('{table}')"""
        yield from ((table, *row) for row in connection.execute(query))


def _type_faults(connection: sqlite3.Connection, what: str, table: str, kind: str) -> Iterator[str]:
    """One type's table: its columns, a row for each of its events, a first row for each of its objects."""
    columns = dict(connection.execute(f"select name, type from pragma_table_info('{table}')").fetchall())
    if columns.get("ocel_time") != "TIMESTAMP" or "ocel_id" not in columns:
        yield f"{table}: no ocel_id or ocel_time"
    if (what == "object") is not ("ocel_changed_field" in columns):
        yield f"{table}: ocel_changed_field belongs to objects"
    first = "where ocel_changed_field is null" if what == "object" else ""
    rows = connection.execute(f'select ocel_id from "{table}" {first} order by ocel_id').fetchall()
    query = f"select ocel_id from {what} where ocel_type = ? order by ocel_id"
    if rows != connection.execute(query, (kind,)).fetchall():
        yield f"{table}: not one row for each {what} of type {kind}"
    if what == "object":
        changed = connection.execute(f'select distinct ocel_changed_field from "{table}"').fetchall()
        yield from (f"{table}: {name} is no attribute" for (name,) in changed if name and name not in columns)


def xes_faults(path: Path) -> Iterator[str]:
    """What is wrong with a file of XES: elements and their order, keys, values, declared prefixes, globals."""
    log = ElementTree.parse(path).getroot()
    if log.tag != "log" or not re.fullmatch(r"\d+(\.\d+)?", log.get("xes.version", "")):
        yield "no log, or of no version"
    order = {"extension": 0, "global": 1, "classifier": 2, "trace": 4, "event": 5}
    ranks = [order.get(each.tag, 3) for each in log]
    if ranks != sorted(ranks):
        yield "elements of the log in another order"
    prefixes = {each.get("prefix") for each in log.iter("extension")}
    for each in log.iter("extension"):
        if not (_NC_NAME.fullmatch(each.get("name", "")) and each.get("uri")):
            yield "an extension without name or address"
    for each in log.iter("classifier"):
        if not each.get("keys") or not each.get("name"):
            yield "a classifier without name or keys"
    globals_ = {each.get("scope"): {it.get("key") for it in each} for each in log.iter("global")}
    for element in (*log.iter("global"), *log.iter("trace"), *log.iter("event")):
        yield from _xes_element(element, prefixes, globals_.get(element.tag, set()))


def _xes_element(element: ElementTree.Element, prefixes: set[str | None], needed: set[str | None]) -> Iterator[str]:
    attributes = [each for each in element if each.tag != "event"]
    keys = [each.get("key", "") for each in attributes]
    if [each.tag for each in element][: len(attributes)] != [each.tag for each in attributes]:
        yield f"{element.tag}: attributes after events"
    if len(set(keys)) != len(keys) or not needed <= set(keys):
        yield f"{element.tag}: a key twice, or a global one missing"
    for each, key in zip(attributes, keys, strict=True):
        value = _XES_VALUES.get(each.tag)
        if value is None or each.keys() != ["key", "value"] or not value.fullmatch(each.get("value", "")):
            yield f"{element.tag}: {each.tag} {key} is {each.get('value')!r}"
        prefix, mark, _ = key.partition(":")
        if not _NAME.fullmatch(key) or (mark and prefix not in prefixes):
            yield f"{element.tag}: the key {key!r} is no name, or of no declared extension"
