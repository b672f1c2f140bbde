"""Forms of sign-in and of one's own password."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField

from app.accounts.rules import LONGEST, SHORTEST
from app.web.parts.fields import EmailField, LineField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Needed, NoLongerThan


class SignInForm(BaseForm):
    """Address and password. Only their presence is checked: what is wrong with them is nobody's business."""

    email = LineField(
        "メールアドレス",
        [Needed(), NoLongerThan(254)],
        render_kw={"type": "email", "autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )
    password = PasswordField(
        "パスワード", [Needed(), NoLongerThan(LONGEST)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class LinkForm(BaseForm):
    """The address that the link is mailed to; whether anybody has it is nobody's business."""

    email = EmailField(
        "メールアドレス",
        [Needed(), NoLongerThan(254)],
        description="職員として登録されている、仕事用のアドレス",
        render_kw={"type": "email", "autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )


class NewPasswordForm(BaseForm):
    """A new password: it can be shown while typing and may be pasted."""

    password = PasswordField(
        "新しいパスワード",
        [Needed()],
        description=f"{SHORTEST}文字以上。記号や大文字を混ぜる決まりはありません。単語をいくつか並べると覚えやすくなります。",
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField("新しいパスワード（確認）", [Needed()], render_kw={"autocomplete": "new-password"})


class SwapForm(BaseForm):
    """The colleague to swap with, by address: nobody reads through who else takes part."""

    email = EmailField(
        "交換する相手のメールアドレス",
        [Needed(), NoLongerThan(254)],
        description="先に相手の方と話し合ってください。別の回に参加が確定している職員と、一対一で交換できます。",
        render_kw={"type": "email", "autocomplete": "off", "inputmode": "email", "spellcheck": "false"},
    )


class GiveUpForm(BaseForm):
    """Why somebody does not come; the organizer reads it."""

    reason = LineField(
        "取り消す理由", [Needed(), NoLongerThan(200)], description="担当課が読みます。例：議会対応のため"
    )


class PasswordForm(NewPasswordForm):
    """The present password and a new one."""

    present = PasswordField(
        "現在のパスワード", [Needed(), NoLongerThan(LONGEST)], render_kw={"autocomplete": "current-password"}
    )
