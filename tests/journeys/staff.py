"""Signing in to the demonstration."""

from __future__ import annotations

from playwright.sync_api import Page

from app.demo.sign_ins import PASSWORD


def sign_in(page: Page, who: str) -> None:
    """`who` is one of the demonstration's roles: organizer, manager, helper, admin, auditor."""
    page.goto("/my/sign-in/")
    page.locator("input[name=email]").fill(f"{who}@example.jp")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/console/**")
