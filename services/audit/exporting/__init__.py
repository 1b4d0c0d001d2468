"""The log for process-mining tools: OCEL 2.0 and XES, without anybody's words."""
