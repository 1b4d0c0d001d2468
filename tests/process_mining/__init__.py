"""The exports read by a program that knows nothing of ours: `make check-process-mining`, no part of the other tests."""
