"""The log under another plan: what would have been judged otherwise, had people acted as they did? Pure."""
