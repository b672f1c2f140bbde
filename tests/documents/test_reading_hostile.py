"""Hostile uploads: refused with a sentence, quickly, in little memory (measured in a process of its own)."""

import json
import re
import subprocess
import sys

import pytest

from tests.documents import hostile

SECONDS, MEGABYTES = 2.0, 150
READER = """
import json, pathlib, resource, sys, time
from app.documents.errors import UnreadableFile
from app.documents.reading import read_table
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before, said = peak(), {}
for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    content, started = file.read_bytes(), time.process_time()
    try:
        read_table(content, file_name=file.name)
        message = None
    except UnreadableFile as refusal:
        message = refusal.message
    said[file.name] = [message, time.process_time() - started]
print(json.dumps({"said": said, "grown": peak() - before}))
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    for name, content in hostile.files().items():
        (folder / name).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", READER, str(folder)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_hostile_file_is_refused_with_a_japanese_sentence(outcome):
    assert set(outcome["said"]) == set(hostile.files())
    taken = {name for name, (message, _) in outcome["said"].items() if message is None}
    assert taken == set()
    for name, (message, _) in outcome["said"].items():
        assert re.search("[ぁ-ん]", message), name
        assert message.endswith("。"), name


def test_none_takes_longer_than_two_seconds(outcome):
    assert {name: took for name, (_, took) in outcome["said"].items() if took > SECONDS} == {}


def test_none_makes_the_process_grow(outcome):
    assert outcome["grown"] <= MEGABYTES


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("macro.xlsm", "マクロ"),
        ("macro.xlsx", "マクロ"),
        ("macro-type.xlsx", "マクロ"),
        ("encrypted.xlsx", "パスワード"),
        ("encrypted-zip.xlsx", "パスワード"),
        ("formula.xlsx", "数式"),
        ("sparse.xlsx", "1,048,576行目"),
        ("far-column.xlsx", "列が多すぎます"),
        ("zip-bomb.xlsx", "大きすぎます"),
        ("xxe.xlsx", "安全に読めない"),
        ("utf16.csv", "文字コード"),
        ("other-zip.xlsx", ".xlsx"),
        ("program.exe", ".csv"),
        ("empty.xlsx", "空"),
    ],
)
def test_the_sentence_says_what_is_wrong(outcome, name, word):
    assert word in outcome["said"][name][0]


def test_the_workbook_that_all_are_made_from_is_itself_readable(tmp_path):
    (tmp_path / "harmless.xlsx").write_bytes(hostile.workbook())
    done = subprocess.run([sys.executable, "-c", READER, str(tmp_path)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["said"]["harmless.xlsx"][0] is None
