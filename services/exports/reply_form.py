"""The written reply in its four copies 书面回复（一式四份） (F11, MZ5): a line a copy, with who took it when."""

from typing import Final

from domain.issue.words import CopyFor
from projections.labels import label
from projections.written_reply import REPLY_WORDS, CopyLine, copies
from services.exports.cells import Cell, day, said, village
from services.exports.form import Form


def _review(line: CopyLine) -> str:
    """救济途径: until when a review may be asked for."""
    return f"{day(line.review_until)} 前可申请复查" if line.review_until else ""


def _taken(line: CopyLine) -> str:
    return f"{day(line.delivered_at)} {line.how or ''}".strip() if line.delivered_at else "未签收"


_COLUMNS: Final[dict[str, Cell]] = {
    "编号": lambda line: line.number,
    "村(社区)": village,
    "联": lambda line: label(CopyFor(line.copy_for)).zh,
    "反映事项": said("matter"),
    "调查情况": said("findings"),
    "处理意见": said("opinion"),
    "依据": said("basis"),
    "救济途径(复查期限)": _review,
    "答复单位": lambda line: line.unit,
    "日期": lambda line: day(line.at),
    "签收": _taken,
}
REPLIES: Final = Form("书面回复(一式四份)", _COLUMNS, copies, words=REPLY_WORDS, units=("unit",))
