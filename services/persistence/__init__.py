"""The log on PostgreSQL: how events are stored, in which tables, and through which connections."""
