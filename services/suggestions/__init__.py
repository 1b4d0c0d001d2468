"""Suggestions: what may be the same matter, what may share a cause, which category fits, what is spoken of more often.

They help and decide nothing; docs/decisions/0032-suggestions.md says what they give away and what not.
"""
