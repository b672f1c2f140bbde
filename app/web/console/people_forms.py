"""Forms of the people pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, SelectField

from app.accounts.permissions import HANDED_OUT, Permission, Role
from app.accounts.types import NewPerson, StaffRow
from app.events.types import EventRow
from app.web.parts.fields import EmailField, LineField, NameField
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan

SECTION = "市民活動推進課など、研修会・講座の担当課と同じ名称にします。管理者と監査担当は空欄でかまいません。"
NOTES = {
    "admin": "職員の登録と、職員に関する操作記録の閲覧。申込者の個人情報は見られません。",
    "organizer": "所属の研修会・講座の編集、申込者の対応、受付、書出し、受付係の登録。",
    "manager": "所属の研修会・講座の申込状況の確認、受付、書出し、受付係の登録。",
    "helper": "割り当てられた研修会・講座の受付だけ。氏名と申込みの状態だけが見えます。",
    "auditor": "すべての操作記録の閲覧だけ。",
}


class RoleForm(BaseForm):
    """Role and section. Who manages only the helpers of a section is offered nothing else."""

    role = RadioField("役割", [Chosen()], choices=())
    notes = NOTES
    section = LineField("所属", [NoLongerThan(60)], description=SECTION)

    def __init__(self, staff: StaffRow, **data: Any) -> None:
        super().__init__(**data)
        everything = staff.can(Permission.MANAGE_PEOPLE)
        self.role.choices = [(role.value, role.word) for role in (HANDED_OUT if everything else (Role.HELPER,))]
        if not everything and not self.section.data:
            self.section.data = staff.section

    @property
    def chosen_role(self) -> Role:
        """The role as the rooms know it."""
        return Role(self.role.data)


class PersonForm(RoleForm):
    """A new account."""

    name = NameField("氏名", [Needed(), NoLongerThan(80)])
    email = EmailField("メールアドレス", [Needed(), NoLongerThan(254)], render_kw={"autocomplete": "off"})

    def to_person(self) -> NewPerson:
        """What the verb takes."""
        return NewPerson(
            email=self.email.data or "",
            name=self.name.data or "",
            role=self.chosen_role,
            section=self.section.data or "",
        )


class HelperForm(BaseForm):
    """The event a reception helper is to work at."""

    event = SelectField("研修会・講座", [Chosen()], coerce=int, choices=())

    def offer(self, events: Sequence[EventRow]) -> HelperForm:
        """Fill the list."""
        self.event.choices = [(event.id, event.full_title) for event in events]
        return self
