"""Why a village's liaison register refuses: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class NotListed(Refusal):
    code = "not-on-priority-register"
    zh = "该户不在本年度重点走访登记册上。"
    en = "The household is not on this year's priority register."


class NoHelpPlan(Refusal):
    code = "no-help-plan"
    zh = "该户本年度没有帮扶计划，或已结束。请先征得同意并登记计划。"
    en = "The household has no help plan this year, or it ended. Agree one with it first."


class NoSuchMeasure(Refusal):
    code = "no-such-measure"
    zh = "没有这一项待兑现的帮扶措施。请核对序号。"
    en = "There is no such promise left to keep. Check its number."


class NotLinkedThere(Refusal):
    code = "not-linked-there"
    zh = "该干部没有联系这一户（村）。请先由管理员登记联户、联村。"
    en = "That officer is not linked to this household or village. An administrator links them first."


class DifficultyNotShown(Refusal):
    code = "difficulty-not-proved"
    zh = "所写事项尚未答复，或走访不是去该户（村）的，不能算作解决实际困难。"
    en = "The issue is not answered yet, or it or the visit was not that household's, so it proves nothing."


class DifficultyCounted(Refusal):
    code = "difficulty-counted"
    zh = "这一件已算作解决实际困难，不重复计算。"
    en = "That issue or visit is counted already; it counts once."


class OtherYear(Refusal):
    code = "other-year"
    zh = "发生日期不在该登记册的年度内。请登记到当年的登记册。"
    en = "That did not happen in the register's year. Enter it in the register of its own year."


class InChargeMissing(Refusal):
    code = "in-charge-missing"
    zh = "联系卡须列明现任驻点干部和组长，且所列人员须在该村（站、镇）任职。"
    en = "A card names who is in charge of the village now, and only officials who serve it."


class OldEdition(Refusal):
    code = "old-edition"
    zh = "只发放最新一版联系卡。"
    en = "Only the latest edition of the card is handed out."


class CardDelivered(Refusal):
    code = "card-delivered"
    zh = "其中有的户已领过这一版联系卡。"
    en = "Some of these households have this edition already."
