"""What does a form look like, and what does it say? Fields from a command's description, and a body from them.

A page names the command; types, lengths and lists follow from the API's schema, words from words.py.
"""

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
_ZONE: Final = "+08:00"  # of the office's calendar, which is what a form's moments are written in


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a list."""

    value: str
    said: Pair


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `kind`: line, text, number, money, date, moment, flag, choice, several, lines or files."""

    name: str
    kind: str
    said: Pair
    required: bool
    value: Any = ""
    choices: Sequence[Choice] = ()
    most: int | None = None
    wrong: Pair | None = None
    hint: Pair | None = None


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
    that the schema leaves open, such as villages. Arrays of objects are the page's own business and left out."""
    schema = description()["components"]["schemas"][command]
    names = [name for name in schema["properties"] if name != "occurred_at"] if only is None else only
    made = (
        _field(command, name, schema, (choices or {}).get(name), (values or {}).get(name, ""), _wrong(problem, name))
        for name in names
    )
    return [each for each in made if each is not None]


def body_of(command: str, posted: Posted, *, names: Collection[str] | None = None) -> dict[str, Any]:
    """What was posted as the body of this command; what was left empty is left out. Files are the page's business."""
    schema = description()["components"]["schemas"][command]
    body: dict[str, Any] = {}
    for name, described in schema["properties"].items():
        if names is not None and name not in names:
            continue
        kind = _kind_of(_resolved(described))
        if kind is None or kind == "files":
            continue
        value = _value(kind, posted, name)
        if value is not None:
            body[name] = value
    return body


def _field(
    command: str, name: str, schema: Mapping[str, Any], given: Sequence[Choice] | None, value: Any, wrong: Pair | None
) -> FormField | None:
    described = _resolved(schema["properties"][name])
    kind = _kind_of(described)
    if kind is None:
        return None
    choices = given if given is not None else tuple(_listed(described))
    if given is not None:
        kind = "several" if kind == "lines" else "choice"
    return FormField(
        name=name,
        kind=kind,
        said=words.field_label(command, name),
        required=name in schema.get("required", ()),
        value=value if value != "" else described.get("default") or "",
        choices=choices,
        most=described.get("maxLength"),
        wrong=wrong,
        hint=words.field_hint(command, name),
    )


def _kind_of(described: Mapping[str, Any]) -> str | None:
    kind, form = described.get("type"), described.get("format")
    if "enum" in described:
        return "choice"
    if kind == "array":
        items = _resolved(described.get("items", {}))
        if "enum" in items:
            return "several"
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
    if kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()] or None
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
    own, within = f"body.{name}", (f"body.{name}[", f"body.{name}.")
    found = (wrong for path, wrong in problem.fields.items() if path == own or path.startswith(within))
    return next(found, None)
