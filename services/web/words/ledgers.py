"""What is each ledger called, and which question does it answer? By its name, as the API has it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from services.web.language import Pair


class Ledger(NamedTuple):
    """One ledger on the list of all."""

    called: Pair
    asks: Pair


def _ledger(zh: str, en: str, asks_zh: str, asks_en: str) -> Ledger:
    return Ledger(Pair(zh, en), Pair(asks_zh, asks_en))


LEDGERS: Final[Mapping[str, Ledger]] = {
    "issues": _ledger(
        "问题台账", "Issue ledger", "每件问题到哪一步、谁负责、何时办结、群众怎么说？",
        "Where does each issue stand, who answers for it, until when, what came of it?",
    ),
    "petitions": _ledger(
        "信访台账", "Petition ledger", "哪个领域信访了什么、何时告知、结果如何？",
        "What was petitioned in which field, who was told when, what came of it?",
    ),
    "people": _ledger(
        "民情台账", "People's situation", "每户反映了什么、谁在办、落实到哪里？",
        "What did each household report, who sees to it, what came of it?",
    ),
    "committee": _ledger(
        "提请党委会研究解决问题表", "Committee submissions", "提请了什么、谁审签、党委会怎么定？",
        "What was submitted, who signed it, what did the committee say?",
    ),
    "projects": _ledger(
        "专项经费补贴项目进度登记表", "Funded projects", "哪些项目批准、安排、拨付了多少，进度如何？",
        "Which projects were approved, granted and paid, how far are they?",
    ),
    "replies": _ledger(
        "书面回复", "Written replies", "书面回复了什么，四联各送到了谁？",
        "What was the household told in writing, who has which copy?",
    ),
    "visits": _ledger(
        "民情日记", "Visit diary", "谁何时走访了谁、谈了什么、结果如何？", "Who visited whom, when, what came of it?"
    ),
    "opinions": _ledger("意见反馈表", "Opinion forms", "九类意见各说了什么？", "What do the opinion forms say?"),
    "priority": _ledger(
        "重点走访登记册", "Priority register", "哪些户重点走访，走访了几次？",
        "Which households are visited first, how often were they?",
    ),
    "promises": _ledger(
        "帮扶措施", "Help measures", "承诺了什么，按时兑现了吗？", "What was promised, and kept on time?"
    ),
    "books": _ledger("四本账", "The four books", "民情、帮扶、组织、稳定各记了什么？", "What do the four books tell?"),
    "hazards": _ledger(
        "矛盾隐患台账", "Hazards and disputes", "发现了哪些隐患，销号了吗？",
        "Which hazards were found, are they removed?",
    ),
    "cards": _ledger(
        "民情联系卡", "Contact cards", "每户拿到了第几版联系卡？",
        "Which edition of the card does each household have?",
    ),
    "coverage": _ledger(
        "走访完成情况", "Visit coverage", "每个周期要求多少、做了多少、差多少？",
        "What was asked in each period, what was done, what is short?",
    ),
    "attendance": _ledger(
        "出勤", "Attendance", "服务日和轮值谁到了？", "Who was there on service days and by the rota?"
    ),
    "submissions": _ledger("报送台账", "Submissions", "什么报了、迟报、缺报？", "What was handed in, late or missed?"),
    "spot-checks": _ledger(
        "抽查台账", "Spot checks", "抽到哪个站、查出什么？",
        "Which station was drawn or inspected, what came of it?",
    ),
    "findings": _ledger("整改台账", "Findings", "查出的问题整改到哪一步？", "What was found, how far is it put right?"),
    "audit-findings": _ledger(
        "督查发现台账", "Auditors' findings", "督查发现什么、谁答复、是否办结？",
        "What did auditors find, who answered, is it closed?",
    ),
    "bulletins": _ledger(
        "月通报", "Monthly bulletins", "每月每站应报已报、办结超期如何？",
        "What did each month's bulletin say of each station?",
    ),
    "summaries": _ledger(
        "半年、年度总结", "Summaries", "各村半年、全年发现什么、上报什么、办成什么、结果如何？",
        "What did each village find, report and settle in a half-year or year?",
    ),
}  # fmt: skip
"""In the order of the list: cases first, then visits, then supervision."""
