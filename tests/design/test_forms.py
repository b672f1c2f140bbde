"""Form controls: a name, a mark, a hint and an error that assistive technology can reach."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired

NEEDS = {"sign": "手話通訳", "seat": "車いす席", "child": "託児"}


class SignUp(FlaskForm):
    part = RadioField(
        "参加する回", choices={"1": "午前の部", "2": "午後の部"}, validators=[DataRequired("選んでください。")]
    )
    name = StringField("お名前", validators=[DataRequired("「お名前」を入力してください。")])
    phone = StringField("電話番号")
    area = SelectField("地区", choices={"k": "倉敷", "m": "水島"}, default="m")
    needs = SelectMultipleField("必要なこと", choices=NEEDS)
    note = TextAreaField("そのほか")
    secret = PasswordField("合言葉")
    flyer = FileField("チラシ")
    consent = BooleanField("利用目的を確認しました", validators=[DataRequired("チェックを入れてください。")])
    submission_id = HiddenField()

    def summary(self):
        """As the forms of the doors: what is wrong, in the order of the page."""
        return [SimpleNamespace(anchor=f.id, label=f.label.text, message=m) for f in self for m in f.errors]


@pytest.fixture
def show(house, render):
    """The macro call `source`, with a form that was sent as `sent`, or just opened."""

    def shown(macro, source, *, sent=None, form_class=SignUp):
        with house.test_request_context("/"):
            form = form_class(formdata=MultiDict(sent) if sent is not None else None, meta={"csrf": False})
            if sent is not None:
                form.validate()
        return render(f'{{% from "components/form.html" import {macro} %}}{source}', form=form)

    return shown


CONTROLS = [
    ("text_field", "name", "input"),
    ("text_area", "note", "textarea"),
    ("select", "area", "select"),
    ("checkbox", "consent", "input"),
    ("file_field", "flyer", "input"),
    ("date_field", "phone", "input"),
    ("time_field", "phone", "input"),
]


@pytest.mark.parametrize(("macro", "field", "tag"), CONTROLS)
def test_every_control_has_its_label(show, macro, field, tag):
    page = show(macro, f"{{{{ {macro}(form.{field}) }}}}")
    assert page.one(f"label[@for='{field}']").text.strip() == getattr(SignUp, field).args[0]
    assert page.by_id(field).tag == tag
    assert page.by_id(field).get("name") == field


@pytest.mark.parametrize(("macro", "field", "tag"), CONTROLS)
def test_a_hint_is_announced_with_the_control(show, macro, field, tag):
    page = show(macro, f"{{{{ {macro}(form.{field}, hint='例：倉敷') }}}}")
    assert page.by_id(field).get("aria-describedby") == f"{field}-hint"
    assert page.by_id(f"{field}-hint").text.strip() == "例：倉敷"


def test_an_error_is_announced_before_the_hint_and_begins_with_its_sign(show):
    page = show("text_field", "{{ text_field(form.name, hint='本名でなくてもかまいません。') }}", sent={"name": ""})
    control = page.by_id("name")
    assert control.get("aria-describedby") == "name-error name-hint"
    assert control.get("aria-invalid") == "true"
    assert "".join(page.by_id("name-error").itertext()).strip() == "＊「お名前」を入力してください。"


def test_a_control_without_error_or_hint_describes_nothing(show):
    control = show("text_field", "{{ text_field(form.phone) }}").by_id("phone")
    assert control.get("aria-describedby") is None
    assert control.get("aria-invalid") is None


def test_what_must_be_filled_in_is_said_in_words_and_to_assistive_technology(show):
    page = show("text_field", "{{ text_field(form.name) }}{{ text_field(form.phone) }}")
    assert "※必須" in page.text("label[@for='name']")
    assert page.by_id("name").get("aria-required") == "true"
    assert "※任意" in page.text("label[@for='phone']")
    assert page.by_id("phone").get("aria-required") is None


def test_a_page_may_know_better_what_is_required(show):
    page = show("text_field", "{{ text_field(form.phone, required=True) }}")
    assert "※必須" in page.text("label[@for='phone']")
    assert page.by_id("phone").get("aria-required") == "true"


def test_typed_text_survives_and_stays_text(show):
    typed = '"><script>alert(1)</script>𠮷'
    page = show(
        "text_field, text_area",
        "{{ text_field(form.name) }}{{ text_area(form.note) }}",
        sent={"name": typed, "note": typed},
    )
    assert page.by_id("name").get("value") == typed
    assert page.by_id("note").text == typed
    assert page.all("script") == []


def test_a_text_area_keeps_its_first_empty_line(show):
    assert show("text_area", "{{ text_area(form.note) }}", sent={"note": "\n二行目"}).by_id("note").text == "\n二行目"


def test_a_password_is_never_sent_back(show):
    page = show(
        "text_field", "{{ text_field(form.secret, autocomplete='current-password') }}", sent={"secret": "ひみつ"}
    )
    assert page.by_id("secret").get("type") == "password"
    assert "ひみつ" not in page.html


def test_no_control_has_a_placeholder(show):
    every = "".join(f"{{{{ {macro}(form.{field}) }}}}" for macro, field, _ in CONTROLS)
    assert "placeholder" not in show(", ".join({c[0] for c in CONTROLS}), every).html


def test_a_group_of_choices_is_one_question(show):
    page = show("radios", "{{ radios(form.part, hint='一つ選んでください。') }}", sent={"name": "x"})
    group = page.one("fieldset")
    assert group.find("legend").text.strip() == "参加する回"
    assert group.get("aria-describedby") == "part-error part-hint"
    assert [box.get("value") for box in page.all("input[@type='radio']")] == ["1", "2"]
    assert [label.get("for") for label in page.all("label")] == [box.get("id") for box in page.all("input")]


def test_the_link_of_the_error_summary_lands_on_the_first_choice(show):
    page = show(
        "radios, form_errors", "{{ form_errors(form) }}{{ radios(form.part) }}", sent={"name": "x", "consent": "y"}
    )
    assert page.one("a").get("href") == "#part"
    assert page.by_id("part").get("type") == "radio"


def test_a_choice_may_carry_a_note(show):
    page = show("radios", "{{ radios(form.part, notes={'2': '満席です。'}) }}")
    assert page.by_id("part").get("aria-describedby") is None
    assert page.by_id("part-1").get("aria-describedby") == "part-1-note"
    assert page.by_id("part-1-note").text == "満席です。"


def test_what_was_chosen_stays_chosen(show):
    sent = {"needs": "seat", "area": "k", "consent": "y", "part": "2"}
    calls = "{{ radios(form.part) }}{{ checks(form.needs) }}{{ select(form.area) }}{{ checkbox(form.consent) }}"
    page = show("radios, checks, select, checkbox", calls, sent=sent)
    assert [box.get("value") for box in page.all("input") if box.get("checked") is not None] == ["2", "seat", "y"]
    assert [option.get("value") for option in page.all("option") if option.get("selected") is not None] == ["k"]


def test_the_error_summary_names_every_problem_and_its_field(show):
    page = show("form_errors", "{{ form_errors(form) }}", sent={"name": ""})
    box = page.one("div[@role='alert']")
    assert box.get("tabindex") == "-1"
    assert [(a.get("href"), a.text) for a in page.all("a")] == [
        ("#part", "参加する回：選んでください。"),
        ("#name", "「お名前」を入力してください。"),
        ("#consent", "利用目的を確認しました：チェックを入れてください。"),
    ]


def test_a_form_without_mistakes_has_no_summary(show):
    assert show("form_errors", "{{ form_errors(form) }}").text() == ""


def test_a_form_that_posts_carries_the_token_and_leaves_checking_to_the_server(show):
    page = show("form_tag, hidden", "{% call form_tag('/x/') %}{{ hidden(form.submission_id) }}{% endcall %}")
    form = page.one("form")
    assert (form.get("method"), form.get("action")) == ("post", "/x/")
    assert form.get("novalidate") is not None
    assert page.one("input[@name='csrf_token']").get("value")
    assert page.one("input[@name='submission_id']").get("type") == "hidden"


def test_a_form_that_asks_shows_no_token_in_its_address(show):
    assert show("form_tag", "{% call form_tag('/x/', method='get') %}{% endcall %}").all("input") == []


def test_buttons_that_need_javascript_are_hidden_until_it_runs(show):
    page = show("print_button, copy_button", "{{ print_button() }}{{ copy_button('K7-492') }}")
    assert all(button.get("hidden") is not None for button in page.all("button"))


def test_a_button_says_what_was_pressed(show):
    button = show("submit", "{{ submit('戻る', 'secondary', name='back', value='1') }}").one("button")
    assert (button.get("type"), button.get("name"), button.get("value")) == ("submit", "back", "1")
