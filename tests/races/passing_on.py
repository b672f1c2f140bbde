"""What the worker does each minute with offers whose time is over, in a process of its own: passing_on.py TIME."""

from __future__ import annotations

import sys
from datetime import datetime

from app import foundation
from app.worker import pass_on_offers

with foundation.lay().app_context():
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    pass_on_offers(datetime.fromisoformat(sys.argv[1]))
