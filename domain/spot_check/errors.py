"""Why a spot check refuses: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class NoSpotChecks(Refusal):
    code = "no-spot-checks-in-plan"
    zh = "现行实施方案未要求抽查。请先采用有此要求的方案。"
    en = "The plan in force asks for no spot checks. Adopt one that does."


class NoSuchTownship(Refusal):
    code = "no-such-township"
    zh = "没有这个镇，或其下没有驻点和村（社区）。请核对代码。"
    en = "There is no such township, or no station or village in it. Check the code."


class MonthNotOpen(Refusal):
    code = "month-not-open"
    zh = "只能抽取本月或上月。请改正月份。"
    en = "Only this month's or last month's check can still be begun. Correct the month."


class HeadNotSealed(Refusal):
    code = "head-not-sealed"
    zh = "抽取时点之后的日志尚未封存，暂不能抽取。请稍候再试。"
    en = "The log is not sealed up to the moment of the draw yet. Try again in a moment."


class NotDrawnYet(Refusal):
    code = "not-drawn-yet"
    zh = "尚未抽取，没有可报送、检查的台账。"
    en = "Nothing was drawn yet, so there is nothing to hand in or to check."


class NotOfThisCheck(Refusal):
    code = "not-of-this-check"
    zh = "该驻点或事项不在本次检查之内，或已报送。请核对编号。"
    en = "That station or issue is not part of this check, or was handed in already. Check the number."


class ChecksOneself(Refusal):
    code = "checks-oneself"
    zh = "在被查驻点任职的人不能检查、复核本驻点。请由其他人办理。"
    en = "Whoever serves at the station checked does not check it. Somebody else has to."


class NotChecked(Refusal):
    code = "not-your-station"
    zh = "台账和整改情况由被查驻点的人员报送。"
    en = "Ledgers and rectifications are handed in by those who serve at the station checked."


class NoSuchFinding(Refusal):
    code = "no-such-finding"
    zh = "本次检查没有这一问题。请核对序号。"
    en = "The check has no such finding. Check the number."


class RectificationStands(Refusal):
    code = "rectification-stands"
    zh = "此问题已责令整改，或已报告、已复核，现在不能作此处理。请查看整改进度。"
    en = "Its rectification does not stand where this can be done. Look how far it is."


class RectificationOpen(Refusal):
    code = "rectification-open"
    zh = "尚有整改未复核合格，不能办结。请先完成整改和复核。"
    en = "A rectification is still open. Have it done and re-checked before closing."


class LedgersOutstanding(Refusal):
    code = "ledgers-outstanding"
    zh = "台账报送期限未满且尚未报齐，不能办结。"
    en = "Ledgers may still be handed in and some are missing, so it cannot be closed yet."


class CheckClosed(Refusal):
    code = "spot-check-closed"
    zh = "本次检查已办结。"
    en = "This check was closed."
