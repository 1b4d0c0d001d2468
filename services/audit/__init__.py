"""For those who trust nobody: the log's signature, and whatever is checked, replayed or handed out with it."""
