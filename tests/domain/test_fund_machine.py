"""Whatever is asked of a fund and its projects, in any order: it is what a simple ledger says it is (L9)."""

from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain.commands import Command
from domain.errors import HuiyinError
from domain.events import DomainEvent
from domain.fund import events as f
from domain.fund.commands import (
    AdjustBudget,
    CloseFiscalYear,
    ConfirmAdjustment,
    ConfirmRound,
    ProposeRound,
    Share,
    WithdrawRound,
    fund_id_of,
)
from domain.fund.state import Fund
from domain.fund.words import Direction
from domain.issue import commands as c
from domain.issue.decisions.funding import unspent
from domain.values import LOCAL_ZONE
from tests.support.casework import FUND_ID, TOWNSHIP, Case
from tests.support.pool import Wanted, fund_of, issue_of, of, pool, project

NEXT = fund_id_of(TOWNSHIP, 2027)
WANTED = tuple(project(f"machine {number}", days=number, approved=10_000 * (1 + number % 2)) for number in range(4))
BEGINNING = pool(*WANTED, budget=40_000)
AMOUNTS = st.decimals("0.01", 25_000, places=2)
SHARES = st.sampled_from([Decimal("0.5"), Decimal("0.3"), Decimal("0.1"), Decimal("0.6")])
ANYONE = st.sampled_from(WANTED)
YEARS = {2026: FUND_ID, 2027: NEXT}


class Ledger:
    """The simple model: where each yuan is, by year. Kept from the events' amounts alone."""

    def __init__(self) -> None:
        self.budget = dict.fromkeys(YEARS.values(), Decimal(0))
        self.promised: dict[UUID, dict[UUID, Decimal]] = {FUND_ID: {}, NEXT: {}}
        self.paid = dict.fromkeys(YEARS.values(), Decimal(0))

    def take(self, event: DomainEvent) -> None:
        """One event's effect."""
        of = event.originator_id
        match event:
            case f.BudgetSet():
                self.budget[of] += event.budget
            case f.BudgetAdjusted():
                self.budget[of] += event.amount if event.direction is Direction.UP else -event.amount
            case f.FundingAllocated():
                self._promise(of, event.issue_id, event.amount)
            case f.PaymentMade():
                self.paid[of] += event.amount
            case f.GrantReleased():
                self._promise(of, event.issue_id, -event.amount)
            case f.MoneyReturned():
                self._promise(of, event.issue_id, -event.freed)
                self.paid[of] -= event.freed
                self.budget[of] += event.income
            case f.FiscalYearClosed():
                for it in event.carried:
                    self._promise(of, it.issue_id, -it.amount)
                    self._promise(event.successor, it.issue_id, it.amount)
                    self.budget[of] -= it.amount
                    self.budget[event.successor] += it.amount
                self.budget[of] -= event.moved + event.lapsed
                self.budget[event.successor] += event.moved

    def _promise(self, fund: UUID, issue: UUID, amount: Decimal) -> None:
        self.promised[fund][issue] = self.promised[fund].get(issue, Decimal(0)) + amount


def _part(amount: Decimal, share: Decimal) -> Decimal:
    return (amount * share).quantize(Decimal("0.01"), ROUND_DOWN)


class FundMachine(RuleBasedStateMachine):
    """What is refused is forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self.case = BEGINNING
        self.serial = 0
        self.ledger = Ledger()
        for events in BEGINNING.streams.values():
            for event in events:
                self.ledger.take(event)

    def _ask(self, kind: type[Command], who: Wanted = WANTED[0], **fields: Any) -> None:
        self.serial += 1
        life: Case = of(self.case, who)
        asked = life.command(kind, key=self.serial, **fields)
        before = {key: len(events) for key, events in life.streams.items()}
        try:
            self.case = life.after(asked)
        except HuiyinError:
            return
        for key, events in self.case.streams.items():
            for event in events[before.get(key, 0) :]:
                self.ledger.take(event)

    @rule(amount=AMOUNTS, direction=st.sampled_from(Direction), confirmed=st.booleans())
    def the_budget_is_adjusted(self, amount: Decimal, direction: Direction, confirmed: bool) -> None:
        self._ask(AdjustBudget, amount=amount, direction=direction, year=self._year)
        if confirmed:
            self._ask(ConfirmAdjustment, year=self._year)

    @rule(whole=st.booleans(), share=AMOUNTS, who=ANYONE)
    def a_round_is_held(self, whole: bool, share: Decimal, who: Wanted) -> None:
        self._ask(ProposeRound, year=self._year)
        shares = None if whole else (Share(issue_id=who.issue_id, amount=share),)
        number = fund_of(self.case, YEARS[self._year]).rounds if YEARS[self._year] in self.case.streams else 0
        self._ask(ConfirmRound, year=self._year, round=max(number, 1), shares=shares, reasons="调整。")
        self._ask(WithdrawRound, year=self._year, round=max(number, 1))

    @rule(who=ANYONE, amount=AMOUNTS)
    def one_is_allocated(self, who: Wanted, amount: Decimal) -> None:
        self._ask(c.AllocateFunding, who, amount=amount, fund_id=YEARS[self._year])

    @rule(who=ANYONE, share=SHARES)
    def one_is_paid(self, who: Wanted, share: Decimal) -> None:
        self._ask(c.PayTranche, who, amount=_part(issue_of(self.case, who).granted, share))

    @rule(who=ANYONE, share=SHARES, content=st.booleans(), returned=SHARES)
    def one_is_finished(self, who: Wanted, share: Decimal, content: bool, returned: Decimal) -> None:
        """Paid to begin with, and finished for less or more than that; the household may not like it."""
        self._ask(c.PayTranche, who, amount=_part(issue_of(self.case, who).granted, Decimal("0.5")))
        self._ask(c.CompleteWorks, who, spent=_part(issue_of(self.case, who).paid, share * 2))
        for kind in (c.AcceptWorks, c.GiveReply):
            self._ask(kind, who)
        if not content:
            self._ask(c.RateAnswer, who, rating="dissatisfied")
        self._give_back(who, returned)

    @rule(who=ANYONE, kind=st.sampled_from([c.CancelGrant, c.CancelGrant, c.CancelGrant, c.WithdrawIssue]))
    def one_ends(self, who: Wanted, kind: type[Command]) -> None:
        self._ask(kind, who)

    @rule(who=ANYONE, share=SHARES)
    def one_gives_back(self, who: Wanted, share: Decimal) -> None:
        self._give_back(who, share)

    def _give_back(self, who: Wanted, share: Decimal) -> None:
        self._ask(c.ReturnUnspent, who, amount=_part(unspent(issue_of(self.case, who)), share * 2))

    @rule()
    def the_year_ends(self) -> None:
        if self.serial > 25:
            at = max(datetime(2027, 1, 15, 9, tzinfo=LOCAL_ZONE), self.case.now + timedelta(hours=1))
            self._ask(CloseFiscalYear, at=at)

    @property
    def _year(self) -> int:
        return 2027 if fund_of(self.case).is_closed else 2026

    @invariant()
    def each_fund_is_what_the_ledger_says(self) -> None:
        for fund_id in YEARS.values():
            if fund_id in self.case.streams:
                self._agrees(fund_of(self.case, fund_id))

    def _agrees(self, fund: Fund) -> None:
        promised = {key: amount for key, amount in self.ledger.promised[fund.fund_id].items() if amount}
        assert {key: grant.amount for key, grant in fund.grants.items()} == promised
        assert (fund.budget, fund.paid) == (self.ledger.budget[fund.fund_id], self.ledger.paid[fund.fund_id])
        assert fund.allocated == sum(promised.values(), Decimal(0))
        assert 0 <= fund.paid <= fund.allocated <= fund.budget
        assert sum((grant.paid for grant in fund.grants.values()), Decimal(0)) == fund.paid
        assert all(0 <= grant.paid <= grant.amount for grant in fund.grants.values())

    @invariant()
    def each_project_has_the_same_in_its_own_history(self) -> None:
        funds = [fund_of(self.case, fund_id) for fund_id in YEARS.values() if fund_id in self.case.streams]
        for who in WANTED:
            issue = issue_of(self.case, who)
            unpaid = sum((it.grants[who.issue_id].unpaid for it in funds if who.issue_id in it.grants), Decimal(0))
            assert unpaid == (0 if issue.is_final and not issue.paid else issue.granted - issue.paid)


FundMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=30, derandomize=True, deadline=None, database=None, phases=[Phase.generate]
)
TestTheFundHolds = FundMachine.TestCase
TestTheFundHolds.pytestmark = [pytest.mark.proves("L9")]
