"""Files beside a worksheet: bounded, kept with what was handed in, and gone from the storage when nobody needs them."""

from __future__ import annotations

import pytest

from app.documents.errors import WrongFile
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.worksheets import attachments, queries, rules, services
from app.worksheets.errors import NoRoom, NotWritable
from tests.factories import NOW, ORGANIZER, a_template, a_unit, a_worksheet

pytestmark = pytest.mark.usefixtures("any_app")
BY = {"by": ORGANIZER, "now": NOW}
PDF = b"%PDF-1.7"


@pytest.fixture
def sheet(any_app) -> int:
    return a_worksheet(a_template(most_attachments=2), a_unit(name="環境政策課"), "緑化")


@pytest.fixture
def kept(monkeypatch) -> list[str]:
    """The keys of all that was ever stored."""
    keys, save = [], storage.save
    monkeypatch.setattr(storage, "save", lambda content: keys.append(save(content)) or keys[-1])
    return keys


def attach(sheet: int, name: str = "図.pdf", content: bytes = PDF) -> int:
    return attachments.attach(sheet, name, content, **BY)


def names(sheet: int) -> list[str]:
    return [file.file_name for file in queries.one(sheet).attachments]


def submit(sheet: int) -> None:
    services.submit(sheet, version=queries.one(sheet).version, **BY)


def test_no_file_stays_behind(sheet, kept, monkeypatch):
    first = attach(sheet)
    attachments.detach(sheet, first, **BY)
    with pytest.raises(WrongFile):
        attach(sheet, "b.exe", b"MZ")
    attach(sheet)
    monkeypatch.setattr(rules, "check_room", _refuse_the_second_time())
    with pytest.raises(NoRoom):
        attach(sheet)
    assert [storage.has(key) for key in kept] == [False, True, False]


def _refuse_the_second_time():
    """Another file came between the look and the transaction."""
    looked: list[int] = []

    def check_room(view, size, *, kept):
        looked.append(size)
        if len(looked) > 1:
            raise NoRoom("もう入りません。")

    return check_room


def test_what_was_handed_in_keeps_its_files(sheet):
    with_it = attach(sheet, "計画.pdf", PDF + b"1")
    submit(sheet)
    with pytest.raises(NotWritable):
        attachments.detach(sheet, with_it, **BY)
    with pytest.raises(NotWritable):
        attach(sheet)
    services.withdraw(sheet, **BY)
    attachments.detach(sheet, with_it, **BY)
    attach(sheet, "写真.PNG", b"\x89PNG\r\n\x1a\n")
    submit(sheet)
    assert names(sheet) == ["写真.png"]
    story = [[file.file_name for file in step.attachments] for step in queries.revisions(sheet)]
    assert story == [["写真.png"], ["計画.pdf"], ["計画.pdf"]]
    assert queries.attachment(sheet, with_it)[1] == PDF + b"1"


def test_another_worksheets_file_is_not_found(sheet):
    file = attach(sheet)
    other = a_worksheet(queries.one(sheet).template.id, a_unit(), "窓口")
    for look in (
        lambda: queries.attachment(other, file),
        lambda: attachments.detach(other, file, **BY),
        lambda: attach(999),
    ):
        with pytest.raises(NotFound):
            look()


def test_files_are_counted_and_weighed(sheet, monkeypatch):
    none = a_worksheet(a_template(code="none"), queries.one(sheet).unit_id, "窓口")
    with pytest.raises(NoRoom, match="添付できません"):
        attach(none)
    monkeypatch.setattr(rules, "MOST_ATTACHED", 20)
    monkeypatch.setattr(rules, "MOST_KEPT", 26)
    first = attach(sheet)
    with pytest.raises(NoRoom, match="全部で"):
        attach(sheet, content=PDF + b"0" * 10)
    attach(sheet)
    with pytest.raises(NoRoom, match="2個まで"):
        attach(sheet)
    submit(sheet)
    services.withdraw(sheet, **BY)
    attachments.detach(sheet, first, **BY)
    with pytest.raises(NoRoom, match="これまでに提出した"):
        attach(sheet, content=PDF + b"0" * 4)
