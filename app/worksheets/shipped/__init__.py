"""Forms that come with the service, ready to be used or changed."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from app.questions import codec
from app.questions.types import Definition

NAMES = ("tasks",)


@cache
def definition(name: str) -> Definition:
    """The shipped form `name`, one of NAMES."""
    text = resources.files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return codec.from_json(yaml.safe_load(text))
