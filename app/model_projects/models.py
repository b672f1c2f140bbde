"""Tables of the model projects room."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.events.models import Event
from app.infra.db import Base, UtcDateTime, words
from app.model_projects.types import Quadrant
from app.registrations.models import Registration


class ModelProject(Base):
    """An event with themes. `formed_at`: its tables were made up."""

    __tablename__ = "model_project"
    __table_args__ = (sa.CheckConstraint("table_size BETWEEN 2 AND 20", name="table_size"),)

    event_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Event.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    table_size: Mapped[int]
    formed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ModelTheme(Base):
    """What is talked about at some of the tables."""

    __tablename__ = "model_theme"
    __table_args__ = (
        sa.CheckConstraint("tables BETWEEN 0 AND 20", name="tables"),
        sa.CheckConstraint("title <> ''", name="title"),
        # What rows about a theme refer to, so that none can be of another event.
        sa.UniqueConstraint("event_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(ModelProject.event_id, ondelete="CASCADE"))
    place: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(100))
    reporter: Mapped[str] = mapped_column(sa.String(100))
    sections: Mapped[str] = mapped_column(sa.String(200))
    tables: Mapped[int]


def _of_theme(column: str, name: str | None = None) -> sa.ForeignKeyConstraint:
    theme = ["model_theme.event_id", "model_theme.id"]
    return sa.ForeignKeyConstraint(["event_id", column], theme, name=name, ondelete="CASCADE")


class ThemeChoice(Base):
    """The themes that a registration would like best, for everybody who comes with it."""

    __tablename__ = "theme_choice"
    __table_args__ = (
        sa.CheckConstraint("first_id <> second_id", name="differ"),
        sa.CheckConstraint("first_id IS NOT NULL OR second_id IS NULL", name="first"),
        _of_theme("first_id", "fk_theme_choice_first_id"),
        _of_theme("second_id", "fk_theme_choice_second_id"),
        sa.Index(None, "event_id"),
    )

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Registration.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    event_id: Mapped[int]
    first_id: Mapped[int | None]
    second_id: Mapped[int | None]


class TableSeat(Base):
    """Where somebody sits; `person` 0 applied, 1 and more come along."""

    __tablename__ = "table_seat"
    __table_args__ = (
        sa.CheckConstraint("person >= 0", name="person"),
        sa.CheckConstraint("number >= 1", name="number"),
        _of_theme("theme_id"),
        sa.Index(None, "event_id"),
    )

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Registration.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int]
    theme_id: Mapped[int]
    number: Mapped[int]


class TableCard(Base):
    """A card of a table, in one of the four quadrants of importance and feasibility."""

    __tablename__ = "table_card"
    __table_args__ = (
        sa.CheckConstraint("text <> ''", name="text"),
        sa.CheckConstraint("number >= 1", name="number"),
        _of_theme("theme_id"),
        sa.Index(None, "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int]
    theme_id: Mapped[int]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(200))
    quadrant: Mapped[Quadrant] = mapped_column(words(Quadrant, "quadrant"))


class NextStep(Base):
    """What somebody wants to do next; it goes with the registration."""

    __tablename__ = "next_step"
    __table_args__ = (sa.CheckConstraint("text <> ''", name="text"), sa.Index(None, "event_id"))

    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Registration.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    event_id: Mapped[int] = mapped_column(sa.ForeignKey(ModelProject.event_id, ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(sa.String(200))
