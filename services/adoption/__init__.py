"""The plans in force, for people to see."""
