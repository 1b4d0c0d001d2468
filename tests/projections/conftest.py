"""Fixtures of the read models' tests."""

from tests.projections.ledger import log

__all__ = ["log"]
