"""Every row of the requirements that a test has to prove, with what it asks in short.

A test cites the rows it proves: `@pytest.mark.proves("CX5", "L7")`; test_coverage.py reads the citations off the tests.
"""

from collections.abc import Mapping
from typing import Final

ROWS: Final[Mapping[str, str]] = {
    "L1": "logged with channel, village, category, description; a gap-free number and a receipt code",
    "L2": "what can be fixed on the spot is fixed on the spot; what cannot gets a deadline",
    "L3": "no issue waits without a unit, a person and a deadline by the office's calendar",
    "L4": "reminded, missed, supervised, escalated by itself, extended by another person",
    "L5": "village, township, county; up a tier or sideways to the department; the county is tracked",
    "L6": "weekly and monthly meetings decide who does what; sign-in and minutes are kept",
    "L7": "committee submission, signed by a second person, tabled by the cut-off",
    "L8": "decided in a quorate meeting: approve, defer, return, refer up, decline with reasons; abstention",
    "L9": "the pool ranked by urgency, order, subsidy; never over-allocated; tranches in order",
    "L10": "works: monthly progress, a missed report shows, accepted by another, rework",
    "L11": "written reply in four copies; rated or silent; reopened; review and re-check",
    "L12": "struck off only when answered; a different officer looks back; if it does not hold, it reopens",
    "L13": "withdraw, merge, split, link a common cause, lead a hard case, correct by an event",
    "L14": "who, role, when it happened and was recorded, which command; the same command once",
    "D1": (
        "committee cycle: agenda by itself with what was deferred, members told, minutes, nothing undecided silently"
    ),
    "D2": "visits and diaries; quotas per role and period; coverage and shortfalls show",
    "D3": "service days, reception days, Thursdays, rotas; issues collected on each are counted",
    "D4": "two real difficulties solved a year per linked household or village; progress per officer",
    "D5": "submissions due; what is missing is listed 缺报 in the monthly bulletin; late handling is named",
    "D6": "spot checks drawn at random and re-computable; inspections; rectification tracked",
    "D7": "visits with the case in hand at least 30 %; backlog at least 85 % resolved; final-closure filing",
    "D8": "appraisal per officer, station and department, from the events only",
    "F1": "issue ledger, per village / station / township, with close-out numbers",
    "F2": "people's-situation ledger (by household, only what a case needs)",
    "F3": "petition ledger by field",
    "F4": "monthly committee submission form, Appendix 1",
    "F5": "yearly funding progress register, Appendix 2",
    "F6": "priority visit register and coverage",
    "F7": "visit diary, visit form",
    "F8": "opinion feedback form with nine categories",
    "F9": (
        "the four books: people's situation 民情账, assistance 帮扶账, organisation 组织账, stability "
        "(disputes and hazards) 稳定账"
    ),
    "F10": "hazard and dispute register: leader, unit, person, plan, deadline, struck off one by one",
    "F11": "written reply, four copies",
    "F12": "monthly bulletin with missed submissions",
    "F13": "contact card with names, duties, phones, promise",
    "F14": "notice board",
    "F15": "meeting minutes with sign-in",
    "F16": "half-yearly and yearly summary per village",
    "LL1": (
        "fixed service days: the 5th (members' activity day), 15th (villagers' talk day 村民说事日), 25th "
        "(volunteer day); officers attend in the linked village; what was raised is collected"
    ),
    "LL2": (
        "visit quotas by rank: county leaders and departments at least 4 times and at least 4 days a "
        "quarter; deputy-section officers link at least 3 households and come at least once and a day"
        " a month; general officers at least 2 times and 2 days a quarter; every household of the "
        "linked village within the year"
    ),
    "LL3": (
        "each officer solves at least 2 real difficulties a year for each linked household; each "
        "department at least 2 for its village"
    ),
    "LL4": (
        "small matters stay in the village, medium in the township, big in the county; major-matter "
        "decisions can be traced back to who decided"
    ),
    "LL5": (
        "issue ledger with a rectification plan 整改方案 for livelihood works (planning, quality, upkeep)"
        " found in the joint inspection"
    ),
    "LL6": (
        "talk-day matters are analysed and assigned (分析分办); a monthly village meeting takes common "
        "and individual problems and gives each a solution and measures"
    ),
    "LL7": "diary and site ledger (problem, suggestion or measure, result) handed in each quarter",
    "LL8": (
        "half-yearly summary per village (problems and hidden conflicts sorted, reported, handling "
        "made clear, result followed), and a yearly one"
    ),
    "LL9": "monthly analysis of how the work runs; tendencies found and dealt with",
    "LL10": (
        "people's-situation ledger; the result is told to people in time: every matter gets an "
        "answer, every item a place (事事有回应、件件有着落)"
    ),
    "LL11": (
        "results count in appraisal: the good are named, the idle held to account; satisfaction of "
        "people is the measure"
    ),
    "LL12": "one door, handled to the end by the office (一门受理、全程代办)",
    "LL13": (
        "linked households' own plan: situation, wish, yearly goal, help measures (only what the household agrees to)"
    ),
    "SG1": (
        "people's-situation ledger per household and matter, kept current; cases led by a person 包案; "
        "errands done for people"
    ),
    "SG2": "diary 民情日记: time, content, course, effect of the visit, problems raised",
    "SG3": "contact card 便民联系卡: names, duties, phones, promise",
    "SG4": "every visit brings back an opinion form with nine categories; handed to the office",
    "SG5": "monthly dispatch meeting: sort, put into the ledger, resolve one by one with the township",
    "SG6": "reception days 6th and 7th; also by appointment and at the door",
    "SG7": "help plan with promised matters and completion dates; promises kept on time",
    "SG8": "hardship households paired: head at least 2, members at least 1, section heads 1",
    "SG9": "one or two funded projects a year for the village: sought, granted, followed",
    "SG10": "disputes and safety hazards inspected regularly; each found one tracked to its removal",
    "MZ1": (
        "what can be solved at once is solved on site; the rest goes into a rectification ledger by "
        "level, category and deadline, struck off by number 销号"
    ),
    "MZ2": "petition ledger by field: land, demolition, enterprise reform, employment, social security, law, safety",
    "MZ3": "hard cases have a leader who answers for knowing, resolving and closing them with the person content",
    "MZ4": "four books, filed monthly with the district office",
    "MZ5": "after handling: written reply in four copies: office, linked unit, village, the person",
    "MZ6": "late, idle or evasive handling is named in a notice 通报",
    "MZ7": "three batches of officers, each at least 10 days in the village; schedule and presence",
    "MZ8": "handled by level and by the owning department 分级管理、归口办理",
    "MZ9": "each officer's summary and the unit's report at the end",
    "CX1": "contact card to every household, renewed when people change",
    "CX2": "notice board content by month; photos of it by the 3rd",
    "CX3": (
        "weekly meeting on Thursday before visits: last visit's matters, what the village solves, "
        "what departments follow, committee items; minutes and sign-in; month's summary at the last "
        "one"
    ),
    "CX4": (
        "monthly reporting meeting: answers to what was open last month, new conflicts, deadline for "
        "each reasonable demand"
    ),
    "CX5": "Appendix 1 form by the 30th into the town ledger",
    "CX6": "committee meets once a month on last month's submissions; solution for each",
    "CX7": (
        "approved projects into the pool; ranked by urgency, order of submission, subsidy asked, "
        "within the treasury's means; paid in order by schedule"
    ),
    "CX8": "project progress each month until done, written and reported",
    "CX9": "priority register 100 % in the year; at least 20 households a month; register handed in by the 30th",
    "CX10": "monthly bulletin; what came late or not at all shows as missing 缺报",
    "CX11": (
        "spot checks: one station's ledgers a month, handed in within a week; at least 2 full "
        "inspections a year; unannounced Thursday rounds; meetings sat in on"
    ),
    "CX12": "submission calendar (3rd, 30th, one week) with reminders; true, timely, nothing left out",
    "CX13": "issue ledger kept live; what is not settled on site has a deadline and the result is told",
    "CX14": "Appendix 2 register of funded projects and progress",
    "CX15": "forms signed by the station lead or the leader in charge before they go up",
    "PC1": "leaders at least 10 days a month in villages, at least 50 households",
    "PC2": (
        "reception: town secretary weekly, others by daily rota, village secretaries always; settled "
        "on the spot or given a deadline"
    ),
    "PC3": "hard cases led by leaders; visits made with the case in hand at least 30 % of cases led",
    "PC4": (
        "conflicts and hazards registered one by one, by category: leader, unit, person, plan, "
        "deadline, requirement; struck off one by one"
    ),
    "PC5": "backlog petitions at least 85 % resolved; final-closure filing 终结备案 where the rules allow",
    "PC6": "visit form 入户表 and diary at each month's end",
    "PC7": "monthly supervision: problems found, rectification asked; monthly bulletin and meeting",
    "PC8": "look-back 回头看 after the campaign; appraisal",
    "PC9": "each secretary: one or two hardship households and well-to-do households linked",
    "PC10": "belongs where it arises, handled by level, the one in charge answers (属地管理、分级负责)",
    "XF1": "clocks of the 2022 petition regulations as in §5, each with its article",
}

NOT_YET_PROVED: Final[frozenset[str]] = frozenset()
"""No test cites these yet. The list only ever shrinks: whoever proves a row takes it off in the same commit."""
