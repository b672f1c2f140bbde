"""A promoter's whole year on a telephone: a sitting, the last seat of the other one, the worksheet, the certificate."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdf
import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from app.accounts import services as accounts
from app.accounts.permissions import Role
from app.accounts.types import NewPerson
from app.compliance import queries as compliance
from app.compliance import services as requirements
from app.compliance.types import RequirementDraft
from app.events.models import Sitting
from app.events.types import Audience
from app.infra import clock
from app.infra.db import db
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import local_date
from app.kernel.types import SYSTEM
from app.org.rules import last_day
from app.org.types import UnitKind
from app.registrations import meetings
from app.registrations import queries as registrations
from app.registrations.types import Status
from tests.factories import ORGANIZER, a_duty, a_member, a_sitting, a_template, a_unit, an_event
from tests.journeys.conftest import DESK, PHONE, opened
from tests.journeys.looks import assert_sound
from tests.live import Installation, eventually
from tests.mail_sink import MailSink
from tests.staff import PASSWORD, SECTION
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SAVED = re.compile("に保存しました")
SAVED_MARKS = "すべて保存しました"
NAMES = ("推進　花子", "同僚　一", "同僚　二")


class Letters(MailSink):
    """A mail server that keeps what it took."""

    def __init__(self, log: Path) -> None:
        super().__init__(log)
        self.taken: list[EmailMessage] = []

    def _take(self, content: bytes, recipient: str) -> bool:
        self.taken.append(message_from_bytes(content, policy=policy.default))
        return super()._take(content, recipient)

    def entries(self, address: str) -> list[tuple[str, int, str]]:
        """The calendar objects that came to `address`: UID, SEQUENCE and start, in the order of arrival."""
        found = []
        for letter in self.taken:
            for part in letter.walk():
                if part.get_content_type() == "text/calendar" and address in letter["To"]:
                    entry = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
                    found.append((str(entry["UID"]), int(entry["SEQUENCE"]), f"{entry.start:%H:%M}"))
        return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Hall:
    """The city hall of the journey: who works there, and the two sittings of the training that is required."""

    site: Installation
    letters: Letters
    event_id: int
    slug: str
    sittings: tuple[int, int]
    members: tuple[int, ...]
    requirement: int

    def places(self) -> dict[int, tuple[Status, int]]:
        """Who has which place: member → status, sitting."""
        with self.site.inside():
            held = {who: registrations.of_member(who, event_id=self.event_id) for who in self.members}
            return {who: (rows[0].status, rows[0].sitting_id) for who, rows in held.items() if rows}

    def seats(self, sitting_id: int) -> int:
        """How many seats the sitting itself says are taken."""
        with self.site.inside():
            return db.session.get_one(Sitting, sitting_id).seats_taken


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with (
        Letters(tmp_path / "letters.jsonl") as letters,
        Installation(tmp_path, f"sqlite:///{tmp_path / 'tsudoi.db'}", mail_port=letters.port) as site,
    ):
        site.migrate()
        with site.inside():
            made = built()
        site.web()
        site.worker()
        yield Hall(site, letters, *made)


def built() -> tuple[int, str, tuple[int, int], tuple[int, ...], int]:
    """A department with three promoters who can sign in, an organizer, the training, the worksheet, the requirement."""
    now = clock.now()
    year = fiscal_year(now)
    department = a_unit(UnitKind.DEPARTMENT, year=year)
    members = tuple(a_member(name=name, email=f"p{n}@city.example.jp").id for n, name in enumerate(NAMES))
    for number, member_id in enumerate(members):
        a_duty(a_unit(UnitKind.SECTION, department, name=f"環境{number}課", year=year), member_id, year=year)
        person = NewPerson(f"p{number}@city.example.jp", NAMES[number], Role.MEMBER, "", member_id)
        accounts.create_user(person, PASSWORD, by=SYSTEM, now=now)
    organizer = NewPerson("organizer@city.example.jp", "担当　太郎", Role.ORGANIZER, SECTION)
    accounts.create_user(organizer, PASSWORD, by=SYSTEM, now=now)
    about = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=5), "fiscal_year": year}
    event = an_event(title="協働推進員研修", audience=Audience.STAFF, section=SECTION, **about)
    morning = (now + timedelta(days=10)).replace(hour=0, minute=30, second=0, microsecond=0)
    times = {"午前の部": (morning, 10), "午後の部": (morning + timedelta(hours=4), 1)}
    sittings = [
        a_sitting(event, label=label, starts_at=at, ends_at=at + timedelta(hours=2), capacity=seats).id
        for label, (at, seats) in times.items()
    ]
    due = min(local_date(now) + timedelta(days=30), last_day(year))
    sheet = a_template(year=year, due_on=due, needs_approval=False)
    draft = RequirementDraft(year, "training", "受講と提出", event.id, due, template_id=sheet)
    requirement = requirements.make(draft, by=SYSTEM, now=now)
    return event.id, event.slug, (sittings[0], sittings[1]), members, requirement


def sign_in(page: Page, who: str) -> None:
    page.goto("/my/sign-in/")
    page.locator("input[name=email]").fill(f"{who}@city.example.jp")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(re.compile("/(my|console)/$"))


def card(page: Page, sitting: str):
    return page.locator("section.ts-card", has=page.get_by_role("heading", name=sitting))


def colleague(hall: Hall, number: int, gate: threading.Barrier, answers: list[int]) -> threading.Thread:
    """Signed in, with the training's page open; takes the afternoon when everybody is at the gate."""
    visitor = Visitor(hall.site.port)
    fields = {"email": f"p{number}@city.example.jp", "password": PASSWORD}
    assert visitor.post("/my/sign-in/", {**visitor.get("/my/sign-in/").hidden, **fields}).status == 303
    page = f"/my/trainings/{hall.slug}/"
    form = {**visitor.get(page).hidden, "sitting": str(hall.sittings[1])}

    def run() -> None:
        gate.wait(60)
        answers.append(visitor.post(page, form).status)
        visitor.hang_up()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def race_for_the_afternoon(hall: Hall, phone: Page) -> None:
    """The promoter moves to the afternoon while two colleagues want its one seat."""
    gate, answers = threading.Barrier(3), []
    others = [colleague(hall, number, gate, answers) for number in (1, 2)]
    gate.wait(60)
    card(phone, "午後の部").get_by_role("button", name="この回に変更する").click()
    phone.wait_for_load_state()
    for other in others:
        other.join(60)
    assert all(status in {303, 422} for status in answers)
    assert len(answers) == 2
    places = hall.places()
    confirmed = [where for status, where in places.values() if status is Status.CONFIRMED]
    assert places[hall.members[0]][0] is Status.CONFIRMED
    assert [confirmed.count(where) for where in hall.sittings] == [hall.seats(where) for where in hall.sittings]
    assert confirmed.count(hall.sittings[1]) == 1


def make_room(hall: Hall, phone: Page) -> None:
    """Where a colleague was quicker, the organizer opens more seats, and the promoter moves after all."""
    if hall.places()[hall.members[0]][1] == hall.sittings[1]:
        return
    with hall.site.inside():
        meetings.change_capacity(hall.sittings[1], 3, by=ORGANIZER, now=clock.now())
    phone.goto(f"/my/trainings/{hall.slug}/")
    card(phone, "午後の部").get_by_role("button", name="この回に変更する").click()


def write_on_the_web(phone: Page) -> None:
    phone.goto("/my/")
    phone.get_by_role("link", name=re.compile("業務の棚卸シート（")).click()
    phone.get_by_role("button", name="行を追加").click()
    phone.locator(".ws-row").last.get_by_label("業務名").fill("ごみ減量の出前講座")
    expect(phone.locator("[data-status]")).to_have_text(SAVED)
    assert_sound(phone)


def write_in_the_workbook(phone: Page, folder: Path) -> None:
    with phone.expect_download() as waiting:
        phone.get_by_role("link", name="Excelファイルをダウンロードする").click()
    book = openpyxl.load_workbook(BytesIO(Path(waiting.value.path()).read_bytes()))
    tasks = book["2_業務"]
    assert tasks["B2"].value == "ごみ減量の出前講座"
    tasks["B3"] = "夏祭りの支援"
    book.save(folder / "filled.xlsx")
    phone.locator("input[type=file]").set_input_files(folder / "filled.xlsx")
    phone.get_by_role("button", name="ファイルの内容を確かめる").click()
    assert_sound(phone)
    phone.get_by_role("button", name="この内容を取り込む").click()
    expect(phone.locator(".ws-row").last.get_by_label("業務名")).to_have_value("夏祭りの支援")


def review(desk: Page) -> None:
    desk.goto("/console/worksheets/")
    desk.get_by_role("link", name="業務の棚卸シート").first.click()
    desk.get_by_role("link", name="環境0課").click()


def return_it(desk: Page) -> None:
    review(desk)
    desk.get_by_label(re.compile("直してほしいこと（行）")).last.fill("対象の地区を書いてください。")
    desk.get_by_role("button", name="差し戻す").click()
    expect(desk.get_by_text("差戻し").first).to_be_visible()


def correct_it(phone: Page) -> None:
    phone.goto("/my/")
    phone.get_by_role("link", name=re.compile("業務の棚卸シート（")).click()
    expect(phone.get_by_text("対象の地区を書いてください。")).to_be_visible()
    phone.locator(".ws-row").last.get_by_label("業務名").fill("夏祭りの支援（玉島地区）")
    expect(phone.locator("[data-status]")).to_have_text(SAVED)
    phone.get_by_role("button", name="提出する").click()
    expect(phone.get_by_text("提出済").first).to_be_visible()


def hold_it_today(hall: Hall, desk: Page) -> None:
    """The organizer moves the afternoon to today, from midnight to midnight, and tells everybody."""
    desk.goto(f"/console/events/{hall.event_id}/sittings/{hall.sittings[1]}/")
    for label, typed in (("日付", f"{local_date(clock.now()):%Y/%m/%d}"), ("開始", "0:00"), ("終了", "23:59")):
        desk.get_by_label(re.compile(f"^{label}")).first.fill(typed)
    desk.get_by_label("参加者に知らせる", exact=True).check()
    desk.get_by_role("button", name="日時・会場を変更する").click()
    expect(desk.get_by_text("日時・会場を変更しました")).to_be_visible()


def mark_and_certify(hall: Hall, desk: Page) -> None:
    """The promoter is marked as present, the sheet is closed with everybody else absent, the certificate is issued."""
    desk.goto(f"/console/sittings/{hall.sittings[1]}/attendance/")
    desk.locator("[data-line]", has_text=NAMES[0]).locator("label", has_text=re.compile("^出席")).click()
    expect(desk.locator("[data-came]")).to_have_text("1")
    expect(desk.locator("[data-state]")).to_have_text(SAVED_MARKS)
    desk.reload()
    if hall.seats(hall.sittings[1]) > 1:
        desk.locator("#closing input[type=checkbox]").check()
    desk.get_by_role("button", name="出席を確定する").click()
    expect(desk.get_by_text("出席を確定しました").first).to_be_visible()
    desk.goto(f"/console/events/{hall.event_id}/certificates/")
    desk.get_by_role("button", name="1人に発行する").click()
    expect(desk.get_by_text("修了証を1人に発行しました")).to_be_visible()
    assert_sound(desk)


def test_from_the_sign_in_to_the_certificate(browser: Browser, hall: Hall, tmp_path: Path):
    with opened(browser, hall.site, viewport=PHONE) as mine, opened(browser, hall.site, viewport=DESK) as other:
        phone, desk = mine.new_page(), other.new_page()
        sign_in(phone, "p0")
        phone.get_by_role("link", name="参加する回を選ぶ").click()
        card(phone, "午前の部").get_by_role("button", name="この回に参加する").click()
        expect(card(phone, "午前の部").get_by_text("参加する回", exact=True)).to_be_visible()
        # A mail tells how things stand when it leaves: the morning's must be gone before the afternoon is chosen.
        assert eventually(lambda: len(hall.letters.entries("p0@city.example.jp")) == 1, 30)

        race_for_the_afternoon(hall, phone)
        make_room(hall, phone)
        expect(card(phone, "午後の部").get_by_text("参加する回", exact=True)).to_be_visible()
        assert eventually(lambda: len(hall.letters.entries("p0@city.example.jp")) == 2, 30)
        first, second = hall.letters.entries("p0@city.example.jp")
        assert first[0] == second[0]
        assert (first[1:], second[1:]) == ((0, "09:30"), (1, "13:30"))

        sign_in(desk, "organizer")
        hold_it_today(hall, desk)
        assert eventually(lambda: len(hall.letters.entries("p0@city.example.jp")) == 3, 30)
        moved = hall.letters.entries("p0@city.example.jp")[2]
        assert (moved[0], moved[2]) == (first[0], "00:00")
        assert moved[1] > second[1]
        mark_and_certify(hall, desk)
        write_on_the_web(phone)
        write_in_the_workbook(phone, tmp_path)
        phone.get_by_role("button", name="提出する").click()
        expect(phone.get_by_text("提出済").first).to_be_visible()
        return_it(desk)
        correct_it(phone)
        review(desk)
        desk.get_by_role("button", name="受理する").click()
        with hall.site.inside():
            board = compliance.board(hall.requirement, today=local_date(clock.now()))
            assert [line.person.id for line in board.lines if line.done] == [hall.members[0]]

        phone.goto("/my/")
        href = phone.get_by_role("link", name=re.compile("修了証")).get_attribute("href")
        paper = pypdf.PdfReader(BytesIO(phone.request.get(href).body()))
        assert "推進" in paper.pages[0].extract_text()
