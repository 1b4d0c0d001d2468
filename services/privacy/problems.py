"""What the office's answers about households refuse, in the tree of domain/errors.py."""

from domain.errors import Refusal


class CopyNotRequested(Refusal):
    code = "copy-not-requested"
    zh = "该户近 30 日内没有提出查阅复制。请先记录其请求。"
    en = "The household has asked for no copy within the last 30 days. Record its request first."


class SecondFactorWrong(Refusal):
    code = "second-factor-wrong"
    zh = "后四位与登记的电话不符，或没有登记电话。请核对；仍不行，请到登记的地方当面核实。"
    en = "These are not the last four digits of the registered telephone, or none is registered. Ask at the counter."
