"""What can be found: its kind, how grave it is, by which rule, told in both languages without a household's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.events import DomainEvent


class Severity(StrEnum):
    """How grave: a rule was broken; it looks like gaming and has to be asked about; it is worth knowing."""

    BREACH = "breach"  # 违规
    SUSPICION = "suspicion"  # 疑点
    NOTE = "note"  # 提示


class Kind(StrEnum):
    """What was found. The first six are of one history, the others of patterns that may span several."""

    SKIPPED = "skipped"  # 缺少环节
    WRONG_ORDER = "wrong_order"  # 次序不符
    WRONG_ACTOR = "wrong_actor"  # 办理人不符
    LATE = "late"  # 超期
    LATE_UNSAID = "late_unsaid"  # 超期未登记
    TOO_EARLY = "too_early"  # 提前
    CLOSED_WITHOUT_ANSWER = "closed_without_answer"  # 未答复即销号
    CLOSED_TOO_SOON = "closed_too_soon"  # 早销号又重办
    COPIED_ANSWER = "copied_answer"  # 答复照抄
    REFILED = "refiled"  # 销号后重新立案
    RUSH = "rush"  # 考核前突击
    BACKDATED = "backdated"  # 倒填日期
    LAST_DAY_EXTENSIONS = "last_day_extensions"  # 总在最后一天申请延期
    MUTUAL_LOOK_BACKS = "mutual_look_backs"  # 互相回头看
    ALL_ON_SITE = "all_on_site"  # 全部现场办结


@dataclass(frozen=True, slots=True)
class KindText:
    """What a kind is called, how grave it is, and the rule of the requirements behind it."""

    zh: str
    en: str
    severity: Severity
    rule: str


KINDS: Final[Mapping[Kind, KindText]] = {
    Kind.SKIPPED: KindText("缺少环节", "a step is missing", Severity.BREACH, "L2–L12"),
    Kind.WRONG_ORDER: KindText("次序不符", "a step is out of order", Severity.BREACH, "L2–L12"),
    Kind.WRONG_ACTOR: KindText("办理人不符", "the wrong person acted", Severity.BREACH, "L4 L7–L12 L14"),
    Kind.LATE: KindText("超期", "later than the limit", Severity.NOTE, "L3 L4"),
    Kind.LATE_UNSAID: KindText("超期而未登记", "later than the limit, and not said so", Severity.BREACH, "L4"),
    Kind.TOO_EARLY: KindText("提前", "before its time", Severity.BREACH, "L4 L11"),
    Kind.CLOSED_WITHOUT_ANSWER: KindText("未答复即销号", "closed without an answer", Severity.BREACH, "L12"),
    Kind.CLOSED_TOO_SOON: KindText("早销号又重办", "closed too soon and reopened", Severity.SUSPICION, "L12 PC8"),
    Kind.COPIED_ANSWER: KindText("答复照抄", "one answer copied to several", Severity.SUSPICION, "L11 MZ5"),
    Kind.REFILED: KindText("销号后重新立案", "filed anew after it was closed", Severity.SUSPICION, "L12 L13"),
    Kind.RUSH: KindText("考核前突击销号", "closed in a rush before the assessment", Severity.SUSPICION, "D8"),
    Kind.BACKDATED: KindText("倒填日期", "dated back", Severity.SUSPICION, "L14"),
    Kind.LAST_DAY_EXTENSIONS: KindText("总在最后一天申请延期", "extensions on the last day", Severity.NOTE, "L4"),
    Kind.MUTUAL_LOOK_BACKS: KindText("互相回头看", "two look back on each other", Severity.SUSPICION, "L12 PC8"),
    Kind.ALL_ON_SITE: KindText("全部现场办结", "everything fixed on site", Severity.SUSPICION, "L2"),
}


@dataclass(frozen=True, slots=True)
class At:
    """One event: of which issue, which version, its topic, when it happened by its own word, and who did it."""

    issue_id: UUID
    number: str
    version: int
    topic: str
    occurred_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """One finding: what, where, and why in words. `issues`: the numbers it is about, the first one first."""

    kind: Kind
    issues: tuple[str, ...]
    events: tuple[At, ...]
    zh: str
    en: str

    @property
    def severity(self) -> Severity:
        """How grave."""
        return KINDS[self.kind].severity

    @property
    def rule(self) -> str:
        """The rule behind it."""
        return KINDS[self.kind].rule


def at(event: DomainEvent, number: str) -> At:
    """Where an event stands."""
    return At(event.originator_id, number, event.originator_version, event.TOPIC, event.occurred_at, event.actor.user)
