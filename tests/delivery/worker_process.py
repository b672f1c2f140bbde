"""A real worker in a process of its own, that also knows the messages of the tests and says when it is ready."""

from __future__ import annotations

import tests.delivery.kinds  # noqa: F401 registers how they read
from app import create_app
from app.worker import Worker

if __name__ == "__main__":
    worker = Worker(create_app())
    print("ready", flush=True)  # noqa: T201 the test waits for it
    worker.run()
