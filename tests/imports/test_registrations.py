"""Registrations from files of other services: seen first, taken in order, once, and nobody is told unawares."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.accounts.permissions import Role
from app.delivery.models import OutboundMessage
from app.events import queries as events
from app.imports import columns, registrations
from app.imports.applicants import Asked
from app.imports.columns import Column, Service
from app.infra import clock
from app.infra.db import db
from app.kernel.types import SYSTEM
from app.registrations.models import Registration
from app.stewardship.doctor import examine
from app.web.console import registrations_import
from tests.conftest import config_for
from tests.databases import make_tables
from tests.factories import NOW, a_sitting, an_event, apply_for
from tests.staff import signed_in, token_of

# As connpass writes it, with two questions of the organizer's own.
HEADINGS = (
    "参加枠名", "ユーザー名", "表示名", "利用開始日", "コメント", "参加ステータス", "出欠ステータス", "更新日時",
    "受付番号", "お名前を教えてください", "連絡用メールアドレス",
)  # fmt: skip
CONNPASS = f"""{",".join(HEADINGS)}
一般,hanako,はなちゃん,2020/1/1,,参加,,2026/5/1,1001,倉敷 花子,Hanako@example.jp
一般,taro,taro_,2020/1/1,,参加キャンセル,,2026/5/1,1002,倉敷 太郎,taro@example.jp
一般,jiro,jiro_,2020/1/1,,補欠,,2026/5/1,1003,玉島 次郎,jiro@example.jp
一般,saki,saki_,2020/1/1,,参加,,2026/5/1,1004,児島 咲,saki@example.jp
一般,nobody,nobody_,2020/1/1,,参加,,2026/5/1,1005,水島 三郎,
"""


def table(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.strip().split("\n")]


def asked(rows, sitting, service: Service = Service.CONNPASS, *, tells: bool = False, **more: int) -> Asked:
    chosen = columns.guess(service, columns.headings(rows)) | {Column(name): place for name, place in more.items()}
    return Asked(service, chosen, sitting.id, tells)


def take(rows, sitting, service: Service = Service.CONNPASS, **how) -> registrations.Taken:
    event = events.by_id(sitting.event_id)
    plan = registrations.preview(rows, asked(rows, sitting, service, **how), event)
    seen = registrations.fingerprint(plan)
    return registrations.take(plan, event.id, seen=seen, by=SYSTEM, now=NOW)


def standing() -> list[tuple[str, str]]:
    """Who stands where, in the order of arrival."""
    rows = db.session.execute(sa.select(Registration.name, Registration.status).order_by(Registration.id))
    return [(row.name, row.status.value) for row in rows]


def test_places_go_in_the_order_of_the_file_and_who_waited_there_comes_last(any_app):
    sitting = a_sitting(capacity=1)
    take(table(CONNPASS), sitting)
    assert standing() == [("倉敷　花子", "confirmed"), ("児島　咲", "waitlisted"), ("玉島　次郎", "waitlisted")]
    assert db.session.scalar(sa.select(sa.func.count(OutboundMessage.id))) == 0
    assert examine(now=NOW) == []


def test_the_same_file_twice_changes_nothing_and_a_longer_one_adds_its_new_rows(any_app):
    sitting, rows = a_sitting(), table(CONNPASS)
    first = take(rows, sitting)
    assert first.total == 3
    assert take(rows, sitting).total == 0
    more = [*rows, ["一般", "new", "n", "", "", "参加", "", "", "1006", "真備 四郎", "shiro@example.jp"]]
    assert take(more, sitting).total == 1
    assert len(standing()) == 4


def test_what_is_left_out_is_named_by_line_and_reason(app):
    sitting, rows = a_sitting(an_event(max_companions=1), label="午前の部"), table(CONNPASS)
    rows[0] += ["参加人数", "電話番号", "ふりがな"]
    plenty = ["一般", "a", "a", "", "", "参加", "", "", "1007", "船穂 五郎", "goro@", "3人", "086", "五郎"]
    plan = registrations.preview([*rows, plenty, rows[1]], asked(rows, sitting), events.by_id(sitting.event_id))
    assert [(one.line, one.reason) for one in plan.skipped] == [(3, "申込みの状態が「参加キャンセル」です。")]
    found = [(one.line, one.reason.partition("（")[0]) for one in plan.problems]
    assert found == [
        (6, "メールアドレスも電話番号もありません。連絡先がない方は、登録できません。"),
        (7, "フリガナが、カタカナやひらがなではありません"),
        (7, "メールアドレスの形が正しくありません"),
        (7, "電話番号の形が正しくありません"),
        (7, "人数は、1人から2人までです"),
        (8, "2行目と同じ申込みです。"),
    ]


def test_a_row_that_a_rule_refuses_does_not_stop_the_others(app):
    event = an_event()
    begun, later = (
        a_sitting(event, label="午前の部", starts_at=NOW - timedelta(hours=1)),
        a_sitting(event, label="午後の部"),
    )
    rows = table("番号,氏名,電話番号,参加する回\n1,倉敷花子,086-426-3107,午前の部\n2,倉敷太郎,086-426-3108,午後の部")
    taken = take(rows, later, Service.GENERIC)
    assert (taken.total, [one.line for one in taken.refused]) == (1, [2])
    assert begun.id != later.id


def test_who_is_to_be_told_is_told_as_everybody_is(app):
    take(table(CONNPASS), a_sitting(), tells=True)
    kinds = list(db.session.scalars(sa.select(OutboundMessage.kind)))
    assert kinds == ["registration.confirmed"] * 3
    assert examine(now=NOW) == []


@pytest.mark.parametrize(
    ("service", "named", "expected"),
    [
        (
            Service.PEATIX,
            ["注文番号", "支払状況", "名前（カナ）", "メールアドレスを入力してください"],
            ["number", "status", "name", "email"],
        ),
        (
            Service.LOGO,
            ["回答ID", "送信日時", "氏", "名", "セイ", "メイ", "電話番号"],
            ["number", "", "name", "given", "kana", "kana_given", "phone"],
        ),
        (Service.CONNPASS, ["ユーザー名", "表示名", "参加ステータス", "受付番号"], ["", "name", "status", "number"]),
        (Service.GENERIC, ["No", "お名前", "所属団体", "人数"], ["", "name", "affiliation", "seats"]),
    ],
    ids=lambda one: one.value if isinstance(one, Service) else "",
)
def test_headings_are_guessed(service, named, expected):
    found = {place: column.value for column, place in columns.guess(service, named).items()}
    assert [found.get(place, "") for place in range(len(named))] == expected


# ---------------------------------------------------------------------------------------------- through the page


@pytest.fixture
def site(tmp_path: Path):
    """The application as it stands behind a server."""
    app = create_app(config_for(tmp_path))
    with app.app_context():
        make_tables()
    with clock.fixed(NOW):
        yield app
    with app.app_context():
        db.engine.dispose()


def uploaded(client, event_id: int, content: bytes, service: str = "connpass") -> str:
    """Send the file; the address of the page with its columns."""
    page = f"/console/events/{event_id}/import/"
    data = {"csrf_token": token_of(client.get(page).text), "service": service, "file": (BytesIO(content), "a.csv")}
    answer = client.post(page, data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location


def chosen(html: str) -> dict[str, str]:
    """What the form on the page would send as it stands."""
    found = dict(re.findall(r'<input type="(?:hidden|radio)" [^>]*?name="(\w+)"[^>]*?value="([^"]*)"', html))
    for name, options in re.findall(r'<select class="ts-input" id="\w+" name="(\w+)"(.*?)</select>', html, re.DOTALL):
        picked = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = picked[1]
    return {name: unescape(value) for name, value in found.items()} | {"tells": "no"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_file_its_columns_a_look_and_the_yes(site: Flask, encoding: str) -> None:
    with site.app_context():
        sitting = a_sitting(capacity=1)
        apply_for(sitting, email="hanako@example.jp")
        event_id = sitting.event_id
    client = signed_in(site, Role.ORGANIZER)
    address = uploaded(client, event_id, CONNPASS.encode(encoding))
    form = client.get(address).text
    assert "倉敷 花子" in form
    check = f"{address.partition('?')[0]}check/?{urlencode(chosen(form))}"
    look = client.get(check)
    assert look.status_code == 200, look.text
    assert "だれにもお知らせしません" in look.text
    with site.app_context():
        assert len(standing()) == 1
    sent = dict(re.findall(r'<input type="hidden"[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', look.text))
    answer = client.post(check.partition("?")[0], data={**sent, "csrf_token": token_of(look.text)})
    assert answer.status_code == 303, answer.text
    assert "3件を取り込みました（キャンセル待ち3件）" in client.get(answer.location).text
    assert client.get(check).status_code == 404
    with site.app_context():
        (channels,) = set(db.session.scalars(sa.select(Registration.channel).where(Registration.id > 1)))
        assert channels.word == "取込み"


def test_a_long_file_is_taken_in_several_presses(site: Flask, monkeypatch) -> None:
    monkeypatch.setattr(registrations_import, "MOST_TAKEN", 2)
    with site.app_context():
        event_id = a_sitting().event_id
    client = signed_in(site, Role.ORGANIZER)
    address = uploaded(client, event_id, CONNPASS.encode())
    look = client.get(f"{address.partition('?')[0]}check/?{urlencode(chosen(client.get(address).text))}")
    for left in (1, 0):
        sent = dict(re.findall(r'<input type="hidden"[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', look.text))
        check = f"{address.partition('?')[0]}check/"
        answer = client.post(check, data={**sent, "csrf_token": token_of(look.text)})
        assert answer.location.startswith(check) is bool(left)
        look = client.get(answer.location)
    with site.app_context():
        assert len(standing()) == 3


def test_without_a_column_for_the_name_nothing_is_shown(site: Flask) -> None:
    with site.app_context():
        event_id = a_sitting().event_id
    client = signed_in(site, Role.ORGANIZER)
    address = uploaded(client, event_id, CONNPASS.encode())
    form = chosen(client.get(address).text)
    for wrong in ({"name": "-"}, {"email": "-", "phone": "-"}, {"name": "99"}):
        answer = client.get(f"{address.partition('?')[0]}check/?{urlencode(form | wrong)}")
        assert answer.status_code == 422
        assert "ts-problem" in answer.text


def test_another_sections_event_and_another_persons_file_are_not_found(site: Flask) -> None:
    with site.app_context():
        mine, other = a_sitting().event_id, a_sitting().event_id
    client = signed_in(site, Role.ORGANIZER)
    address = uploaded(client, mine, CONNPASS.encode())
    assert client.get(address.replace(f"/{mine}/", f"/{other}/")).status_code == 404
    colleague = signed_in(site, Role.ORGANIZER, email="colleague@city.example.jp")
    assert colleague.get(address).status_code == 404
    stranger = signed_in(site, Role.ORGANIZER, email="stranger@city.example.jp", section="広報課")
    assert stranger.get(f"/console/events/{mine}/import/").status_code == 404


def test_the_command_takes_a_file_by_headings_and_only_looks_on_a_dry_run(app, tmp_path: Path) -> None:
    sitting = a_sitting(label="午前の部")
    slug = events.by_id(sitting.event_id).slug
    file = tmp_path / "list.csv"
    file.write_bytes("代表者,連絡先,区分\n倉敷花子,086-426-3107,申込\n,086-426-3108,申込".encode("cp932"))
    words = ["import", "registrations", str(file), "--event", slug, "--map", "name=代表者", "--map", "phone=連絡先"]
    run = app.test_cli_runner().invoke
    with clock.fixed(NOW):
        looked = run(args=[*words, "--dry-run"])
        assert (looked.exit_code, standing()) == (0, []), looked.output
        taken = run(args=words)
        assert "3行目\t氏名が空欄です。" in taken.output
        assert (taken.exit_code, standing()) == (1, [("倉敷花子", "confirmed")])
        assert run(args=[*words[:4], "nothing"]).exit_code == 1
        assert "見出し「なし」がありません" in run(args=[*words, "--map", "kana=なし"]).output
