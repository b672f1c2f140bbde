"""Processes of their own for tests: real ones, each with an application that it makes itself.

They part from a process that has loaded the code and nothing else: loading it in each would take seconds.
"""

from __future__ import annotations

import multiprocessing

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["app.factory", "tests.conftest", "tests.factories"])
