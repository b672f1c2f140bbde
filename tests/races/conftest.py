from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live import Installation, a_database


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def installation(request, tmp_path_factory) -> Iterator[Installation]:
    """Two web processes and a mail worker on a fresh database of each kind, with files instead of mail."""
    folder = tmp_path_factory.mktemp("live")
    with a_database(request, folder) as url, Installation(folder, url) as installation:
        installation.migrate()
        installation.web()
        yield installation


def pytest_terminal_summary(terminalreporter):
    """The figures that tests of this folder noted."""
    for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", []):
        for name, value in getattr(report, "user_properties", []):
            terminalreporter.write_line(f"{report.nodeid.rpartition('/')[2]}: {name}: {value}")
