"""Why a bulletin refuses: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class NoBulletin(Refusal):
    code = "no-bulletin-in-plan"
    zh = "现行实施方案未要求月通报，或此处不是乡镇。请核对方案和代码。"
    en = "The plan in force asks for no monthly bulletin, or that is no township. Check plan and code."


class BulletinNotSealed(Refusal):
    code = "bulletin-head-not-sealed"
    zh = "编制时点之后的日志尚未封存，暂不能编制。请稍候再试。"
    en = "The log is not sealed up to the moment of drawing up yet. Try again in a moment."


class NotDrawnUp(Refusal):
    code = "bulletin-not-drawn-up"
    zh = "本月通报尚未编制。请在编制日之后办理。"
    en = "This bulletin is not drawn up yet. Come back after the day on which it is."


class BulletinIsIssued(Refusal):
    code = "bulletin-issued"
    zh = "通报已印发，不得再改。如有错误，请另发更正。"
    en = "The bulletin was issued and is never changed. If something is wrong, issue a correction."


class BulletinNotIssued(Refusal):
    code = "bulletin-not-issued"
    zh = "通报尚未印发，无须更正。请直接撤下点名事项。"
    en = "The bulletin was not issued yet, so there is nothing to correct. Take the item off instead."


class NotToBeNamed(Refusal):
    code = "not-to-be-named"
    zh = "该事项不在本镇通报范围之内，或已点名。请核对编号。"
    en = "That issue is not for this township's bulletin, or is named already. Check the number."


class NoSuchItem(Refusal):
    code = "no-such-bulletin-item"
    zh = "通报中没有这一点名事项，或已撤下。请核对序号。"
    en = "The bulletin has no such item, or it was taken off. Check its number."
