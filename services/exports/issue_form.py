"""The issue ledger as the office's form 问题台账(整改销号): its columns in order, and how a line fills them.

Shared by the command line's exports and whatever prints the form. Times are the office's own.
"""

from collections.abc import Callable
from typing import Final, Protocol

from domain.adoption.book import PlanBook
from domain.issue.words import Channel, Rating, Stage, Tier
from projections.issue_ledger import LedgerLine
from projections.labels import label
from services.exports.cells import day, village

Cell = Callable[[LedgerLine, PlanBook], str]


class Categorised(Protocol):
    """Whatever has a category, and the plan that knows what it is called."""

    @property
    def plan(self) -> str: ...

    @property
    def category(self) -> str: ...


def category_name(line: Categorised, book: PlanBook) -> str:
    """The category as its plan calls it."""
    category = book.category(line.plan, line.category)
    return category.zh if category else line.category


def _due(line: LedgerLine, book: PlanBook) -> str:
    """The date with its basis, as the form asks; marked where a holiday notice is still to come."""
    if line.due_at is None or line.due_rule is None:
        return ""
    plan = book.named(line.plan)
    known = {rule.value: clock.article or clock.basis for rule, clock in plan.clocks.items()}
    basis = f"（{known[line.due_rule]}）" if line.due_rule in known else ""
    return f"{day(line.due_at)}{basis}{'（暂定）' if line.due_provisional else ''}"


def _content(line: LedgerLine, _: PlanBook) -> str:
    return f"{line.title}：{line.description}" if line.title else line.description


COLUMNS: Final[dict[str, Cell]] = {
    "编号": lambda line, _: line.number,
    "登记日期": lambda line, _: day(line.logged_at),
    "村(社区)": lambda line, _: village(line),
    "来源渠道": lambda line, _: label(Channel(line.channel)).zh,
    "反映人": lambda line, _: line.household or "",
    "问题类别": category_name,
    "问题内容": _content,
    "层级": lambda line, _: label(Tier(line.tier)).zh,
    "责任单位": lambda line, _: line.unit,
    "责任人": lambda line, _: line.person,
    "包案领导": lambda line, _: line.leader or "",
    "整改措施": lambda line, _: line.measures or "",
    "办理时限(含依据)": _due,
    "办理进度": lambda line, _: label(Stage(line.stage)).zh,
    "办结日期": lambda line, _: day(line.completed_at),
    "答复日期": lambda line, _: day(line.replied_at),
    "群众评价": lambda line, _: label(Rating(line.rating)).zh if line.rating else "",
    "销号日期": lambda line, _: day(line.closed_at),
    "备注": lambda line, _: line.remark or "",
}
"""After 序号, which counts the lines of one copy of the form."""


def form_row(line: LedgerLine, book: PlanBook) -> list[str]:
    """The cells of one line, in the columns' order."""
    return [cell(line, book) for cell in COLUMNS.values()]
