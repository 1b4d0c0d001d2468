"""How things are called on pages: commands, fields, values and the way from page to page, in both languages."""

from services.web.words.commands import SELDOM, command_called
from services.web.words.consequences import done_in_words, what_follows
from services.web.words.fields import field_hint, field_label
from services.web.words.navigation import navigation_of
from services.web.words.values import label_of

__all__ = [
    "SELDOM",
    "command_called",
    "done_in_words",
    "field_hint",
    "field_label",
    "label_of",
    "navigation_of",
    "what_follows",
]
