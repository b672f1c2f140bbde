"""A card's way from a section's desk to the public list, and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.delivery import rendering
from app.delivery.models import OutboundMessage
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.kernel.errors import NotFound
from app.shared_issues import desk, queries, rules, services, sharing
from app.shared_issues.errors import ChangedMeanwhile, Incomplete, NoRemark, NoSource, WrongAddress, WrongState
from app.shared_issues.types import District, Filters, LinkKind, Progress, Stage, Subject, YearFigure
from tests.factories import NOW, ORGANIZER, a_duty, a_unit
from tests.shared_issues.conftest import a_card, a_draft, answer

BY = {"by": ORGANIZER, "now": NOW}


def mails() -> list[tuple[str, str]]:
    """Kind and text of what would be sent now."""
    rows = db.session.scalars(sa.select(OutboundMessage).order_by(OutboundMessage.id)).all()
    return [(row.kind, rendering.render(row.kind, row.payload).text) for row in rows if wanted(row)]


def wanted(row: OutboundMessage) -> bool:
    return rendering.is_wanted(row.kind, row.payload)


def test_a_card_goes_from_its_section_to_the_public_and_each_step_is_told_and_noted(any_app):
    unit = a_unit(name="環境政策課")
    a_duty(unit)
    issue_id = services.begin(unit, a_draft(background=""), **BY)
    with pytest.raises(Incomplete) as refused:
        services.propose(issue_id, **BY)
    assert [one.field for one in refused.value.each] == ["background"]
    services.revise(issue_id, a_draft(), version=1, **BY)
    services.propose(issue_id, **BY)
    with pytest.raises(NotFound):
        queries.public(issue_id)
    desk.return_(issue_id, "だれが困っているかを書いてください。", **BY)
    assert [(kind, "だれが困っているか" in text) for kind, text in mails()] == [("shared_issue.returned", True)]
    services.propose(issue_id, **BY)
    desk.publish(issue_id, **BY)
    desk.publish(issue_id, **BY)
    public = queries.public(issue_id)
    assert (public.unit.name, public.remark, public.published_at) == ("環境政策課", "", NOW)
    # The mail about the return makes no sense any more.
    assert [kind for kind, _ in mails()] == ["shared_issue.published"]
    noted = db.session.scalars(sa.select(AuditEntry.action).filter_by(object_type="shared_issue").order_by("id"))
    assert [action.partition(".")[2] for action in noted] == [
        "begun", "revised", "proposed", "returned", "proposed", "published"
    ]  # fmt: skip


def test_who_read_an_older_text_overwrites_nothing(any_app):
    issue_id = a_card(a_unit(), Stage.DRAFT)
    services.revise(issue_id, a_draft(title="先の題名"), version=1, **BY)
    with pytest.raises(ChangedMeanwhile):
        services.revise(issue_id, a_draft(title="後の題名"), version=1, **BY)
    assert queries.one(issue_id).title == "先の題名"


@pytest.mark.usefixtures("app")
def test_what_does_not_follow_from_where_a_card_is_is_refused():
    unit = a_unit()
    draft, proposed, public = (a_card(unit, stage) for stage in (Stage.DRAFT, Stage.PROPOSED, Stage.PUBLISHED))
    for step in (
        lambda: services.propose(proposed, **BY),
        lambda: services.revise(public, a_draft(), version=3, **BY),
        lambda: services.withdraw(draft, **BY),
        lambda: services.move_on(proposed, Progress.ENDED, **BY),
        lambda: services.discard(public, **BY),
        lambda: desk.publish(draft, **BY),
        lambda: desk.return_(draft, "理由", **BY),
    ):
        with pytest.raises(WrongState):
            step()
    with pytest.raises(NoRemark):
        desk.return_(public, "", **BY)
    with pytest.raises(Incomplete):
        desk.correct(public, a_draft(background="3人に1人"), version=3, **BY)
    services.discard(draft, **BY)
    with pytest.raises(NotFound):
        queries.one(draft)


@pytest.mark.usefixtures("app")
def test_a_card_that_was_public_goes_back_out_of_sight_and_stays_as_a_record():
    issue_id = a_card(a_unit())
    answer(issue_id)
    desk.return_(issue_id, "出典が古くなりました。", by=ORGANIZER, now=NOW + timedelta(days=1))
    with pytest.raises(NotFound):
        queries.public(issue_id)
    with pytest.raises(WrongState):
        services.discard(issue_id, **BY)
    services.propose(issue_id, **BY)
    desk.publish(issue_id, by=ORGANIZER, now=NOW + timedelta(days=9))
    assert queries.public(issue_id).published_at == NOW


@given(st.text(max_size=40), st.sampled_from([*"0９８７", "１２", "③", "५"]), st.text(max_size=40))
def test_a_figure_in_any_width_needs_its_source(before, figure, after):
    told = a_draft(background=before + figure + after)
    assert [one.field for one in rules.missing(told)] == ["source"]
    assert rules.missing(replace(told, source="市のアンケート（令和7年度）")) == []


@pytest.mark.usefixtures("app")
def test_the_list_is_narrowed_down_by_everything_that_the_address_may_ask():
    first, second = a_unit(name="環境政策課"), a_unit(name="国際課")
    waste = a_card(first)
    a_card(first, Stage.PROPOSED, title="まだ公開していない")
    words = a_card(
        second,
        title="ことばの壁",
        background="伝わらない。",
        subject=Subject.RIGHTS,
        district=District.MIZUSHIMA,
        now=NOW + timedelta(1),
    )
    services.move_on(words, Progress.CONSIDERING, **BY)

    def found(**asked: object) -> list[int]:
        return [row.id for row in queries.listing(Filters(stage=Stage.PUBLISHED, **asked)).rows]

    assert found() == [words, waste]
    assert found(subject=Subject.RIGHTS) == found(district=District.MIZUSHIMA) == found(word="コトバ") == [words]
    assert found(progress=Progress.SEEKING) == found(word="集積所 坂") == [waste]
    assert found(word="まだ公開") == []
    assert [row.stage for row in queries.listing(Filters(without=Stage.PUBLISHED)).rows] == [Stage.PROPOSED]


@pytest.mark.usefixtures("app")
def test_a_card_remembers_what_it_became_and_where_else_it_stands():
    issue_id = a_card(a_unit())
    desk.link(issue_id, LinkKind.EVENT, "ごみ出し支援の講座", "/events/2026-waste/", **BY)
    desk.link(issue_id, LinkKind.THEME, "提案のテーマ", "/events/2026-waste/", **BY)
    desk.note_posted(issue_id, "https://share.example.jp/1/", date(2026, 6, 2), **BY)
    issue = queries.public(issue_id)
    assert [(link.kind, link.title) for link in issue.links] == [(LinkKind.THEME, "提案のテーマ")]
    text = sharing.as_text(issue, "https://tsudoi.example.jp/issues/1/")
    assert text.startswith("ごみ出しに困る高齢者\n\n分野：環境・ごみ\n地区：児島")
    assert "■困っている人\n一人暮らしの高齢者" in text
    assert dict(zip(sharing.COLUMNS, sharing.cells(issue, "x"), strict=True))["掲載日"] == "2026-06-02"
    desk.unlink(issue_id, issue.links[0].id, **BY)
    desk.note_posted(issue_id, "", None, **BY)
    issue = queries.public(issue_id)
    assert (issue.links, issue.posted_url, issue.posted_on) == ((), "", None)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//elsewhere.example.jp/", "http://x.jp/", "https://a@b.jp/", "/a b"]
)
def test_a_link_leads_to_this_service_or_to_an_https_address(url):
    with pytest.raises(WrongAddress):
        rules.checked_url(url)


def test_a_year_is_counted_or_has_the_figure_that_was_typed_with_its_source(any_app):
    unit = a_unit()
    for moment in (datetime(2026, 3, 31, 14, 59, tzinfo=UTC), datetime(2026, 3, 31, 15, 0, tzinfo=UTC), NOW):
        a_card(unit, now=moment)
    desk.return_(a_card(unit), "取り下げます。", **BY)
    with pytest.raises(NoSource):
        desk.type_figure(YearFigure(2016, 31), **BY)
    desk.type_figure(YearFigure(2016, 30, "平成28年度 協働推進レポート"), **BY)
    desk.type_figure(YearFigure(2016, 31, "平成28年度 協働推進レポート"), **BY)
    typed = YearFigure(2016, 31, "平成28年度 協働推進レポート")
    assert [queries.published_in(year) for year in (2025, 2026)] == [YearFigure(2025, 1), YearFigure(2026, 2)]
    assert queries.published_in(2016) == typed
    assert queries.figures() == [YearFigure(2026, 2), YearFigure(2025, 1), typed]
    desk.drop_figure(2016, **BY)
    assert queries.published_in(2016) == YearFigure(2016, 0)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12), st.integers(0, 9))
def test_whoever_took_over_the_work_has_its_cards(successions, unit):
    reached = rules.with_predecessors([unit], successions)
    later: set[int] = {unit}
    for old, new in reversed(successions):
        later |= {old} if new in later else set()
    assert reached == later
