"""A programme of a year: copied, published, its themes called for, its figures counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.accounts.models import User
from app.accounts.permissions import Role
from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.demo.basis import facts
from app.infra.db import db
from app.kernel.errors import NotFound
from app.org import services as org
from app.proposals import queries, services, themes
from app.proposals.errors import CourseTaken, FigureKnown, WrongDates, WrongState, YearTaken
from app.proposals.types import CourseDetails, CourseFigure, CourseKind, ThemeDraft, ThemeState
from tests.factories import NOW, ORGANIZER, a_duty, a_member, a_sitting, a_unit, an_event
from tests.proposals.programmes import YEAR, a_programme, details_of
from tests.staff import SECTION, at, post, signed_in

DRAFT = ThemeDraft("空き家の相談", "相談が遅くなりがちです。", "早めに話せる場", "会場の提供")


def test_next_year_s_programme_is_this_year_s_with_each_day_on_the_same_weekday_a_year_later(any_app):
    first = a_programme()
    services.change_course(
        first.id, first.courses[0].id, replace_course(first.courses[0], ceiling=200_000), by=ORGANIZER, now=NOW
    )
    later = queries.programme(services.begin(YEAR + 1, SECTION, by=ORGANIZER, now=NOW))
    assert [(one.name, one.ceiling, one.rate, one.years) for one in later.courses] == [
        (one.name, 200_000 if one.name == "新規チャレンジコース" else one.ceiling, one.rate, one.years)
        for one in first.courses
    ]
    for name in queries.DAYS:
        old, new = getattr(first.dates, name), getattr(later.dates, name)
        assert new.weekday() == old.weekday()
        assert abs((new - old).days - 365) <= 4
    assert later.published_at is None
    with pytest.raises(YearTaken):
        services.begin(YEAR + 1, SECTION, by=ORGANIZER, now=NOW)


def replace_course(course, **changes):
    values = {name: getattr(course, name) for name in ("kind", "name", "ceiling", "rate", "years", "who")}
    return CourseDetails(**{**values, **changes})


def test_days_follow_one_another_and_courses_have_names_of_their_own(any_app):
    row = a_programme()
    dates = replace(row.dates, closes_on=row.dates.opens_on - timedelta(days=1))
    with pytest.raises(WrongDates) as refusal:
        services.edit(row.id, replace(details_of(row), dates=dates), by=ORGANIZER, now=NOW)
    assert refusal.value.field == "closes_on"
    twice = replace_course(row.courses[0], name=row.courses[1].name)
    with pytest.raises(CourseTaken):
        services.change_course(row.id, row.courses[0].id, twice, by=ORGANIZER, now=NOW)


def test_a_theme_goes_from_the_section_to_the_public_page(app):
    row = a_programme(themes_due_on=date(2026, 6, 1))
    unit = a_unit(name="住宅課")
    first = themes.hand_in(row.id, unit, DRAFT, by=ORGANIZER, now=NOW)
    second = themes.hand_in(row.id, unit, replace(DRAFT, title="花壇"), by=ORGANIZER, now=NOW)
    themes.accept(first, by=ORGANIZER, now=NOW)
    themes.return_(second, "場所を書いてください。", by=ORGANIZER, now=NOW)
    client = app.test_client()
    with at():
        assert "空き家の相談" not in client.get(f"/proposals/{YEAR}/").text
        themes.publish(row.id, by=ORGANIZER, now=NOW)
        page = client.get(f"/proposals/{YEAR}/").text
    assert "空き家の相談" in page
    assert "住宅課" in page
    assert "花壇" not in page
    with pytest.raises(WrongState):
        themes.hand_in(row.id, unit, DRAFT, by=ORGANIZER, now=NOW)
    with pytest.raises(WrongState):
        themes.return_(first, "もう一度", by=ORGANIZER, now=NOW)
    # What came back may still be put right, and is public as soon as it is accepted.
    themes.change(second, replace(DRAFT, title="中央公園の花壇"), by=ORGANIZER, now=NOW)
    themes.accept(second, by=ORGANIZER, now=NOW)
    assert [one.draft.title for one in queries.accepted_themes(row.id)] == ["空き家の相談", "中央公園の花壇"]


def test_the_promoters_of_the_section_are_told_and_who_has_no_address_is_named(site):
    client = signed_in(site, Role.ORGANIZER)
    with site.app_context():
        row = a_programme(themes_due_on=date(2026, 6, 1))
        unit = a_unit(name="住宅課")
        a_duty(unit, a_member(name="倉敷　花子").id)
        park = a_unit(name="公園課")
        a_duty(park, a_member(name="玉島　一郎", email=None).id)
        units = (unit, park, a_unit(name="道路課"))
        theme, called, alone = (themes.hand_in(row.id, one, DRAFT, by=ORGANIZER, now=NOW) for one in units)
    page = f"/console/proposals/themes/{theme}/"
    assert post(client, page, f"{page}return/", remark="<場所>を書いてください。").status_code == 303
    for number, said in (
        (theme, "倉敷　花子　採用と差戻しを、メールで"),
        (called, "玉島　一郎　メールアドレスがないため、電話で"),
        (alone, "道路課の協働推進員は登録されていません。"),
    ):
        assert said in client.get(f"/console/proposals/themes/{number}/").text
    with site.app_context():
        (back,) = mails("proposal_theme.returned")
        told = rendering.render(back.kind, back.payload)
        assert (back.to_name, told.subject) == ("倉敷　花子", f"【差戻し】{row.title}のテーマ（住宅課）")
        assert f"/my/themes/{theme}/" in told.text
        assert "<場所>を書いてください。" in told.text
        assert "&lt;場所&gt;" in told.html
        themes.change(theme, DRAFT, by=ORGANIZER, now=NOW)
        for number in (theme, called, alone):
            themes.accept(number, by=ORGANIZER, now=NOW)
        # What was overtaken meanwhile is not sent any more.
        assert not rendering.is_wanted(back.kind, back.payload)
        (taken,) = mails("proposal_theme.accepted")
        assert "採用しました" in rendering.render(taken.kind, taken.payload).text


def mails(kind):
    return db.session.query(OutboundMessage).filter_by(kind=kind).all()


def test_a_section_writes_and_withdraws_its_own_themes_and_sees_no_others(site):
    client = signed_in(site, Role.MEMBER)
    with site.app_context():
        row = a_programme(themes_due_on=date(2026, 6, 1))
        own, other = a_unit(name="住宅課"), a_unit(name="公園課")
        theirs = themes.hand_in(row.id, other, DRAFT, by=ORGANIZER, now=NOW)
        member = db.session.query(User).filter_by(role=Role.MEMBER).one().staff_member_id
        org.post(member, own, date(2026, 4, 1), by=ORGANIZER, now=NOW)
    new = f"/my/themes/new/{row.id}/"
    wrong = post(client, new, title="", background="あ", wish="い", offer="う")
    assert wrong.status_code == 422
    assert "「テーマ」を入力してください。" in wrong.text
    assert post(client, new, title="<b>空き家", background="あ", wish="い", offer="う").status_code == 303
    with site.app_context():
        (theme,) = queries.themes_of_unit(own)
    assert "&lt;b&gt;空き家" in client.get("/my/themes/").text
    assert client.get(f"/my/themes/{theirs}/").status_code == 404
    page = f"/my/themes/{theme.id}/"
    assert post(client, page, f"{page}withdraw/").status_code == 303
    assert post(client, new, f"/my/themes/{theirs}/withdraw/").status_code == 404
    with site.app_context():
        assert queries.theme(theme.id).state is ThemeState.WITHDRAWN
        assert queries.theme(theirs).state is ThemeState.SUBMITTED


def test_the_organizer_makes_a_programme_from_the_first_page_to_the_public_one(site):
    client = signed_in(site)
    with site.app_context():
        event = an_event(title="提案事業の説明会")
        a_sitting(event)
        briefing, slug = str(event.id), event.slug
    made = post(client, "/console/proposals/new/", year=str(YEAR))
    assert made.status_code == 303
    edit = made.location
    with site.app_context():
        row = queries.programmes(SECTION)[0]
    days = {name: str(getattr(row.dates, name)) for name in queries.DAYS}
    words = {"title": "市民企画提案事業", "lead": "案内です。", "eligible": "直接の費用", "contact": "担当課"}
    wrong = post(client, edit, **words, **{**days, "closes_on": "2026-10-01"}, briefing=briefing)
    assert wrong.status_code == 422
    assert "「申請の締切」は、「申請の受付開始」以後の日にしてください。" in wrong.text
    assert post(client, edit, **words, **days, briefing=briefing).status_code == 303
    course = f"/console/proposals/{row.id}/courses/new/"
    bounds = {"name": "若者コース", "kind": "other", "ceiling": "１００，０００円", "rate": "120", "years": "1"}
    assert "1から100までの数字" in post(client, course, **bounds).text
    assert post(client, course, **{**bounds, "rate": "100"}).status_code == 303
    assert site.test_client().get(f"/proposals/{YEAR}/").status_code == 404
    here = f"/console/proposals/{row.id}/"
    assert post(client, here, f"{here}publish/").status_code == 303
    page = site.test_client().get(f"/proposals/{YEAR}/").text
    assert "若者コース" in page
    assert "100,000円" in page
    assert f"/events/{slug}/" in page
    assert client.get(f"{here}courses/").status_code == 200


def test_another_section_s_programme_looks_missing(site):
    client = signed_in(site, email="park@city.example.jp", section="公園課")
    with site.app_context():
        row = a_programme()
    for page in ("", "edit/", "courses/", "themes/"):
        assert client.get(f"/console/proposals/{row.id}/{page}").status_code == 404


def test_figures_of_a_year_without_a_programme_are_those_that_were_typed_with_their_source(any_app):
    known = facts()["proposal_programme"]
    kinds = (CourseKind.CITY_THEME, CourseKind.CITIZEN_THEME)
    for course, kind in zip(known["courses"], kinds, strict=True):
        figure = CourseFigure(known["for_fiscal_year"], course["name"], kind, course["applications"], None, "報告書")
        services.remember_figure(figure, by=ORGANIZER, now=NOW)
    found = queries.figures(2017)
    assert [(one.course, one.applications, one.source) for one in found] == [
        ("行政提案コース", 7, "報告書"),
        ("市民提案コース", 1, "報告書"),
    ]
    with pytest.raises(FigureKnown):
        services.remember_figure(found[0], by=ORGANIZER, now=NOW)
    a_programme()
    with pytest.raises(FigureKnown):
        services.remember_figure(replace(found[0], fiscal_year=YEAR), by=ORGANIZER, now=NOW)
    assert [one.applications for one in queries.figures(YEAR)] == [0, 0, 0, 0]


def test_a_programme_that_is_not_there_is_not_found(app):
    with pytest.raises(NotFound):
        queries.programme(99)
    assert app.test_client().get("/proposals/2031/").status_code == 404
