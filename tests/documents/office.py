"""Files opened by LibreOffice, as an organizer would."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
# LibreOffice's own numbers.
CODE_PAGES = {"utf-8": 76, "cp932": 64}


def read_by_office(file: Path, *, encoding: str = "utf-8") -> list[list[str]]:
    """The first sheet's cells as LibreOffice shows them after recalculation."""
    out = file.parent / "read"
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{file.parent}/profile"]
    # Comma, quote, encoding, from line 1, Japanese, quoted fields as text, formulas evaluated.
    if file.suffix == ".csv":
        command.append(f"--infilter=CSV:44,34,{CODE_PAGES[encoding]},1,,1041,true,false,false,false,false,0,true")
    command += ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(out), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with next(out.glob("*.csv")).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))
