"""Staff of neighbouring municipalities who asked for a place at this year's training: answered, or waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.demo.people import people
from app.events import queries
from app.events.audiences import Category
from app.infra.tokens import random_id
from app.kernel.types import SYSTEM
from app.registrations import deciding, services
from app.registrations import queries as registrations
from app.registrations.types import Application

FROM = (("総社市", "政策調整課"), ("浅口市", "地域創造課"), ("矢掛町", "企画課"), ("高梁市", "協働推進室"))
REASON = "同じ部署から、すでにお申込みをいただいているため。"


def load(event_id: int, *, now: datetime) -> None:
    """The first is approved, the last declined; the others wait."""
    sittings = queries.by_id(event_id).sittings
    asked: list[int] = []
    guest = people(Category.NEIGHBOUR, start=500)
    for number, (municipality, section) in enumerate(FROM):
        details = replace(next(guest), affiliation=f"{municipality}　{section}")
        sitting = sittings[number % len(sittings)]
        application = Application(sitting.id, details, random_id(), municipality=municipality)
        at = now - timedelta(days=4 - number, hours=1)
        token = services.apply(application, now=at).token
        asked.append(registrations.by_token(token, now=now).id)
    deciding.approve(asked[0], by=SYSTEM, now=now - timedelta(days=1))
    deciding.decline(asked[-1], REASON, by=SYSTEM, now=now - timedelta(hours=2))
