"""How is a verification told, to people and to programs; and how did the last one end?

The last result is a file beside the key, `home/log/verification.json`: who owns the database alone cannot improve it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from domain.values import LOCAL_ZONE
from services.audit.verify_faults import Fault, Found, Where, faulty
from services.audit.verify_words import KINDS, QUESTIONS, what_to_do


@dataclass(frozen=True, slots=True)
class LastVerification:
    """The last one that ended: when, by whom it was started (the machine's account), and what each check told.

    `checks`: as `as_json` has them. For the page that says how the proof stands.
    """

    ended_at: datetime
    started_by: str
    faulty: bool
    checks: tuple[dict[str, Any], ...]

    @classmethod
    def read(cls, home: Path) -> Self | None:
        """None before the first. Raises ValueError, KeyError if the file is none of ours."""
        file = _file(home)
        if not file.exists():
            return None
        told = json.loads(file.read_text("utf-8"))
        ended_at = datetime.fromisoformat(told["ended_at"])
        return cls(ended_at, told["started_by"], told["faulty"], tuple(told["checks"]))


def keep(home: Path, found: Sequence[Found], ended_at: datetime, started_by: str) -> None:
    """Writes down how it ended."""
    told = {"ended_at": ended_at.isoformat(), "started_by": started_by, "faulty": faulty(found)}
    file = _file(home)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps({**told, "checks": as_json(found)}, ensure_ascii=False, indent=1), "utf-8")
    draft.replace(file)


def as_json(found: Sequence[Found]) -> list[dict[str, Any]]:
    """For a program: each check with its question, status (ok, fault, skipped), and its first faults in words."""
    return [_check(each) for each in found]


def in_words(found: Sequence[Found]) -> Iterator[str]:
    """For people: a line a check; under it its first faults, what they mean and what to do."""
    for each in found:
        zh, en = QUESTIONS[each.check]
        if each.skipped:
            yield f"－ {each.check}  {zh} {en}\n  {each.skipped[0]}\n  {each.skipped[1]}"
            continue
        mark = "✗" if each.count else "✓"
        yield f"{mark} {each.check}  {zh} {en} ({each.looked_at})"
        if each.count:
            yield from _of_faults(each)


def _of_faults(found: Found) -> Iterator[str]:
    yield f"  共 {found.count} 处，最先的是： {found.count} in all, the first of them:"
    for fault in found.faults:
        zh, en = sentences(fault)
        yield f"  · {zh}\n    {en}"
    words = KINDS[found.faults[0].kind]
    do_zh, do_en = what_to_do(found.check)
    yield f"  {words.means_zh}{do_zh}\n  {words.means_en} {do_en}"


def sentences(fault: Fault) -> tuple[str, str]:
    """Which record, and what is wrong with it: Chinese, English."""
    words, at = KINDS[fault.kind], fault.where
    detail = f" ({fault.detail})" if fault.detail else ""
    return f"{_place(at, 'zh')}{words.zh}{detail}。", f"{_place(at, 'en')}{words.en}{detail}."


def _place(at: Where, language: str) -> str:
    zh = language == "zh"
    parts = []
    if at.number or at.stream:
        parts.append(at.number or f"stream {at.stream}")
    if at.version is not None:
        parts.append(f"第 {at.version} 条" if zh else f"version {at.version}")
    if at.topic:
        parts.append(at.topic)
    if at.position is not None:
        parts.append(f"位置 {at.position}" if zh else f"position {at.position}")
    if at.recorded_at is not None:
        local = f"{at.recorded_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M:%S}"
        parts.append(f"记录于 {local}" if zh else f"recorded {local}")
    return ("，".join(parts) + "：" if zh else ", ".join(parts) + ": ") if parts else ""


def _check(found: Found) -> dict[str, Any]:
    zh, en = QUESTIONS[found.check]
    status = "skipped" if found.skipped else "fault" if found.count else "ok"
    told: dict[str, Any] = {"check": found.check, "zh": zh, "en": en, "status": status, "looked_at": found.looked_at}
    if found.skipped:
        told["why"] = {"zh": found.skipped[0], "en": found.skipped[1]}
    if found.count:
        do_zh, do_en = what_to_do(found.check)
        told |= {"faults": found.count, "to_do": {"zh": do_zh, "en": do_en}}
        told["first"] = [_fault(each) for each in found.faults]
    return told


def _fault(fault: Fault) -> dict[str, Any]:
    (zh, en), at, words = sentences(fault), fault.where, KINDS[fault.kind]
    record = {
        "number": at.number,
        "stream": str(at.stream) if at.stream else None,
        "version": at.version,
        "topic": at.topic,
        "position": at.position,
        "recorded_at": at.recorded_at.isoformat() if at.recorded_at else None,
    }
    known = {name: value for name, value in record.items() if value is not None}
    return {"kind": fault.kind, "record": known, "zh": zh, "en": en, "means": [words.means_zh, words.means_en]}


def _file(home: Path) -> Path:
    return home / "log" / "verification.json"
