"""The door of those who operate the service: is it alive, is it ready, how is it doing."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("ops", __name__)
