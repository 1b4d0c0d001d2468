"""Who is it, and what may they see? Accounts with one role each, and API tokens."""
