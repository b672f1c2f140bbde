"""Figures out of courses, surveys, shared issues and proposals, against queries that know nothing of those rooms."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.documents.article import Heading, Listing, Table
from app.events.types import Audience, EventStatus
from app.infra.db import db
from app.model_projects import services as model_projects
from app.model_projects.types import ThemeDraft
from app.proposals import deciding, screening
from app.proposals import services as proposals
from app.proposals.screening_types import DecisionDraft, Outcome
from app.proposals.types import CourseFigure, CourseKind, ProposalState
from app.reports import figures, queries, services
from app.reports.gathering import Year
from app.shared_issues import desk
from app.shared_issues.types import Stage, YearFigure
from app.surveys import organizing
from tests.elearning.courses import a_course, complete, page, somebody
from tests.factories import NOW, ORGANIZER, a_sitting, a_unit, an_event
from tests.proposals.groups import CITIZENS, a_proposal
from tests.proposals.panel import a_round, give, the_criteria, the_reviewers
from tests.proposals.programmes import a_programme
from tests.shared_issues.conftest import a_card
from tests.staff import SECTION
from tests.surveys.build import a_project, a_survey, an_answer

_years = itertools.count(2026)
QUERIES = {
    "elearning_units": """
        SELECT COUNT(*) FROM course_unit JOIN course_version ON course_version.id = course_unit.version_id
        JOIN course ON course.id = course_version.course_id
        WHERE course.fiscal_year = :year AND course_version.published_at IS NOT NULL
    """,
    "elearning_done": """
        SELECT COUNT(*) FROM course_completion JOIN course ON course.id = course_completion.course_id
        WHERE course.fiscal_year = :year
    """,
    "issues": """
        SELECT COUNT(*) FROM shared_issue WHERE stage = 'published'
        AND published_at >= :first AND published_at < :after
    """,
    "proposals_citizen": """
        SELECT COUNT(*) FROM proposal JOIN proposal_course ON proposal_course.id = proposal.course_id
        JOIN proposal_programme ON proposal_programme.id = proposal_course.programme_id
        WHERE proposal_programme.fiscal_year = :year + 1 AND proposal_course.kind = 'citizen_theme'
        AND proposal.state IN ('submitted', 'checked')
    """,
}


def told(year: int, now: datetime) -> dict[str, int | None]:
    return {key: one.value for (_year, key), one in figures.of_years([year], SECTION, now=now).items()}


def asked(year: int) -> dict[str, int]:
    # March ends in Japan nine hours before it does in Greenwich.
    moments = {"first": datetime(year, 3, 31, 15), "after": datetime(year + 1, 3, 31, 15)}
    found = {}
    for key, query in QUERIES.items():
        own = {name: value for name, value in {"year": year, **moments}.items() if f":{name}" in query}
        times = [sa.bindparam(name, type_=sa.DateTime()) for name in own if name in moments]
        found[key] = db.session.scalar(sa.text(query).bindparams(*times), own)
    return found


@settings(max_examples=4, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    units=st.integers(1, 3),
    done=st.integers(0, 2),
    stages=st.lists(st.sampled_from([Stage.DRAFT, Stage.PROPOSED, Stage.PUBLISHED]), min_size=1, max_size=3),
    states=st.lists(st.sampled_from([ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.CHECKED]), max_size=2),
    counts=st.lists(st.booleans(), min_size=1, max_size=3),
)
def test_each_figure_equals_an_independent_query(any_app, units, done, stages, states, counts):
    year = next(_years)
    june, end = datetime(year, 6, 2, 3, tzinfo=UTC), datetime(year + 1, 3, 1, tzinfo=UTC)
    course = a_course(*(page(f"単元{n}") for n in range(units)), year=year)
    for _ in range(done):
        complete(course, somebody())
    section = a_unit(year=year)
    for stage in stages:
        a_card(section, stage, now=june)
    programme = a_programme(year=year + 1, opens_on=date(year, 6, 1), now=june)
    for state in states:
        a_proposal(programme, state, now=june)
    survey = a_survey(year=year)
    rows = [a_project(f"事業{n}", stage="planning" if counted else "doing") for n, counted in enumerate(counts)]
    an_answer(survey, section, *rows)
    assert told(year, end)["collaborations"] is None
    organizing.close(survey, by=ORGANIZER, now=june)
    found, wanted = told(year, end), asked(year)
    assert {key: found[key] or 0 for key in wanted} == wanted
    assert (found["collaborations"] or 0) == sum(counts)
    assert told(year, june)["proposals_citizen"] is None
    assert (found["proposals_citizen"], found["proposals_city"]) == (wanted["proposals_citizen"], 0)


def test_what_those_rooms_were_told_stands_with_its_source(app):
    now = datetime(2026, 6, 1, tzinfo=UTC)
    desk.type_figure(YearFigure(2016, 31, "シェアウェブの記録"), by=ORGANIZER, now=now)
    organizing.set_figures([(2016, 205, "調査の記録")], by=ORGANIZER, now=now)
    applied = CourseFigure(2017, CITIZENS, CourseKind.CITIZEN_THEME, 1, None, "募集の記録")
    proposals.remember_figure(applied, by=ORGANIZER, now=now)
    known = figures.of_years([2016], SECTION, now=now)
    assert {key: (one.value, one.source) for (_year, key), one in known.items() if one.value is not None} == {
        "issues": (31, "シェアウェブの記録"),
        "collaborations": (205, "調査の記録"),
        "proposals_citizen": (1, "募集の記録"),
    }
    (line,) = figures.lines("proposals_citizen", Year(2016, SECTION, now))
    assert (line.label, line.amount, line.about) == (CITIZENS, 1, None)


def test_themes_of_a_model_project_and_titles_of_courses_and_issues_are_told(app):
    now = datetime(2026, 12, 1, tzinfo=UTC)
    event = an_event(audience=Audience.BOTH, status=EventStatus.FINISHED, section=SECTION)
    a_sitting(event, starts_at=now - timedelta(days=9))
    model_projects.set_up(event.id, by=ORGANIZER, now=now)
    themes = [ThemeDraft(None, "子どもの防災", "見本の会", "保育課", 0), ThemeDraft(None, "若者", "", "", 0)]
    model_projects.save_themes(event.id, themes, 6, by=ORGANIZER, now=now)
    a_course(page("背景を学ぶ"))
    a_card(a_unit(), title="ごみ出しの手伝い")
    services.begin(2026, section=SECTION, publisher=SECTION, by=ORGANIZER, now=now)
    blocks = queries.article(queries.of_year(2026), now=now).blocks
    listed = [item.full for block in blocks if isinstance(block, Listing) for item in block.items]
    assert listed == [
        "背景を学ぶ",
        "ごみ出しの手伝い",
        "（ア）　テーマ：子どもの防災（活動報告：見本の会　関係課：保育課）",
        "（イ）　テーマ：若者",
    ]
    headings = [block.full for block in blocks if isinstance(block, Heading)]
    assert headings[:4] == ["1　一年の取組", "（1）　職員の取組", "ア　Eラーニングによる研修", "イ　地域課題の共有"]
    assert headings[4] == "（2）　課題解決モデル事業"


def test_adopted_projects_are_told_as_residents_see_them(app):
    programme = a_programme(year=2026)
    groups = [a_proposal(programme, group_name=name)[0].id for name in ("採択の会", "条件の会", "不採択の会")]
    criteria, (reviewer,) = the_criteria(programme), the_reviewers(programme, 1)
    papers = a_round(programme, groups)
    for number in groups:
        give(reviewer[1], papers, number, criteria, 3, 3)
    screening.close_round(papers, anyway=False, by=ORGANIZER, now=NOW)
    outcomes = ((Outcome.ADOPTED, 80_000, ""), (Outcome.CONDITIONAL, 1_000, "保険"), (Outcome.DECLINED, 0, ""))
    for number, (outcome, amount, conditions) in zip(groups, outcomes, strict=True):
        draft = DecisionDraft(outcome, amount, conditions, "内々の理由")
        deciding.decide(number, draft, by=ORGANIZER, now=NOW)

    def tables(year: int) -> list[Table]:
        report = queries.of_year(year)
        return [block for block in queries.article(report, now=NOW).blocks if isinstance(block, Table)]

    for year in (2025, 2026):
        services.begin(year, section=SECTION, publisher=SECTION, by=ORGANIZER, now=NOW)
    assert [tables(year) for year in (2025, 2026)] == [[], []]
    deciding.tell(programme.id, by=ORGANIZER, now=NOW)
    rows = (("地域食堂", "採択の会", CITIZENS, "80,000円"), ("地域食堂", "条件の会", CITIZENS, "1,000円"))
    for year in (2025, 2026):
        told = next(one for one in tables(year) if one.caption == "令和8年度に行う事業として採択したもの")
        assert told.rows == rows
