"""Meetings: who was there, and whether they could decide."""
