"""Tsudoi: event and training registration for a city."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: Config | None = None) -> Flask:
    """The application; without `config` it is read from the environment."""
    from app.factory import build

    return build(config)
