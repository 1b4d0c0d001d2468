"""Why handing in is refused: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class SubmissionsNotAsked(Refusal):
    code = "submissions-not-asked"
    zh = "现行实施方案对该单位没有这一周期的报送事项。"
    en = "The plan in force asks for nothing to be handed in for that period at that place."


class SubmissionsNotOpen(Refusal):
    code = "submissions-not-open"
    zh = "该周期的报送事项尚未开列。周期开始后再报。"
    en = "What is owed for that period is not listed yet. Hand in once the period has begun."


class SubmissionsListed(Refusal):
    code = "submissions-listed"
    zh = "该周期的报送事项已开列。"
    en = "What is owed for that period is listed already."


class NotOwed(Refusal):
    code = "submission-not-owed"
    zh = "该单位或人员本周期没有这一报送事项。请核对事项和单位。"
    en = "They do not owe that in this period. Check what it is and whose."


class NotYours(Refusal):
    code = "submission-not-yours"
    zh = "只能由报送单位的人员报送、审签；个人事项由本人报送。"
    en = "Only those who serve there hand it in and sign it; an officer's own, that officer."


class HandedInAlready(Refusal):
    code = "submission-handed-in"
    zh = "已报送。需要更正的，请主管单位先退回。"
    en = "It was handed in. To replace it, have it returned first."


class PaperNeeded(Refusal):
    code = "submission-needs-paper"
    zh = "须附报送的文件（名称和校验值）。"
    en = "Name the paper that is handed in, with its digest."


class NothingToSign(Refusal):
    code = "submission-nothing-to-sign"
    zh = "没有待审签的报送。"
    en = "Nothing waits to be signed."


class NotHandedIn(Refusal):
    code = "submission-not-handed-in"
    zh = "尚未报送，无从退回。"
    en = "It was not handed in, so there is nothing to return."


class NothingMissing(Refusal):
    code = "submission-nothing-missing"
    zh = "没有应当提醒或登记缺报的事项。"
    en = "Nothing is missing that would be told of now."
