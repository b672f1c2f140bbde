from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.permissions import Role
from tests.staff import PASSWORD, a_person, sign_in


def run(site: Flask, *arguments: str, typed: str | None = None):
    return site.test_cli_runner().invoke(args=["user", *arguments], input=typed)


def test_the_first_administrator_is_made_at_the_terminal_and_signs_in(site: Flask) -> None:
    made = run(
        site,
        "create",
        "--email",
        "Kanri@city.example.jp",
        "--name",
        "管理 者",
        "--password-stdin",
        typed=PASSWORD + "\n",
    )
    assert made.exit_code == 0, made.output
    assert "システム管理者として登録しました" in made.output
    assert sign_in(site.test_client(), "kanri@city.example.jp").location == "/console/people/"


def test_the_password_is_asked_for_twice_and_not_shown(site: Flask) -> None:
    made = run(site, "create", "--email", "a@city.example.jp", "--name", "管理 者", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0
    assert PASSWORD not in made.output


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("create", "--email", "a@city.example.jp", "--name", "名"), "short\n", "15文字以上"),
        (("create", "--email", "nonsense", "--name", "名"), PASSWORD, "メールアドレスの形"),
        (("create", "--email", "b@city.example.jp", "--name", "名", "--role", "organizer"), PASSWORD, "所属が必要"),
    ],
)
def test_a_mistake_is_one_line_and_exit_status_1(
    site: Flask, arguments: tuple[str, ...], typed: str, said: str
) -> None:
    made = run(site, *arguments, "--password-stdin", typed=typed)
    assert made.exit_code == 1
    assert said in made.output
    assert len(made.output.strip().splitlines()) == 1


def test_disabling_and_listing(site: Flask) -> None:
    a_person(site, Role.ORGANIZER)
    assert run(site, "disable", "ORGANIZER@city.example.jp").exit_code == 0
    assert run(site, "list").output.strip().split("\t") == [
        "organizer@city.example.jp", "organizer", "市民活動推進課", "検証 太郎", "停止中",
    ]  # fmt: skip
    unknown = run(site, "disable", "nobody@city.example.jp")
    assert (unknown.exit_code, len(unknown.output.strip().splitlines())) == (1, 1)
