"""The decisions, by part of an issue's life: (issue, command, context) -> events, or a refusal raised by a rule."""
