"""Why the counting of duties refuses: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class DutyNotAsked(Refusal):
    code = "duty-not-asked"
    zh = "现行实施方案对该单位没有这一周期的走访、值班任务。"
    en = "The plan in force asks for no duties of that period at that place."


class PeriodNotOpen(Refusal):
    code = "period-not-open"
    zh = "该周期尚未开始统计，或已截账。"
    en = "That period is not open: it has not begun, or it is closed. A closed period is never judged again."


class OffRota(Refusal):
    code = "off-rota"
    zh = "排班日期须在本周期内，人员须在该单位任职，且每日每人只排一次。"
    en = "Turns lie within the period, of officers who serve there, each once a day."


class RotaIncomplete(Refusal):
    code = "rota-incomplete"
    zh = "每个工作日须有人接访，方案规定每周接访的职级每周至少一次。请补齐排班。"
    en = "Somebody receives on every working day, and ranks that receive weekly do so each week. Complete the rota."
