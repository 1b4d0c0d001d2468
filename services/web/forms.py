"""What does a form look like, and what does it say? Fields from a command's description, and a body from them.

A page names the command; types, lengths and lists follow from the API's schema, words from words.py.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from services.api.openapi.document import description
from services.web import words
from services.web.inside import Problem
from services.web.language import Pair
from services.web.reading import Posted

_LONG: Final = 300  # characters from which on a text gets several lines
_MOST_ROWS: Final = 50
_ZONE: Final = "+08:00"  # of the office's calendar, which is what a form's moments are written in


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a list."""

    value: str
    said: Pair


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `kind`: line, text, number, money, date, moment, flag, choice, buttons (a choice laid open), several,
    lines, files or rows. `rows`: the fields of each, named like `parts.0.category`."""

    name: str
    kind: str
    said: Pair
    required: bool
    value: Any = ""
    choices: Sequence[Choice] = ()
    most: int | None = None
    wrong: Pair | None = None
    hint: Pair | None = None
    rows: Sequence[Sequence["FormField"]] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """What a page shows. `version`: of the issue, as it was when the form was made; `problem`: why it came back."""

    action: str
    key: str
    fields: Sequence[FormField]
    version: int | None = None
    problem: Problem | None = None
    said: Pair = field(default=Pair("提交", "Send"))


def fields_of(
    command: str,
    *,
    only: Collection[str] | None = None,
    choices: Mapping[str, Sequence[Choice]] | None = None,
    values: Mapping[str, Any] | None = None,
    problem: Problem | None = None,
) -> list[FormField]:
    """The fields of a command's body, by its class's name. `only`: these, in this order; `choices`: lists for fields
    that the schema leaves open, such as villages. Single objects are the page's own business and left out."""
    schema = description()["components"]["schemas"][command]
    names = [name for name in schema["properties"] if name != "occurred_at"] if only is None else only
    filled = _Filled(command, choices or {}, values or {}, problem)
    made = (filled.field(name, schema) for name in names)
    return [each for each in made if each is not None]


def body_of(command: str, posted: Posted, *, names: Collection[str] | None = None) -> dict[str, Any]:
    """What was posted as the body of this command; what was left empty is left out. Files are the page's business."""
    schema = description()["components"]["schemas"][command]
    wanted = [name for name in schema["properties"] if names is None or name in names]
    return _object_of({name: schema["properties"][name] for name in wanted}, posted, "")


def _object_of(properties: Mapping[str, Any], posted: Posted, before: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, described in properties.items():
        kind = _kind_of(_resolved(described))
        if kind is None or kind == "files":
            continue
        if kind == "rows":
            value = _rows_of(_resolved(_resolved(described)["items"]), posted, before + name)
        else:
            value = _value(kind, posted, before + name)
        if value is not None:
            found[name] = value
    return found


def _rows_of(row: Mapping[str, Any], posted: Posted, name: str) -> list[dict[str, Any]] | None:
    """The rows in which something was written."""
    rows = (_object_of(row["properties"], posted, f"{name}.{at}.") for at in range(_MOST_ROWS))
    return [row for row in rows if row] or None


@dataclass(frozen=True, slots=True)
class _Filled:
    """A form about to be shown: its lists, what was typed before, and what was wrong with it."""

    command: str
    choices: Mapping[str, Sequence[Choice]]
    values: Mapping[str, Any]
    problem: Problem | None

    def field(self, name: str, schema: Mapping[str, Any], before: str = "") -> FormField | None:
        """`before`: what stands before the name within a row: `parts.0.`."""
        described = _resolved(schema["properties"][name])
        kind = _kind_of(described)
        if kind is None:
            return None
        given, value = self.choices.get(name), self.values.get(before + name, "")
        if given is not None:
            kind = "several" if kind == "lines" else "choice"
        return FormField(
            name=before + name,
            kind=kind,
            said=words.field_label(self.command, name),
            required=name in schema.get("required", ()) and not before,
            value=value if value != "" else described.get("default") or "",
            choices=given if given is not None else tuple(_listed(described)),
            most=described.get("maxLength"),
            wrong=_wrong(self.problem, before + name),
            hint=words.field_hint(self.command, name),
            rows=tuple(self._rows(name, described)) if kind == "rows" else (),
        )

    def _rows(self, name: str, described: Mapping[str, Any]) -> Iterator[Sequence[FormField]]:
        """Those that were filled in, at least as many as there have to be, and one more."""
        row = _resolved(described["items"])
        filled = {int(key.split(".")[1]) + 1 for key in self.values if key.startswith(f"{name}.")}
        most = min(described.get("maxItems", _MOST_ROWS), _MOST_ROWS)
        for at in range(min(max(filled | {described.get("minItems", 0)}) + 1, most)):
            fields = (self.field(each, row, f"{name}.{at}.") for each in row["properties"])
            yield [each for each in fields if each is not None]


def _kind_of(described: Mapping[str, Any]) -> str | None:
    kind, form = described.get("type"), described.get("format")
    if "enum" in described:
        return "choice"
    if kind == "array":
        items = _resolved(described.get("items", {}))
        if "enum" in items:
            return "several"
        if items.get("type") == "object":
            return "rows"
        if items.get("type") != "string":
            return None
        return "files" if "64" in items.get("pattern", "") and "0-9a-f" in items["pattern"] else "lines"
    if kind == "money":
        return "money"
    if kind in ("integer", "number"):
        return "number"
    if kind == "boolean":
        return "flag"
    if kind == "string":
        short = {"date": "date", "date-time": "moment"}.get(str(form))
        return short or ("text" if described.get("maxLength", 0) > _LONG else "line")
    return None


def _resolved(described: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema behind references and behind `or null`; an amount is a number or a text."""
    if "$ref" in described:
        referred = description()["components"]["schemas"][described["$ref"].rpartition("/")[2]]
        return {**referred, **{name: value for name, value in described.items() if name == "default"}}
    kinds = [each for each in described.get("anyOf", ()) if each.get("type") != "null"]
    if {"number", "string"} <= {each.get("type") for each in kinds}:
        return {**described, "type": "money"}
    return {**_resolved(kinds[0]), "default": described.get("default")} if kinds else described


def _listed(described: Mapping[str, Any]) -> Iterator[Choice]:
    items = _resolved(described.get("items", {})) if described.get("type") == "array" else described
    for value in items.get("enum", ()):
        yield Choice(value, Pair(*words.label_of(value, items.get("title", ""))))


def _value(kind: str, posted: Posted, name: str) -> Any:
    """The JSON value of a field, or None if it was left empty."""
    if kind == "several":
        return list(posted.all(name)) or None
    text = posted.get(name)
    if kind == "flag":
        return text == "true" if text else None
    if text is None:
        return None
    if kind == "lines":  # of a text, or each ticked by itself
        return [line.strip() for each in posted.all(name) for line in each.splitlines() if line.strip()] or None
    if kind == "number":
        return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() else text
    if kind == "money":
        return text.replace(",", "").replace("，", "")
    return moment_of(text) if kind == "moment" else text


def moment_of(text: str) -> str:
    """What a browser writes for a moment, with the office's zone; anything else stays for the API to refuse."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if given.tzinfo else given.isoformat(timespec="seconds") + _ZONE


def _wrong(problem: Problem | None, name: str) -> Pair | None:
    if problem is None:
        return None
    own = "body." + re.sub(r"\.(\d+)\.", r"[\1].", name)
    within = (f"{own}[", f"{own}.")
    found = (wrong for path, wrong in problem.fields.items() if path == own or path.startswith(within))
    return next(found, None)
