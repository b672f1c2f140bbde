"""Signing in to the demonstration."""

from __future__ import annotations

from playwright.sync_api import Page

from app.demo.sign_ins import PASSWORD


def sign_in(page: Page, who: str, *, lands_on: str = "**/console/**") -> None:
    """`who` is the name of one of the sign-ins of app.demo.sign_ins, as in its address."""
    page.goto("/my/sign-in/")
    page.locator("input[name=email]").fill(f"{who}@example.jp")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lands_on)
