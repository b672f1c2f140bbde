"""What each figure is called and how it is counted, in the order of the report. How is done in figures.py."""

from __future__ import annotations

from collections.abc import Mapping

from app.reports.types import Definition

ORG, EVENTS, ATTENDANCE, MANDATED = "組織と担当の記録", "研修会・講座の記録", "出欠の記録", "必修研修の記録"
COURSES, ISSUES, PROPOSALS = "Eラーニングの記録", "地域課題の記録", "市民企画提案事業の記録"
SURVEY = "協働環境調査の回答"

_ON_THE_LAST_DAY = "年度の最後の日（年度の途中では、その日）に{}である職員の数です。"
_HELD = "中止したものを除き、終わった回を数えます。午前と午後など、二つに分けて開いたものは二回です。"
_CAME = "出欠を記録した回の参加者の合計です。同じ人が二つの回に来たときは、二人と数えます。"
_APPLIED = "翌年度に行う事業として応募のあった数です。募集が終わってから数えます。"

DEFINITIONS = (
    Definition(
        "collaborations",
        "企画段階から市民と協働している事業",
        "事業",
        "終わった協働環境調査で、企画の段階から市民などと協働していると答えた事業の数です。",
        SURVEY,
    ),
    Definition("coordinators", "協働調整員", "人", _ON_THE_LAST_DAY.format("協働調整員"), ORG),
    Definition("promoters", "協働推進員", "人", _ON_THE_LAST_DAY.format("協働推進員"), ORG),
    Definition("training_sittings", "職員研修の開催", "回", _HELD, EVENTS),
    Definition("training_attended", "職員研修の参加者（延べ）", "人", _CAME, ATTENDANCE),
    Definition("mandated_bound", "必修研修の対象者（延べ）", "人", "必修研修ごとの対象者の合計です。", MANDATED),
    Definition(
        "mandated_done",
        "必修研修を終えた人（延べ）",
        "人",
        "必修研修ごとに、免除の人を含めて、することが残っていない人の合計です。",
        MANDATED,
    ),
    Definition("elearning_units", "Eラーニングの単元", "単元", "年度に公開した教材の単元の数です。", COURSES),
    Definition(
        "elearning_done", "Eラーニングを終えた職員（延べ）", "人", "教材ごとに、終えた職員の合計です。", COURSES
    ),
    Definition(
        "worksheets",
        "棚卸シートを受理した課・室",
        "課・室",
        "年度の様式ごとに、受理したシートを数えます。",
        "棚卸シートの記録",
    ),
    Definition(
        "issues", "共有した地域課題", "件", "年度にはじめて公開し、いまも公開している地域課題の数です。", ISSUES
    ),
    Definition("workshops", "地域向け研修の開催", "回", _HELD, EVENTS),
    Definition("workshop_attended", "地域向け研修の参加者（延べ）", "人", _CAME, ATTENDANCE),
    Definition("proposals_city", "行政提案コースへの応募", "件", _APPLIED, PROPOSALS),
    Definition("proposals_citizen", "市民提案コースへの応募", "件", _APPLIED, PROPOSALS),
    Definition("proposals_other", "そのほかのコースへの応募", "件", _APPLIED, PROPOSALS),
    Definition("model_sittings", "課題解決モデル事業の開催", "回", _HELD, EVENTS),
    Definition("model_attended", "課題解決モデル事業の参加者（延べ）", "人", _CAME, ATTENDANCE),
    Definition(
        "model_residents",
        "課題解決モデル事業の参加者のうち市民など",
        "人",
        "課題解決モデル事業の参加者のうち、市の職員でない人の数です。",
        ATTENDANCE,
    ),
    Definition(
        "model_staff",
        "課題解決モデル事業の参加者のうち市の職員",
        "人",
        "課題解決モデル事業の参加者のうち、市の職員の数です。",
        ATTENDANCE,
    ),
)
BY_KEY: Mapping[str, Definition] = {one.key: one for one in DEFINITIONS}
