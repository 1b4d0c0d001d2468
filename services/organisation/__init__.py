"""Setting an organisation up: villages that a file names, whole organisations from spreadsheets."""
