"""Planned to be put right, marked as backlog, filed as final (LL5, PC5)."""

from datetime import date
from typing import ClassVar

from domain.events import DomainEvent
from domain.privacy import Personal


class RectificationPlanned(DomainEvent):
    TOPIC: ClassVar[str] = "issue.rectification_planned"
    measures: Personal
    unit: Personal
    person: str
    due_on: date


class BacklogMarked(DomainEvent):
    TOPIC: ClassVar[str] = "issue.backlog_marked"
    campaign: str


class FinalFilingProposed(DomainEvent):
    TOPIC: ClassVar[str] = "issue.final_filing_proposed"
    grounds: Personal


class FiledAsFinal(DomainEvent):
    TOPIC: ClassVar[str] = "issue.filed_as_final"
    plan: str
    basis: str


class FinalFilingRefused(DomainEvent):
    TOPIC: ClassVar[str] = "issue.final_filing_refused"
    reasons: Personal
