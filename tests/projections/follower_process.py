"""The read models' followers as a process to be killed: `python -m tests.projections.follower_process DSN BATCH`."""

import sys
from threading import Event

from projections.follower import Pace, follow
from projections.registry import PROJECTIONS

if __name__ == "__main__":
    pace = Pace(batch=int(sys.argv[2]), look=0.02, candidate=0.02, retry=0.05, retry_at_most=0.05)
    follow(sys.argv[1], PROJECTIONS, Event(), pace)
