"""Components are rendered as pages render them: through an application that has only the design room."""

from __future__ import annotations

from pathlib import Path

import html5lib
import pytest
from flask import Flask, render_template_string
from flask_wtf import CSRFProtect

from app.design import jinja

APP = Path(__file__).parents[2] / "app"


class Page:
    """Rendered HTML with questions that tests ask."""

    def __init__(self, html):
        self.html = html
        self.tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)

    def all(self, path):
        return self.tree.findall(f".//{path}")

    def one(self, path):
        (found,) = self.all(path)
        return found

    def by_id(self, name):
        return self.one(f"*[@id='{name}']")

    def text(self, path="body"):
        return " ".join("".join(self.one(path).itertext()).split())


@pytest.fixture
def house():
    app = Flask("app", static_folder="design/static", template_folder=None)
    app.config.update(SECRET_KEY="k" * 40, TESTING=True)
    CSRFProtect(app)
    jinja.init_app(app)
    app.jinja_env.globals.update(csp_nonce=lambda: "n0nce")
    return app


@pytest.fixture
def render(house):
    def rendered(source, *, path="/", **context):
        with house.test_request_context(path):
            return Page(render_template_string(source, **context))

    return rendered
