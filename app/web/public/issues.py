"""Local issues that sections share: the list, one card, and what a resident has to say about it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import StopValidation

from app.infra import clock
from app.shared_issues import answering, queries
from app.shared_issues.types import AnswerDraft, AnswerKind, District, IssueRow, Progress, Stage, Subject
from app.web.parts.access import ANYONE, allow
from app.web.parts.fields import EmailField, MultiLineField, NameField, PhoneField
from app.web.parts.forms import BaseForm
from app.web.parts.issue_forms import issue_filters
from app.web.parts.limits import ISSUE_ANSWER, ISSUE_ANSWER_ALL, hit
from app.web.parts.pages import page_number, page_url
from app.web.parts.person_form import NO_CONTACT
from app.web.parts.validators import Chosen, Needed, NoLongerThan, Ticked
from app.web.public import bp, submission

Answer = str | tuple[str, int] | Response

EXPIRED = "画面の有効期限が切れました。内容を確かめて、もう一度送信してください。"


class AnswerForm(BaseForm):
    """What a resident says, and how they can be reached."""

    kind = RadioField("お知らせいただく内容", [Chosen()], choices={kind.value: kind.word for kind in AnswerKind})
    name = NameField("お名前", [Needed(), NoLongerThan(60)])
    email = EmailField("メールアドレス", [NoLongerThan(254)])
    phone = PhoneField("電話番号")
    text = MultiLineField("内容", [Needed(), NoLongerThan(2000)])
    consent = BooleanField("利用目的を確認しました", [Ticked("利用目的をお読みになり、チェックを入れてください。")])
    submission_id = HiddenField()

    def validate_email(self, field: EmailField) -> None:
        """Raises StopValidation where there is no way to answer."""
        if not field.data and not self.phone.typed:
            raise StopValidation(NO_CONTACT)

    def to_draft(self) -> AnswerDraft:
        """The parsed shape that goes inside."""
        return AnswerDraft(
            kind=AnswerKind(self.kind.data),
            name=self.name.data or "",
            email=self.email.data or None,
            phone=self.phone.data,
            text=self.text.data or "",
            submission_id=self.submission_id.data or "",
        )


@bp.get("/issues/")
@allow(ANYONE)
def issues() -> str:
    """The list with its filters."""
    filters = issue_filters(stage=Stage.PUBLISHED)
    return render_template(
        "public/issues/list.html",
        page=queries.listing(filters, number=page_number(), url=page_url),
        filters=filters,
        subjects=list(Subject),
        districts=list(District),
        progresses=list(Progress),
    )


@bp.get("/issues/<int:issue_id>/")
@allow(ANYONE)
def issue(issue_id: int) -> str:
    """One card."""
    return render_template("public/issues/issue.html", issue=queries.public(issue_id), kinds=list(AnswerKind))


@bp.get("/issues/<int:issue_id>/answer/")
@allow(ANYONE)
def issue_answer(issue_id: int) -> Answer:
    """The form; `?kind=` chooses what it begins with."""
    found, kind = queries.public(issue_id), request.args.get("kind", "")
    return _form(found, AnswerForm(data={"kind": kind if kind in set(AnswerKind) else None}))


@bp.post("/issues/<int:issue_id>/answer/")
@allow(ANYONE)
def issue_answer_post(issue_id: int) -> Answer:
    """Keep it and tell the section."""
    for limit, who in ((ISSUE_ANSWER, None), (ISSUE_ANSWER_ALL, "")):
        hit(limit, who)
    found, form = queries.public(issue_id), AnswerForm()
    if _is_valid(form, issue_id):
        with form.refusals():
            answering.answer(issue_id, form.to_draft(), now=clock.now())
            return redirect(url_for("public.issue_answered", issue_id=issue_id), 303)
    return _form(found, form), 422


@bp.get("/issues/<int:issue_id>/answered/")
@allow(ANYONE)
def issue_answered(issue_id: int) -> str:
    """What happens next."""
    return render_template("public/issues/answered.html", issue=queries.public(issue_id))


def _is_valid(form: AnswerForm, issue_id: int) -> bool:
    valid = form.validate()
    if submission.is_ours(form.submission_id.data or "", _mark(issue_id)):
        return valid
    form.form_errors.append(EXPIRED)
    return False


def _form(found: IssueRow, form: AnswerForm) -> str:
    if not submission.is_ours(form.submission_id.data or "", _mark(found.id)):
        form.submission_id.data = submission.issue(_mark(found.id))
    return render_template("public/issues/answer.html", issue=found, form=form)


def _mark(issue_id: int) -> str:
    return f"issue:{issue_id}"
