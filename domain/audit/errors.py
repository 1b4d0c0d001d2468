"""Why a finding or a sample refuses: one class a rule, in the tree of domain/errors.py."""

from domain.errors import Refusal


class NoSuchUnit(Refusal):
    code = "no-such-unit"
    zh = "没有这个单位，或已撤销。请核对单位代码。"
    en = "There is no such unit, or it is closed. Check its code."


class NotAddressed(Refusal):
    code = "not-addressed"
    zh = "此发现不是发给您负责的单位，只有该单位负责人可以答复。"
    en = "This finding is not addressed to a unit of yours. Whoever is in charge of that unit answers."


class FindingElsewhere(Refusal):
    code = "finding-stands-elsewhere"
    zh = "此发现目前所处环节不能办理此项。请刷新查看现状。"
    en = "The finding does not stand where this can be done. Read it again."


class NotInSample(Refusal):
    code = "not-in-sample"
    zh = "该事项不在所引用的样本中，或没有这个样本。"
    en = "The issue is not among those drawn in that sample, or there is no such sample."


class AboutAnother(Refusal):
    code = "about-another-person"
    zh = "该事项反映的是另一人。请分别登记发现。"
    en = "That issue complains of another person. Record two findings."


class SampleNotSealed(Refusal):
    code = "sample-not-sealed"
    zh = "抽样申请尚未封存，暂不能抽取。请稍候再试。"
    en = "The sample's criteria are not sealed in the log yet. Try again in a moment."


class AlreadyDrawn(Refusal):
    code = "sample-already-drawn"
    zh = "此样本已经抽取，结果不再改变。"
    en = "This sample is drawn; what was drawn stays."
