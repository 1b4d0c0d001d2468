"""What an import found and did, for a person (both languages side by side) and for a program (`--json`).

Made by services/importing/run.py, printed by services/cli/importing.py.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from services.importing.checking import Notes
from services.importing.words import NOTE_WORDS, BadRow
from services.importing.writing import Written

_BAD_ROWS_PRINTED: Final = 50
Ending = str | None
"""Why the writing ended early: `asked` (Ctrl-C) or `unavailable` (the database); None: it did not."""


@dataclass(frozen=True, slots=True)
class VillageYear:
    """How many issues of one village and year the file brings, and how many of them were there already."""

    village: str
    year: int
    new: int
    already_there: int


@dataclass(slots=True)
class Report:
    """One import. `new`, `to_resume` and `already_there` are what was found; `written` is what was done."""

    dry_run: bool
    rows: int = 0
    new: int = 0
    new_answered: int = 0
    to_resume: int = 0
    already_there: int = 0
    bad: list[BadRow] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    villages: list[VillageYear] = field(default_factory=list)
    written: Written = field(default_factory=Written)
    refused: bool = False
    """Bad rows, and nobody said to skip them: nothing was written."""
    ended: Ending = None
    seconds: float = 0.0
    """How long the whole import took, both passes."""

    @property
    def rate(self) -> float:
        """Issues logged a second."""
        return self.written.logged / self.seconds if self.seconds else 0.0

    @property
    def failed(self) -> bool:
        """Whether the exit status is 1."""
        return self.refused or self.ended is not None or bool(self.written.bad)

    def as_json(self) -> dict[str, Any]:
        """All of it; bad rows and notes with their lines."""
        written = self.written
        return {
            "dry_run": self.dry_run,
            "rows": self.rows,
            "new": self.new,
            "new_answered": self.new_answered,
            "new_open": self.new - self.new_answered,
            "to_resume": self.to_resume,
            "already_there": self.already_there + written.met,
            "logged": written.logged,
            "answered": written.answered,
            "closed": written.answered,
            "left_open": written.open,
            "resumed": written.resumed,
            "bad_rows": len({row.line for row in self._all_bad}),
            "bad": [asdict(row) for row in self._all_bad],
            "notes": {code: {"count": n, "lines": self.notes.lines[code]} for code, n in self.notes.counts.items()},
            "villages": [asdict(each) for each in self.villages],
            "refused": self.refused,
            "ended": self.ended,
            "seconds": round(self.seconds, 3),
            "rate": round(self.rate, 1),
        }

    def lines(self) -> Iterator[str]:
        """For a person."""
        yield from self._totals()
        for code, count in self.notes.counts.most_common():
            zh, en = NOTE_WORDS[code]
            yield f"  {count:>7}  {zh} {en}"
        yield from self._bad_lines()
        yield from self._ending()

    @property
    def _all_bad(self) -> list[BadRow]:
        return sorted([*self.bad, *self.written.bad], key=lambda row: (row.line, row.code))

    def _totals(self) -> Iterator[str]:
        written = self.written
        yield f"读取行数 Rows read: {self.rows}"
        yield f"已在册 Already there: {self.already_there + written.met}"
        if self.dry_run or self.refused:
            yield (
                f"可导入 Would be logged: {self.new}"
                f" (已答复 answered {self.new_answered}, 未办结 open {self.new - self.new_answered});"
                f" 补答复 answered since: {self.to_resume}"
            )
            for each in self.villages:
                yield f"  {each.village} {each.year}: 新 new {each.new}, 已在册 already there {each.already_there}"
            return
        yield (
            f"登记 Logged: {written.logged}; 答复并销号 answered and closed: {written.answered}"
            f" (其中续办 of them logged before: {written.resumed}); 未办结 left open: {written.open}"
        )
        yield f"用时 Seconds: {self.seconds:.1f}, 每秒 {self.rate:.0f} issues a second"

    def _bad_lines(self) -> Iterator[str]:
        bad = self._all_bad
        if not bad:
            return
        yield f"有误的行 Bad rows: {len({row.line for row in bad})}"
        for row in bad[:_BAD_ROWS_PRINTED]:
            where = f" [{row.column}]" if row.column else ""
            see = f" (第 {row.see_line} 行 line {row.see_line})" if row.see_line else ""
            yield f"  第 {row.line} 行 line {row.line}{where}: {row.zh} {row.en}{see} ({row.code})"
        if len(bad) > _BAD_ROWS_PRINTED:
            yield f"  …… 另有 and {len(bad) - _BAD_ROWS_PRINTED} more (--json: 全部 all)"

    def _ending(self) -> Iterator[str]:
        if self.refused:
            yield "有误的行未更正前，全部未导入。请更正文件，或用 --skip-bad 只导入其余各行。"
            yield "Nothing was imported. Correct the file, or say --skip-bad to import the other rows."
        elif self.dry_run:
            yield "试运行：未写入。 A dry run: nothing was written."
        elif self.ended == "asked":
            yield "已中止。再次运行即从此处继续，不会重复。"
            yield "Stopped. Run it again to go on from here; nothing counts twice."
        elif self.ended == "unavailable":
            yield "数据库暂时无法写入，已中止。恢复后再次运行即从此处继续，不会重复。"
            yield "The database cannot be written just now. Run it again later to go on; nothing counts twice."
