"""Funds: a township's money for one fiscal year."""
