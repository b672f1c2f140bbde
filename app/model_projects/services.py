"""What organizers and participants do with themes and tables. Each verb is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.events import queries as events
from app.infra import audit
from app.infra.db import db, insert_into, rows_changed, run, transaction
from app.kernel.errors import NotFound
from app.kernel.types import Actor
from app.model_projects import queries, rules
from app.model_projects.errors import (
    ChoosingOver,
    NobodyToSeat,
    NoSuchTable,
    OneSittingOnly,
    ThemeInUse,
    TooEarly,
    WrongChoice,
)
from app.model_projects.models import ModelProject, ModelTheme, NextStep, TableCard, TableSeat, ThemeChoice
from app.model_projects.types import Guest, Key, ProjectRow, Quadrant, ThemeDraft
from app.registrations import queries as registrations
from app.registrations.types import RegistrationRow, Status

TABLE_SIZE = 6


@transaction
def set_up(event_id: int, *, by: Actor, now: datetime) -> None:
    """Let an event of one sitting have themes and tables; a second time nothing happens.

    Raises NotFound, OneSittingOnly.
    """
    if len(events.by_id(event_id).sittings) != 1:
        raise OneSittingOnly("テーマとテーブルは、回が一つの研修会・講座で使えます。")
    row = insert_into(ModelProject).values(event_id=event_id, table_size=TABLE_SIZE)
    made = row.on_conflict_do_nothing(index_elements=["event_id"]).returning(ModelProject.event_id)
    if run(made).scalar_one_or_none() is not None:
        audit.record("themes.set_up", "event", event_id, by=by, at=now)


@transaction
def save_themes(event_id: int, themes: Sequence[ThemeDraft], table_size: int, *, by: Actor, now: datetime) -> None:
    """These themes, in this order. What was chosen of one that is left out is forgotten.

    Raises NotFound, ThemeInUse.
    """
    row = _locked(event_id)
    kept = {theme.id for theme in themes if theme.id is not None}
    known = {one.id: one for one in db.session.scalars(sa.select(ModelTheme).filter_by(event_id=event_id))}
    if not kept <= known.keys():
        raise NotFound
    _check_cards(event_id, {theme.id: theme.tables for theme in themes if theme.id is not None})
    _forget_themes(event_id, [theme_id for theme_id in known if theme_id not in kept])
    for place, draft in enumerate(themes):
        theme = known[draft.id] if draft.id is not None else ModelTheme(event_id=event_id)
        theme.place, theme.title, theme.reporter = place, draft.title, draft.reporter
        theme.sections, theme.tables = draft.sections, draft.tables
        db.session.add(theme)
        if draft.id is not None:
            # A table that is no longer there leaves its people without one.
            gone = sa.delete(TableSeat).where(TableSeat.theme_id == draft.id, TableSeat.number > draft.tables)
            db.session.execute(gone)
    row.table_size = table_size
    audit.record("themes.saved", "event", event_id, by=by, at=now, fields=[f"rows={len(themes)}"])


@transaction
def choose(registration_id: int, first: int | None, second: int | None, *, by: Actor, now: datetime) -> None:
    """The participant says which theme they would like best. Raises NotFound, ChoosingOver, WrongChoice."""
    registration, project = _participant(registration_id)
    if project.formed_at is not None or registration.starts_at <= now:
        raise ChoosingOver("テーブルの組分けが済んだため、希望は変えられません。担当者にご連絡ください。")
    _choose(project, registration_id, first, second)
    audit.record("themes.chosen", "registration", registration_id, by=by, at=now)


@transaction
def note_choices(
    event_id: int, choices: Sequence[tuple[int, int | None, int | None]], *, by: Actor, now: datetime
) -> None:
    """The organizer writes down what was said by telephone: registration, first and second theme of each.

    Raises NotFound, WrongChoice (its field is `second-` and the registration's id).
    """
    _locked(event_id)
    project = _project(event_id)
    own = {person.key[0] for person in queries.people(event_id)}
    for registration_id, first, second in choices:
        if registration_id not in own:
            raise NotFound
        _choose(project, registration_id, first, second, field=f"second-{registration_id}")
    audit.record("themes.choices_noted", "event", event_id, by=by, at=now, fields=[f"rows={len(choices)}"])


@transaction
def form_tables(event_id: int, *, by: Actor, now: datetime) -> None:
    """Make up the tables anew from what was chosen; who was moved by hand is moved again.

    Raises NotFound, NobodyToSeat.
    """
    row = _locked(event_id)
    project, people = _project(event_id), queries.people(event_id)
    if not people or not any(theme.tables for theme in project.themes):
        raise NobodyToSeat("テーマとテーブルの数を入力し、申込みが確定した方がいるときに、テーブルを組めます。")
    guests = [Guest(person.key, person.audience, person.first, person.second) for person in people]
    found = rules.seats(guests, project.themes, project.table_size)
    db.session.execute(sa.delete(TableSeat).where(TableSeat.event_id == event_id))
    db.session.execute(
        sa.insert(TableSeat),
        [
            {"registration_id": key[0], "person": key[1], "event_id": event_id, "theme_id": theme_id, "number": number}
            for key, (theme_id, number) in found.items()
        ],
    )
    row.formed_at = now
    audit.record("themes.formed", "event", event_id, by=by, at=now, fields=[f"rows={len(found)}"])


@transaction
def move(event_id: int, key: Key, theme_id: int, number: int, *, by: Actor, now: datetime) -> None:
    """Put one person at another table. Raises NotFound, NoSuchTable."""
    _locked(event_id)
    theme = _project(event_id).theme(theme_id)
    if theme is None or not 1 <= number <= theme.tables:
        raise NoSuchTable("移る先のテーブルを選んでください。")
    if key not in {person.key for person in queries.people(event_id)}:
        raise NoSuchTable("申込みが確定していない方は、テーブルに移せません。")
    place = {"theme_id": theme_id, "number": number}
    row = insert_into(TableSeat).values(registration_id=key[0], person=key[1], event_id=event_id, **place)
    run(row.on_conflict_do_update(index_elements=["registration_id", "person"], set_=place))
    audit.record("themes.moved", "registration", key[0], by=by, at=now)


@transaction
def add_card(  # noqa: PLR0913 where, what, and in which quadrant
    event_id: int, theme_id: int, number: int, text: str, quadrant: Quadrant, *, by: Actor, now: datetime
) -> None:
    """Keep what was written on a card at a table. Raises NotFound."""
    _locked(event_id)
    queries.theme(event_id, theme_id, number)
    card = TableCard(event_id=event_id, theme_id=theme_id, number=number, text=text, quadrant=quadrant)
    db.session.add(card)
    audit.record("themes.card_added", "event", event_id, by=by, at=now)


@transaction
def lay_card(event_id: int, card_id: int, quadrant: Quadrant, *, by: Actor, now: datetime) -> None:
    """Lay a card into another quadrant. Raises NotFound."""
    laid = sa.update(TableCard).where(TableCard.id == card_id, TableCard.event_id == event_id)
    if not rows_changed(laid.values(quadrant=quadrant)):
        raise NotFound
    audit.record("themes.card_laid", "event", event_id, by=by, at=now)


@transaction
def remove_card(event_id: int, card_id: int, *, by: Actor, now: datetime) -> None:
    """Take a card away. Raises NotFound."""
    if not rows_changed(sa.delete(TableCard).where(TableCard.id == card_id, TableCard.event_id == event_id)):
        raise NotFound
    audit.record("themes.card_removed", "event", event_id, by=by, at=now)


@transaction
def name_step(registration_id: int, text: str, *, by: Actor, now: datetime) -> None:
    """What the participant wants to do next; "" takes it back. Raises NotFound, TooEarly."""
    registration, project = _participant(registration_id)
    if registration.starts_at > now:
        raise TooEarly("これから取り組みたいことは、当日の話し合いが始まってから入力できます。")
    if text:
        row = insert_into(NextStep).values(registration_id=registration_id, event_id=project.event_id, text=text)
        run(row.on_conflict_do_update(index_elements=["registration_id"], set_={"text": text}))
    else:
        db.session.execute(sa.delete(NextStep).where(NextStep.registration_id == registration_id))
    audit.record("themes.step_named", "registration", registration_id, by=by, at=now)


def _choose(
    project: ProjectRow, registration_id: int, first: int | None, second: int | None, *, field: str = "second"
) -> None:
    offered = {theme.id for theme in project.themes}
    if not {first, second} - {None} <= offered:
        raise WrongChoice("一覧の中から選んでください。", field)
    if second is not None and second in {first, None}:
        raise WrongChoice("第1希望と第2希望には、別のテーマを選んでください。", field)
    if first is None and second is not None:
        raise WrongChoice("第1希望のテーマを選んでください。", "first")
    chosen = {"first_id": first, "second_id": second}
    row = insert_into(ThemeChoice).values(registration_id=registration_id, event_id=project.event_id, **chosen)
    run(row.on_conflict_do_update(index_elements=["registration_id"], set_=chosen))


def _participant(registration_id: int) -> tuple[RegistrationRow, ProjectRow]:
    """Somebody with a place, and the project, locked. Raises NotFound."""
    registration = registrations.by_id(registration_id)
    if registration.status is not Status.CONFIRMED:
        raise NotFound
    _locked(registration.event_id)
    return registration, _project(registration.event_id)


def _locked(event_id: int) -> ModelProject:
    row = db.session.get(ModelProject, event_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _project(event_id: int) -> ProjectRow:
    found = queries.of_event(event_id)
    if found is None:
        raise NotFound
    return found


def _check_cards(event_id: int, tables: dict[int, int]) -> None:
    """Raises ThemeInUse where a card's table would be gone."""
    for card in queries.cards(event_id):
        if card.table > tables.get(card.theme_id, 0):
            raise ThemeInUse("カードを入力したテーブルは、なくせません。先にカードを消してください。")


def _forget_themes(event_id: int, theme_ids: Sequence[int]) -> None:
    """Delete themes with all that was chosen of them; a second choice then moves up."""
    of_event = ThemeChoice.event_id == event_id
    for theme_id in theme_ids:
        second = sa.update(ThemeChoice).where(of_event, ThemeChoice.second_id == theme_id)
        db.session.execute(second.values(second_id=None))
        first = sa.update(ThemeChoice).where(of_event, ThemeChoice.first_id == theme_id)
        db.session.execute(first.values(first_id=ThemeChoice.second_id, second_id=None))
        db.session.execute(sa.delete(TableSeat).where(TableSeat.theme_id == theme_id))
        db.session.execute(sa.delete(ModelTheme).where(ModelTheme.id == theme_id))
