from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import queries, services
from app.accounts.errors import EmailTaken, LastAdministrator, NotAHelper, SectionMissing, WrongEmail
from app.accounts.permissions import Role
from app.accounts.types import NewPerson, StaffRow
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.errors import NotFound
from app.kernel.types import SYSTEM
from tests.factories import NOW, a_sitting, an_event
from tests.staff import PASSWORD, SECTION, a_person, post, sign_in, signed_in

ADMIN = StaffRow(1, "管理 者", "admin@city.example.jp", Role.ADMIN, "")


def make(email: str = "hanako@city.example.jp", role: Role = Role.HELPER, section: str = SECTION) -> int:
    return services.create_user(NewPerson(email, "倉敷 花子", role, section), PASSWORD, by=SYSTEM, now=NOW)[0]


def test_an_administrator_registers_somebody_who_then_chooses_a_password(site: Flask) -> None:
    admin = signed_in(site, Role.ADMIN)
    page = post(
        admin, "/console/people/new/", name="高橋 﨑子", email="Saki@City.example.jp", role="organizer", section=SECTION
    )
    one_time = re.search(r'id="one-time-password">([^<]+)<', page.text)[1]
    assert "高橋　﨑子" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    answer = sign_in(site.test_client(), "saki@city.example.jp", one_time)
    assert answer.location == "/my/password/"


def test_what_is_missing_is_said_at_its_field(site: Flask) -> None:
    admin = signed_in(site, Role.ADMIN)
    page = post(admin, "/console/people/new/", name="", email="x@", role="organizer", section=SECTION)
    assert page.status_code == 422
    assert "「氏名」を入力してください。" in page.text
    page = post(admin, "/console/people/new/", name="名前", email="x@example.jp", role="organizer", section="")
    assert "担当者には所属が必要です。" in page.text


def test_an_address_belongs_to_one_account(any_app: Flask) -> None:
    make()
    with pytest.raises(EmailTaken):
        make("HANAKO@city.example.jp")


@pytest.mark.parametrize("email", ["", "x", "a@b", "a b@c.jp", "a@b@c.jp", "x" * 250 + "@b.jp"])
def test_what_cannot_be_an_address_is_refused(app: Flask, email: str) -> None:
    with pytest.raises(WrongEmail):
        make(email)


def test_a_role_that_works_for_a_section_needs_one(app: Flask) -> None:
    with pytest.raises(SectionMissing):
        make(role=Role.ORGANIZER, section="")


def test_the_last_administrator_stays(any_app: Flask) -> None:
    first = make("a@city.example.jp", Role.ADMIN, "")
    with pytest.raises(LastAdministrator):
        services.disable(first, by=SYSTEM, now=NOW)
    with pytest.raises(LastAdministrator):
        services.set_role(first, Role.AUDITOR, "", by=SYSTEM, now=NOW)
    make("b@city.example.jp", Role.ADMIN, "")
    services.disable(first, by=SYSTEM, now=NOW)


def test_only_helpers_are_bound_to_events(any_app: Flask) -> None:
    event = an_event()
    with pytest.raises(NotAHelper):
        services.bind_helper(make(role=Role.ORGANIZER), event.id, by=SYSTEM, now=NOW)


def test_a_helper_bound_twice_is_bound_once_and_a_new_role_ends_it(any_app: Flask) -> None:
    event_id, user_id = an_event().id, make()
    for _ in range(2):
        services.bind_helper(user_id, event_id, by=SYSTEM, now=NOW)
    assert queries.person(user_id, seen_by=ADMIN).helps == (event_id,)
    assert [person.id for person in queries.helpers_of(event_id)] == [user_id]
    services.set_role(user_id, Role.ORGANIZER, SECTION, by=SYSTEM, now=NOW)
    assert queries.person(user_id, seen_by=ADMIN).helps == ()


def test_an_organizer_sees_and_makes_only_the_helpers_of_the_own_section(site: Flask) -> None:
    others = [
        a_person(site, Role.HELPER, email="own@city.example.jp"),
        a_person(site, Role.HELPER, email="far@city.example.jp", section="生涯学習課"),
        a_person(site, Role.MANAGER, email="boss@city.example.jp"),
    ]
    organizer = signed_in(site, Role.ORGANIZER)
    page = organizer.get("/console/people/").text
    assert "own@city" in page
    assert "far@city" not in page
    assert "boss@city" not in page
    codes = [organizer.get(f"/console/people/{user_id}/").status_code for user_id in (*others, 9999)]
    assert codes == [200, 404, 404, 404]
    for role, section in (("admin", ""), ("organizer", SECTION), ("helper", "生涯学習課")):
        fields = {"name": "某", "email": f"{role}-new@city.example.jp", "role": role, "section": section}
        assert post(organizer, "/console/people/new/", **fields).status_code in {404, 422}
    page = f"/console/people/{others[0]}/"
    assert post(organizer, page, f"{page}role/", role="admin", section="").status_code == 422
    assert post(organizer, page, f"{page}role/", role="helper", section="生涯学習課").status_code == 404


def test_unknown_and_forbidden_people_look_the_same(site: Flask) -> None:
    far = a_person(site, Role.HELPER, email="far@city.example.jp", section="生涯学習課")
    organizer = signed_in(site, Role.ORGANIZER)

    def told(user_id: int) -> str:
        text = organizer.get(f"/console/people/{user_id}/").text
        return re.sub(r'nonce="[^"]+"|<code id="incident">\w+</code>', "", text)

    assert told(far) == told(4711)


def test_an_organizer_binds_a_helper_to_an_event_of_the_section(site: Flask) -> None:
    with site.app_context():
        own = a_sitting(an_event(section=SECTION), starts_at=clock.now()).event_id
        other = a_sitting(an_event(section="生涯学習課"), starts_at=clock.now()).event_id
    helper = a_person(site, Role.HELPER)
    organizer = signed_in(site, Role.ORGANIZER)
    page = f"/console/people/{helper}/"
    assert post(organizer, page, f"{page}events/", event=other).status_code == 422
    assert post(organizer, page, f"{page}events/", event=own).status_code == 303
    with site.app_context():
        assert queries.person(helper, seen_by=ADMIN).helps == (own,)
    post(organizer, page, f"{page}events/{own}/remove/")
    with site.app_context():
        assert queries.person(helper, seen_by=ADMIN).helps == ()


@pytest.mark.parametrize("role", [Role.HELPER, Role.AUDITOR])
def test_others_have_no_people_page(site: Flask, role: Role) -> None:
    assert signed_in(site, role).get("/console/people/").status_code == 403


def test_a_forgotten_password_is_replaced_by_a_one_time_password_shown_once(site: Flask) -> None:
    helper = a_person(site, Role.HELPER)
    admin = signed_in(site, Role.ADMIN)
    page = f"/console/people/{helper}/"
    shown = post(admin, page, f"{page}one-time-password/")
    one_time = re.search(r'id="one-time-password">([^<]+)<', shown.text)[1]
    assert one_time not in admin.get(page).text
    assert sign_in(site.test_client(), "helper@city.example.jp").status_code == 422
    assert sign_in(site.test_client(), "helper@city.example.jp", one_time).location == "/my/password/"


def test_disabling_and_enabling_through_the_page(site: Flask) -> None:
    helper = a_person(site, Role.HELPER)
    admin = signed_in(site, Role.ADMIN)
    page = f"/console/people/{helper}/"
    assert "停止中" in admin.get(post(admin, page, f"{page}disable/").location).text
    assert sign_in(site.test_client(), "helper@city.example.jp").status_code == 422
    post(admin, page, f"{page}enable/")
    assert sign_in(site.test_client(), "helper@city.example.jp").status_code == 303


def test_each_change_of_an_account_is_recorded_once_and_without_values(any_app: Flask) -> None:
    user_id = make(role=Role.ORGANIZER)
    for _ in range(2):
        services.set_role(user_id, Role.MANAGER, SECTION, by=SYSTEM, now=NOW)
        services.disable(user_id, by=SYSTEM, now=NOW)
        services.enable(user_id, by=SYSTEM, now=NOW)
        services.set_role(user_id, Role.ORGANIZER, SECTION, by=SYSTEM, now=NOW)
    rows = db.session.execute(sa.select(AuditEntry.action, AuditEntry.fields).order_by(AuditEntry.id)).all()
    assert rows[0] == ("user.created", "email name role section")
    round_ = [
        ("user.role_changed", "role"),
        ("user.disabled", "active"),
        ("user.enabled", "active"),
        ("user.role_changed", "role"),
    ]
    assert rows[1:] == round_ * 2


def test_searching_finds_part_of_a_name_and_signs_mean_themselves(app: Flask) -> None:
    make()
    assert queries.people(seen_by=ADMIN, word="花").total == 1
    assert queries.people(seen_by=ADMIN, word="HANAKO@").total == 1
    assert queries.people(seen_by=ADMIN, word="%").total == 0
    assert queries.people(seen_by=ADMIN, word="_").total == 0


def test_the_list_takes_the_same_number_of_statements_however_long_it_is(app: Flask) -> None:
    def statements() -> int:
        seen: list[str] = []
        listener = lambda _c, _cursor, statement, *_: seen.append(statement)  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", listener)
        queries.people(seen_by=ADMIN)
        sa.event.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    event_id = an_event().id
    services.bind_helper(make(), event_id, by=SYSTEM, now=NOW)
    few = statements()
    for n in range(5):
        services.bind_helper(make(f"h{n}@city.example.jp"), event_id, by=SYSTEM, now=NOW)
    assert statements() == few


def test_an_unknown_account_cannot_be_changed(app: Flask) -> None:
    with pytest.raises(NotFound):
        services.disable(4711, by=SYSTEM, now=NOW)
