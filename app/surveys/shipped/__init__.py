"""The form that comes with the service, ready to be used or changed."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from app.questions import codec
from app.questions.types import Definition


@cache
def definition() -> Definition:
    """The shipped form."""
    text = resources.files(__name__).joinpath("survey.yaml").read_text(encoding="utf-8")
    return codec.from_json(yaml.safe_load(text))
