"""Announcements by mail: asking for them, confirming the address, choosing otherwise, ending them.

No GET changes anything, since programs that check mail open every link. Nothing here tells whether an address is known.
"""

from __future__ import annotations

import json
from typing import Self

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, SelectMultipleField

from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import iso
from app.subscriptions import queries, rules, services
from app.subscriptions.types import Choice, SubscriptionRow
from app.web.parts.access import ANYONE, allow
from app.web.parts.downloads import attachment
from app.web.parts.fields import EmailField
from app.web.parts.forms import BaseForm
from app.web.parts.guards import csrf
from app.web.parts.limits import SUBSCRIBE_ADDRESS, SUBSCRIBE_ALL, SUBSCRIBE_EMAIL, counted_misses, hit
from app.web.parts.validators import Chosen, Needed, NoLongerThan, Ticked
from app.web.public import bp

Answer = str | tuple[str, int] | Response


class ChoiceForm(BaseForm):
    """What to hear of."""

    which = RadioField(
        "お知らせする研修会・講座",
        choices={"every": "すべて", "some": "選んだ事業だけ"},
        default="every",
        validators=[Chosen()],
    )
    series = SelectMultipleField("事業", coerce=int)

    @classmethod
    def offering(cls, choice: Choice | None = None) -> Self:
        """The form with the series that can be chosen; those of `choice` are ticked."""
        known = choice or Choice(every=True)
        form = cls(data={"which": "every" if known.every else "some", "series": sorted(known.series)})
        form.series.choices = {str(one.id): one.title for one in queries.offered()}
        return form

    def to_choice(self) -> Choice:
        """The parsed shape that goes inside."""
        return Choice(self.which.data == "every", frozenset(self.series.data or ()))


class AskForm(ChoiceForm):
    """The address and what to hear of."""

    email = EmailField("メールアドレス", validators=[Needed(), NoLongerThan(254)])
    consent = BooleanField(
        "利用目的を確認しました", validators=[Ticked("利用目的をお読みになり、チェックを入れてください。")]
    )


@bp.get("/announcements/")
@allow(ANYONE)
def announcements() -> Answer:
    """The form that asks for the address."""
    return render_template("public/announcements/ask.html", form=AskForm.offering())


@bp.post("/announcements/")
@allow(ANYONE)
def announcements_ask() -> Answer:
    """Have a link mailed. The answer is the same for every address."""
    form = AskForm.offering()
    if form.validate():
        email = str(form.email.data)
        for limit, who in ((SUBSCRIBE_ADDRESS, None), (SUBSCRIBE_EMAIL, email.lower()), (SUBSCRIBE_ALL, "")):
            hit(limit, who)
        with form.refusals():
            services.ask(email, form.to_choice(), now=clock.now())
            return render_template("public/announcements/asked.html", email=email, days=rules.LINK_LASTS.days)
    return render_template("public/announcements/ask.html", form=form), 422


@bp.get("/announcements/confirm/<token>/")
@allow(ANYONE)
def announcements_confirm(token: str) -> Answer:
    """The button that says yes."""
    try:
        with counted_misses():
            asked = queries.request(token, now=clock.now())
    except NotFound:
        return _gone()
    return render_template("public/announcements/confirm.html", asked=asked, token=token, form=BaseForm())


@bp.post("/announcements/confirm/<token>/")
@allow(ANYONE)
def announcements_confirmed(token: str) -> Answer:
    """Subscribe the address."""
    try:
        with counted_misses():
            manage = services.confirm(token, now=clock.now())
    except NotFound:
        return _gone()
    flash("お知らせメールに登録しました。", "success")
    return redirect(url_for("public.announcements_mine", token=manage), 303)


@bp.get("/announcements/<token>/")
@allow(ANYONE)
def announcements_mine(token: str) -> Answer:
    """What is subscribed, to be changed or ended."""
    try:
        row = _own(token)
    except NotFound:
        return _gone()
    return _mine(token, row, ChoiceForm.offering(row.choice))


@bp.post("/announcements/<token>/")
@allow(ANYONE)
def announcements_change(token: str) -> Answer:
    """Choose otherwise; whoever rested because mail came back is written to again."""
    try:
        row, form = _own(token), ChoiceForm.offering()
        if form.validate():
            with form.refusals():
                services.change(token, form.to_choice(), now=clock.now())
                flash("登録内容を変更しました。", "success")
                return redirect(url_for("public.announcements_mine", token=token), 303)
    except NotFound:
        return _gone()
    return _mine(token, row, form), 422


@bp.get("/announcements/<token>/data.json")
@allow(ANYONE)
def announcements_data(token: str) -> Response:
    """Everything that is kept of the person."""
    row = _own(token)
    titles = [one.title for one in queries.offered() if one.id in row.choice.series]
    kept = {
        "email": row.email,
        "every": row.choice.every,
        "series": titles,
        "confirmed_at": iso(row.confirmed_at),
        "resting_since": iso(row.resting_since) if row.resting_since else None,
    }
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    return attachment(text.encode(), "announcements.json", "application/json", personal=True)


@bp.get("/announcements/<token>/unsubscribe/")
@allow(ANYONE)
def announcements_end(token: str) -> Answer:
    """The button that ends it."""
    try:
        row = _own(token)
    except NotFound:
        return _gone()
    return render_template("public/announcements/end.html", row=row, token=token, form=BaseForm())


@bp.post("/announcements/<token>/unsubscribe/")
@csrf.exempt
@allow(ANYONE)
def announcements_ended(token: str) -> Answer:
    """End it. Mail programs send this without cookies and want no redirect (RFC 8058, 3.1); the link is the secret."""
    services.unsubscribe(token, now=clock.now())
    return render_template("public/announcements/ended.html")


def _own(token: str) -> SubscriptionRow:
    with counted_misses():
        return queries.subscription(token)


def _mine(token: str, row: SubscriptionRow, form: ChoiceForm) -> str:
    return render_template("public/announcements/mine.html", row=row, token=token, form=form)


def _gone() -> tuple[str, int]:
    return render_template("public/announcements/gone.html"), 404
