"""Ledgers as files and on the terminal: table, csv, json, xlsx."""
