"""A township's March in which everything happens that visits, liaison and duties know of. For tests of ledgers."""

from datetime import date, timedelta
from typing import Final

from domain.liaison import commands as liaison
from domain.organisation.words import Rank
from domain.periods import Cycle, Period
from domain.submission.commands import OpenSubmissions
from domain.visit import commands as c
from domain.visit.words import VisitKind
from tests.support.duties import QUARTER, Township
from tests.support.handing_in import of_process
from tests.support.office import START
from tests.support.visits import ISSUE, a_log, ask, consent

MARCH: Final = Period(date(2026, 3, 1), Cycle.MONTH)
HOUR: Final = timedelta(hours=1)


def a_month() -> Township:
    """A township's March under LL: visits, forms, a hazard, registers, and the month closed."""
    log = Township("ll", zhang=Rank.DEPUTY_SECTION, wang=Rank.GENERAL)
    log.streams.update(a_log(inspected=True).streams | {key: log.streams[key] for key in log.streams})
    log.do(ask(c.RegisterHazard, at=START + HOUR))
    log.do(ask(c.RecordVisit, at=START + HOUR, done="换了灯泡。", issues=(ISSUE,), companions=("lead",)))
    log.do(ask(c.CorrectVisit, at=START + 2 * HOUR, entry=2, said="两盏不亮。"))
    log.do(ask(c.CollectOpinions, at=START + 2 * HOUR, entry=2, concerns="lead2", conduct="催办不及时。"))
    log.do(ask(c.RecordVisit, at=START + 3 * HOUR, household="QS-013"))
    log.do(ask(c.StrikeVisit, at=START + 4 * HOUR, entry=3))
    log.at_place("zhang", date(2026, 3, 5), VisitKind.SERVICE_DAY)
    for step in consent():
        log.do(step)
    for kind in (liaison.ListPriorityHousehold, liaison.AgreeHelpPlan, liaison.PromiseMeasure, liaison.EnterBook):
        log.do(ask(kind, at=START + 5 * HOUR))
    log.do(ask(liaison.RecordMeasureDone, at=START + timedelta(3)))
    log.do(ask(liaison.IssueContactCard, at=START + timedelta(3)))
    log.do(ask(liaison.DeliverCards, at=START + timedelta(3)))
    log.open(MARCH)
    log.remind(MARCH)
    log.close(MARCH)
    log.do(of_process(OpenSubmissions, QUARTER.starts_at, QUARTER))
    return log
