"""The first password and the forgotten one: a link by mail, without asking anybody."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import password_links, queries
from app.accounts.errors import WeakPassword
from app.infra import clock
from app.kernel.errors import NotFound
from app.kernel.text import clean_email
from app.web.my import bp
from app.web.my.forms import LinkForm, NewPasswordForm
from app.web.my.sign_in import begin_session
from app.web.parts import limits
from app.web.parts.access import ANYONE, allow


@bp.get("/my/password/link/")
@allow(ANYONE)
def ask_link() -> ResponseReturnValue:
    """The form that asks for the address."""
    return render_template("my/ask_link.html", form=LinkForm())


@bp.post("/my/password/link/")
@allow(ANYONE)
def ask_link_post() -> ResponseReturnValue:
    """Have a link mailed. The answer is the same whether or not somebody has the address."""
    form = LinkForm()
    if not form.validate_on_submit():
        return render_template("my/ask_link.html", form=form), 422
    email = clean_email(form.email.data or "")
    limits.hit(limits.PASSWORD_LINK_ADDRESS)
    limits.hit(limits.PASSWORD_LINK_ACCOUNT, email.lower())
    password_links.ask(email, now=clock.now())
    return render_template("my/link_sent.html", email=email)


@bp.get("/my/password/link/<token>/")
@allow(ANYONE)
def choose_password(token: str) -> ResponseReturnValue:
    """The form for the new password. Looking uses nothing up: programs that check mail open links, too."""
    try:
        with limits.counted_misses():
            owner = queries.link_owner(token, now=clock.now())
    except NotFound:
        return _gone()
    return render_template("my/choose_password.html", form=NewPasswordForm(), owner=owner, token=token)


@bp.post("/my/password/link/<token>/")
@allow(ANYONE)
def choose_password_post(token: str) -> ResponseReturnValue:
    """Set the password and sign in."""
    form, now = NewPasswordForm(), clock.now()
    try:
        with limits.counted_misses():
            owner = queries.link_owner(token, now=now)
            if form.validate_on_submit():
                with form.refusals():
                    if form.again.data != form.password.data:
                        raise WeakPassword("確認のために入力したパスワードが一致しません。", "again")
                    begin_session(password_links.choose(token, form.password.data or "", now=now))
                    flash("パスワードを設定し、サインインしました。", "success")
                    return redirect(url_for("my.home"), 303)
    except NotFound:
        return _gone()
    return render_template("my/choose_password.html", form=form, owner=owner, token=token), 422


def _gone() -> ResponseReturnValue:
    return render_template("my/link_gone.html"), 404
