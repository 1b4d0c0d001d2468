"""What an import says: why a file, a map or a row is refused, and what was noted about a row that was taken.

Codes are stable. The words name lines, columns and rules, never what the file holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from domain.errors import HuiyinError
from domain.values import ValueRefused

Words = Mapping[str, tuple[str, str]]

FILE_WORDS: Final[Words] = {
    "map-unknown": (
        "没有这个对照表。内置对照表：{names}；或写明对照表文件的路径。",
        "There is no such map. Built in: {names}. Or give the path of a map file.",
    ),
    "map-invalid": (
        "对照表不合要求，未导入。请逐项更正。",
        "The map is not valid; nothing was imported. Correct each entry.",
    ),
    "map-category-unknown": (
        "对照表用到实施方案 {plan} 中没有的类别：{names}。请改对照表或换方案。",
        "The map uses categories that plan {plan} does not have: {names}. Change the map or choose another plan.",
    ),
    "map-village-unknown": (
        "对照表用到未登记的村（社区）：{names}。请列入 [[villages]] 或先登记。",
        "The map uses villages that are not registered: {names}. List them under [[villages]] or register them.",
    ),
    "file-unreadable": (
        "文件无法读取：不存在、不是文件或没有权限。",
        "The file cannot be read: missing, no file, or not allowed.",
    ),
    "file-kind": ("只能导入 .csv 或 .xlsx 文件。", "Only .csv and .xlsx files can be imported."),
    "file-empty": (
        "文件没有表头。第一行须为栏目名称。",
        "The file has no header. Its first line must name the columns.",
    ),
    "not-utf-8": (
        '第 {line} 行不是 UTF-8 文字。请另存为“CSV UTF-8”；如为 GB18030，请在对照表 [file] 中写 encoding = "gb18030"。',
        'Line {line} is not UTF-8 text. Save the file as "CSV UTF-8"; if it is GB18030, say encoding = "gb18030"'
        " under [file] in the map.",
    ),
    "not-gb18030": (
        "对照表写明 gb18030，但第 {line} 行不是。请核对文件编码。",
        "The map says gb18030, but line {line} is not. Check how the file was saved.",
    ),
    "is-utf-8": (
        "对照表写明 gb18030，但文件是 UTF-8。请删去 encoding，否则文字会变成乱码。",
        "The map says gb18030, but the file is UTF-8. Remove the encoding, or the text would come out garbled.",
    ),
    "is-utf-16": (
        "文件是 UTF-16（Excel 的“Unicode 文本”）。请另存为“CSV UTF-8”。",
        'The file is UTF-16 (Excel\'s "Unicode text"). Save it as "CSV UTF-8".',
    ),
    "is-workbook": (
        "文件名为 .csv，内容却是工作簿。请改名为 .xlsx。",
        "The file is named .csv but is a workbook. Name it .xlsx.",
    ),
    "not-workbook": (
        "无法作为工作簿打开：已损坏、有密码，或不是 .xlsx。",
        "It cannot be opened as a workbook: damaged, protected by a password, or no .xlsx.",
    ),
    "sheet-missing": ("工作簿中没有对照表指定的工作表。", "The workbook does not have the sheet that the map names."),
    "columns-missing": (
        "缺少栏目：{names}。请核对对照表与文件表头。",
        "Columns are missing: {names}. Compare the map with the file's header.",
    ),
    "delimiter-wrong": (
        "表头只有一栏，似以“{delimiter}”分隔。请在对照表 [file] 中写明 delimiter。",
        'The header is one single column; the file seems to be separated by "{delimiter}".'
        " Say so under [file], delimiter, in the map.",
    ),
    "columns-repeated": ("表头中重名的栏目：{names}。", "Columns that stand in the header twice: {names}."),
    "quotes-broken": (
        "从第 {line} 行起引号不成对，其后无法可靠读取。请更正该行。",
        "From line {line} on quotation marks do not match, so what follows cannot be told. Correct that line.",
    ),
}

ROW_WORDS: Final[Words] = {
    "ragged": ("栏数与表头不符。", "The row does not have as many fields as the header."),
    "id-missing": ("缺少编号。", "The row has no id."),
    "id-unfit": (
        "编号过长、含换行或不允许的字符，或是 Excel 已失真的大数（请把该栏设为文本）。",
        "The id is too long, has line breaks or forbidden characters, or is a number too large for Excel (format the"
        " column as text).",
    ),
    "id-repeated": ("编号与前面某行相同，见该行。", "An earlier row has the same id; see that line."),
    "time-missing": ("缺少时间。", "The time is missing."),
    "time-unreadable": (
        "时间无法识别，或不是对照表写明的格式。",
        "The time cannot be read, or is not in the map's format.",
    ),
    "time-of-day-missing": (
        "只有日期。如整个文件都只记到日，请在对照表中写 whole_days = true。",
        "There is a date but no time of day. If the file keeps days only, say whole_days = true in the map.",
    ),
    "value-unlisted": (
        "该值未列入对照表，且没有 otherwise。",
        "The map does not list this value and has no otherwise.",
    ),
    "status-unlisted": ("办理状态未列入对照表。", "The map lists this status neither as open nor as closed."),
    "closed-without-time": (
        "已办结但没有办结时间，不能代为填写。",
        "Closed, but without a closing time; none is made up.",
    ),
    "open-with-time": ("状态为未办结，却有办结时间。", "The status says open, yet there is a closing time."),
    "answer-without-time": (
        "有答复内容但没有答复时间，不能代为填写。",
        "There is an answer but no time of it; none is made up.",
    ),
    "text-missing": ("没有文字内容，对照表也没有替代。", "There is no text, and the map has nothing instead."),
    "text-too-long": ("文字过长，最多 {max_length} 字。", "The text is too long: at most {max_length} characters."),
    "value-unfit": ("不合要求。", "The value does not fit."),
    "differs-from-imported": (
        "同一编号已导入，内容与本行不同。已导入的不改动；如须更正，请用更正事件。",
        "A row of this id was imported with other contents. That one stays; correct it by a correcting entry.",
    ),
}

NOTE_WORDS: Final[Words] = {
    "due-before-logged": ("期限早于登记时间，未作为承诺", "due before it was logged: not taken as a promise"),
    "due-too-far": (
        "期限远在多年之后（占位日期），未作为承诺",
        "due many years later (a placeholder): not taken as a promise",
    ),
    "ambiguous-time": (
        "夏令时重复的钟点，取较早者",
        "a clock time that came twice that day: the earlier one was taken",
    ),
    "nonexistent-time": (
        "夏令时跳过的钟点，按拨钟前计",
        "a clock time that was skipped that day: read as if clocks had not moved",
    ),
    "whole-day": ("只有日期，按全天计", "a date without time of day: taken as the whole day"),
    "controls-stripped": ("删去控制字符", "control characters were removed"),
    "lines-folded": ("单行栏目的换行改为空格", "line breaks in a one-line field became spaces"),
    "title-shortened": ("标题过长，已截短", "a title that was too long was cut"),
    "text-from-elsewhere": ("正文为空，以其他栏目代替", "the text was empty: another column stands in"),
    "answer-text-missing": ("没有答复内容，以对照表的说明代替", "no text of the answer: the map's sentence stands in"),
    "text-of-open-row": ("未办结但有答复内容，未作为答复", "open, yet with a text: not taken as an answer"),
    "category-by-default": ("类别未列入对照表，归入默认类别", "category not listed in the map: the default was taken"),
    "channel-by-default": ("渠道未列入对照表，归入默认渠道", "channel not listed in the map: the default was taken"),
    "village-by-default": ("村（社区）未列入对照表，归入默认", "village not listed in the map: the default was taken"),
}


class ImportRefused(Exception):
    """The file or the map is refused as a whole; nothing was written. `faults` lists a map's faults by path."""

    def __init__(self, code: str, faults: tuple["MapFault", ...] = (), **words: object) -> None:
        super().__init__(code)
        zh, en = FILE_WORDS[code]
        self.code = code
        self.zh, self.en = zh.format(**words), en.format(**words)
        self.faults = faults

    @property
    def is_usage(self) -> bool:
        """Whether the command line was wrong, not the file: exit status 2."""
        return self.code in {"map-unknown", "map-invalid", "file-unreadable", "file-kind"}

    def __str__(self) -> str:
        lines = (f"{fault.path}: {fault.en} {fault.zh}" for fault in self.faults)
        return "\n".join([f"{self.code}: {self.en}", self.zh, *lines])


@dataclass(frozen=True, slots=True)
class MapFault:
    """One thing wrong with a map: where (`category.otherwise`) and what."""

    path: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """One thing wrong with one row: its physical line (of a sheet: its row), the column if it is one, and what."""

    line: int
    column: str | None
    code: str
    zh: str
    en: str
    see_line: int | None = None

    @classmethod
    def of(cls, line: int, column: str | None, code: str, see_line: int | None = None, **words: object) -> Self:
        """With the words of `code`."""
        zh, en = ROW_WORDS[code]
        return cls(line, column, code, zh.format(**words), en.format(**words), see_line)

    @classmethod
    def refused(cls, line: int, refusal: HuiyinError | ValueRefused, column: str | None = None) -> Self:
        """A row that a rule of the domain refused."""
        return cls(line, column, refusal.code, refusal.zh, refusal.en)
