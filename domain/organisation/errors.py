"""Why the organisation refuses: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class UnknownPlace(Refusal):
    code = "unknown-place"
    zh = "没有登记这个单位。请核对代码，或先登记单位。"
    en = "There is no such place. Check the code, or register the place first."


class PlaceIsClosed(Refusal):
    code = "place-closed"
    zh = "这个单位已撤销。请改用现行单位。"
    en = "That place is closed. Use one that is open."


class CodeTaken(Refusal):
    code = "place-code-taken"
    zh = "这个代码已用于别的单位，撤销的单位也不让出代码。请换一个代码。"
    en = "Another place has that code; a closed one keeps its code too. Choose another."


class CodeUnfit(Refusal):
    code = "place-code-unfit"
    zh = "代码与单位类别不符：部门写 department:名称（某镇自己的部门加 @镇代码），其余写大写字母和数字。"
    en = (
        "The code does not fit the kind of place: a department's is department:<key> (with @<township> for a "
        "township's own), any other's is capital letters and digits."
    )


class NameTaken(Refusal):
    code = "place-name-taken"
    zh = "同一上级下已有同名单位，或已有（曾用）同名的镇。请核对是否重复登记。"
    en = "A place beside it has that name, or a township has or had it. Look whether it is registered already."


class WrongParent(Refusal):
    code = "wrong-parent"
    zh = "隶属关系不对：镇属县，驻点属镇，村（社区）属驻点或镇，部门属镇或县。请核对上级单位。"
    en = (
        "It cannot belong there: townships belong to a county, stations to a township, villages to a station or a "
        "township, departments to a township or a county. Check the parent."
    )


class PlaceInUse(Refusal):
    code = "place-in-use"
    zh = "该单位还有下级单位或在任人员。请先调整下级、免去任职，再行撤销。"
    en = "Something still belongs to that place, or somebody serves there. Move or close those, end the appointments."


class NoSuchPost(Refusal):
    code = "no-such-post"
    zh = "此类单位没有这个岗位。请核对角色和单位。"
    en = "That role cannot be held at a place of that kind. Check role and place."


class PeriodReversed(Refusal):
    code = "period-reversed"
    zh = "结束时间须晚于开始时间，且不能晚于原定的结束时间。"
    en = "A period ends after it begins, and cannot be ended later than it would end anyway."


class AlreadyAppointed(Refusal):
    code = "already-appointed"
    zh = "该人员这段时间已任此职。请核对任期。"
    en = "That officer holds that post in that time already. Check the period."


class SomebodyInCharge(Refusal):
    code = "somebody-in-charge"
    zh = "这段时间已有人负责此岗。请先免去其任职，或不设为负责人。"
    en = "Somebody is in charge there in that time. End that appointment first, or appoint without charge."


class NotAppointed(Refusal):
    code = "not-appointed"
    zh = "该人员在这个时间没有任此职。请核对人员、角色和单位。"
    en = "That officer does not hold that post at that time. Check officer, role and place."


class NotForOneself(Refusal):
    code = "not-for-oneself"
    zh = "管理员不能任命自己，也不能让自己代理。请由另一名管理员办理。"
    en = "An administrator cannot give a post to themselves. Another administrator has to do it."


class OwnDeputy(Refusal):
    code = "own-deputy"
    zh = "不能代理自己。请指定另一人。"
    en = "Nobody deputises for themselves. Name somebody else."


class AlreadyDeputy(Refusal):
    code = "already-deputy"
    zh = "此职这段时间已有人代理。请先结束原代理。"
    en = "Somebody deputises in that post in that time already. Withdraw that deputy first."


class NotDeputy(Refusal):
    code = "not-deputy"
    zh = "该人员没有代理此职。请核对。"
    en = "That person does not deputise in that post. Check the names."


class AlreadyLinked(Refusal):
    code = "already-linked"
    zh = "该人员已联系这个村（户）。"
    en = "That officer is linked to that village or household already."


class NotLinked(Refusal):
    code = "not-linked"
    zh = "该人员没有联系这个村（户）。请核对。"
    en = "That officer is not linked to that village or household. Check the names."
