"""A map: which column of a file means what. One validated document (TOML) per earlier system.

`load_map` takes the name of a built-in map (services/importing/maps) or a path. The fields are told in docs by example:
maps/zh-messages.toml is the smallest, maps/boston311.toml uses nearly everything.
"""

import tomllib
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Generic, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from domain.context import Village
from domain.issue.words import Channel
from domain.plan_parts import MAX_AMOUNT
from domain.values import Key, Text, Value, VillageCode
from services.importing.map_faults import faults_of, syntax_fault
from services.importing.words import ImportRefused

_MAX_CHARACTERS: Final = 1_000_000
T = TypeVar("T")


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise PydanticCustomError("zone_unknown", "there is no such time zone")
    return name


Column = Annotated[str, Field(min_length=1, max_length=200)]
ZoneName = Annotated[str, AfterValidator(_known_zone)]


class Wording(Value):
    """A text: `columns` joined by `join`, repeated parts once; if empty `instead`; if that is, `otherwise`."""

    columns: tuple[Column, ...] = ()
    join: str = "\n"
    instead: tuple[Column, ...] = ()
    otherwise: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.columns and self.otherwise is None:
            raise PydanticCustomError("nothing_said", "neither columns nor otherwise")
        return self


class Choice(Value, Generic[T]):
    """A value of a closed list: by `table` from `column` (without a table the column holds it), else `otherwise`."""

    column: Column | None = None
    table: dict[str, T] = Field(default_factory=dict)
    otherwise: T | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.column is None and self.otherwise is None:
            raise PydanticCustomError("nothing_chosen", "neither column nor otherwise")
        if self.table and self.column is None:
            raise PydanticCustomError("table_without_column", "a table needs a column")
        return self

    @property
    def outcomes(self) -> frozenset[T]:
        """Every value that the map itself can give."""
        return frozenset([*self.table.values(), *([] if self.otherwise is None else [self.otherwise])])


class Status(Value):
    """Which values of `column` mean closed, and which open; any other makes a bad row."""

    column: Column
    closed: Annotated[tuple[str, ...], Field(min_length=1)]
    open: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if set(self.closed) & set(self.open):
            raise PydanticCustomError("both_open_and_closed", "a status is both")
        return self


class AnswerColumns(Value):
    """When and how a row was answered. Without a `status` in the map, a row with a time here is an answered one."""

    at: Column
    measures: Wording
    findings: Wording
    opinion: Wording


class Cleaning(Value):
    """What may be done to a text before it is taken; each is counted in the report, and none is done unasked.

    `strip_controls` removes control, bidirectional and other forbidden characters; `fold_lines` turns line breaks in
    one-line fields into spaces; `shorten_titles` cuts titles to 200 characters.
    """

    strip_controls: StrictBool = False
    fold_lines: StrictBool = False
    shorten_titles: StrictBool = False


class FileShape(Value):
    """How the file is written. `sheet` names a workbook's sheet (default: the first)."""

    encoding: Literal["utf-8", "gb18030"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    sheet: str | None = None


class ImportMap(Value):
    """One map. `system` names where the rows come from, for good: command ids and `source` are made of it."""

    model_config = ConfigDict(ignored_types=(cached_property,))

    system: Key
    id: Column
    zone: ZoneName
    time_format: str | None = None
    whole_days: StrictBool = False
    file: FileShape = FileShape()
    logged_at: Column
    due_at: Column | None = None
    due_within_days: Annotated[int, Field(strict=True, ge=1, le=MAX_AMOUNT)] = MAX_AMOUNT
    title: Wording | None = None
    description: Wording
    place: Wording | None = None
    channel: Choice[Channel]
    category: Choice[Key]
    village: Choice[VillageCode]
    villages: tuple[Village, ...] = ()
    status: Status | None = None
    answer: AnswerColumns | None = None
    cleaning: Cleaning = Cleaning()

    @model_validator(mode="after")
    def _status_has_times(self) -> Self:
        if self.status is not None and self.answer is None:
            raise PydanticCustomError("status_without_answer", "a status needs an answer table")
        return self

    @cached_property
    def time_zone(self) -> ZoneInfo:
        """The zone of the file's bare times."""
        return ZoneInfo(self.zone)

    @property
    def columns(self) -> list[str]:
        """Every column that the map reads, each once, in the map's order."""
        answer = (self.answer.measures, self.answer.findings, self.answer.opinion) if self.answer else ()
        wordings = [wording for wording in (self.title, self.description, self.place, *answer) if wording]
        choices = (self.channel.column, self.category.column, self.village.column)
        single = [self.id, self.logged_at, self.due_at, *choices, self.status and self.status.column]
        texts = [column for wording in wordings for column in (*wording.columns, *wording.instead)]
        named = [*single, self.answer and self.answer.at, *texts]
        return list(dict.fromkeys(column for column in named if column))


def map_names() -> tuple[str, ...]:
    """The built-in maps, sorted."""
    names = (entry.name for entry in files("services.importing").joinpath("maps").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_map(name_or_path: str) -> ImportMap:
    """The built-in map of this name, or the one in this file. Raises ImportRefused with everything that is wrong."""
    if name_or_path in map_names():
        return parse_map(files("services.importing").joinpath("maps", f"{name_or_path}.toml").read_text("utf-8"))
    try:
        text = Path(name_or_path).read_text("utf-8-sig")
    except (OSError, ValueError):
        raise ImportRefused("map-unknown", names=", ".join(map_names())) from None
    return parse_map(text)


def parse_map(text: str) -> ImportMap:
    """The map written in `text` (TOML). Raises ImportRefused with every fault by its path."""
    try:
        return ImportMap.model_validate(_table(text))
    except ValidationError as error:
        raise ImportRefused("map-invalid", faults_of(error)) from None


def _table(text: str) -> dict[str, Any]:
    if len(text) > _MAX_CHARACTERS:
        raise ImportRefused("map-invalid", (syntax_fault(""),))
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportRefused("map-invalid", (syntax_fault(str(error)),)) from None
