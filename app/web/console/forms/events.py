"""Forms about an event as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Self

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField

from app.events.admission import FIXED
from app.events.choices import LargeParties, Naming, SittingsTaken, WaitingMode
from app.events.copying import EVERYTHING, Part
from app.events.drafts import Basics
from app.events.types import Admission, Audience, EventRow, EventStatus, SeriesRow
from app.kernel.fiscal_year import fiscal_year
from app.kernel.japanese_dates import fiscal_year_text
from app.web.console.forms.revision import RevisionForm
from app.web.parts.fields import (
    EmailField,
    JapaneseDateField,
    KanaField,
    LineField,
    MultiLineField,
    NumberField,
    TimeField,
    moment,
)
from app.web.parts.forms import BaseForm
from app.web.parts.validators import Chosen, Needed, NoLongerThan, Printable

PURPOSE = (
    "研修会・講座の受付、名簿の作成、変更や中止の連絡、終了後のアンケートのお願いに使います。ほかの目的には使いません。"
)
# Fields of the form that hold the day and the time of one instant of the event.
MOMENTS = ("opens", "closes", "needs_by")


class BasicsForm(RevisionForm):
    """What an event is, whom it is for, how one signs up."""

    series_id = SelectField("事業・シリーズ", coerce=int, validators=[Chosen()])
    fiscal_year = SelectField("年度", coerce=int, validators=[Chosen()])
    number = NumberField("第何回", least=1, most=999, unit="回")
    title = LineField("研修会・講座の名称", validators=[Needed(), NoLongerThan(120), Printable()])
    title_kana = KanaField("名称のフリガナ", validators=[NoLongerThan(240)])
    about = MultiLineField("内容", validators=[NoLongerThan(4000)])
    slug = LineField("ページのアドレス", validators=[NoLongerThan(80)])
    audience = RadioField(
        "対象の区分",
        choices={a.value: a.word for a in Audience},
        default=Audience.RESIDENTS.value,
        validators=[Chosen()],
    )
    audience_note = LineField("対象の説明", validators=[NoLongerThan(400)])
    fee = LineField("参加費", validators=[NoLongerThan(100)])
    bring = LineField("持ち物", validators=[NoLongerThan(200)])
    organizer = LineField("主催", validators=[NoLongerThan(100), Printable()])
    contact_phone = LineField("問合せ先の電話番号", validators=[NoLongerThan(30)])
    contact_fax = LineField("問合せ先のFAX番号", validators=[NoLongerThan(30)])
    contact_email = EmailField("問合せ先のメールアドレス", validators=[NoLongerThan(254)])
    opens_on = JapaneseDateField("受付開始の日")
    opens_time = TimeField("受付開始の時刻")
    closes_on = JapaneseDateField("締切の日")
    closes_time = TimeField("締切の時刻")
    admission = RadioField(
        "選考方法",
        choices={a.value: a.word for a in Admission},
        default=Admission.FIRST_COME.value,
        validators=[Chosen()],
    )
    draw_waits = BooleanField("席を得られなかった方は、抽選の順番でキャンセル待ちにする（抽選のとき）")
    tickets_first_time = NumberField("初めて参加する方のくじ", least=1, most=9, unit="本")
    tickets_in_city = NumberField("市内に在住・在勤・在学の方のくじ", least=1, most=9, unit="本")
    sittings_taken = RadioField(
        "回が複数あるときの申込み",
        choices={one.value: one.word for one in SittingsTaken},
        default=SittingsTaken.ONE.value,
        validators=[Chosen()],
    )
    completed_after = NumberField("修了に必要な出席の回数", least=1, most=99, unit="回")
    waiting_mode = RadioField(
        "キャンセル待ちの方に席が空いたとき",
        choices={one.value: one.word for one in WaitingMode},
        default=WaitingMode.AUTOMATIC.value,
        validators=[Chosen()],
    )
    large_parties = RadioField(
        "空いた席が、待っている方の人数に足りないとき",
        choices={one.value: one.word for one in LargeParties},
        default=LargeParties.SKIP.value,
        validators=[Chosen()],
    )
    max_companions = NumberField("同伴者の上限", least=0, most=20, unit="人")
    names_companions = RadioField(
        "同伴者のお名前", choices={n.value: n.word for n in Naming}, default=Naming.NONE.value, validators=[Chosen()]
    )
    asks_affiliation = BooleanField("団体・所属を尋ねる")
    asks_district = BooleanField("お住まいの地区を尋ねる")
    asks_needs = BooleanField("手話通訳・要約筆記・車いす席・託児の希望を尋ねる")
    asks_address = BooleanField("メールアドレスのない方に住所を尋ね、通知を郵送する")
    needs_by_on = JapaneseDateField("配慮の申出期限の日")
    needs_by_time = TimeField("配慮の申出期限の時刻")
    declines_cancel = BooleanField("カレンダーで「辞退」と返信した方の申込みを、すぐに取り消す")
    hands_on = BooleanField("抽選や承認で決まった席も、ほかの方に譲れるようにする")
    announces = BooleanField("公開したときに、お知らせメールに登録した市民の方へ知らせる")
    purpose = MultiLineField("個人情報の利用目的", validators=[NoLongerThan(2000)])

    @classmethod
    def blank(cls, series: Sequence[SeriesRow], *, section: str, now: datetime, **known: str) -> Self:
        """The form of a new event with what is `known` of it, or what was sent of it."""
        preset: dict[str, Any] = {
            "fiscal_year": fiscal_year(now),
            "organizer": f"倉敷市 {section}",
            "asks_needs": True,
            "draw_waits": True,
            "announces": True,
            "tickets_first_time": 1,
            "tickets_in_city": 1,
            "purpose": PURPOSE,
            "opens_time": time(9),
            "closes_time": time(17),
            **known,
        }
        return cls(data=preset).offer(series, now)

    @classmethod
    def of(cls, event: EventRow, series: Sequence[SeriesRow], *, now: datetime) -> Self:
        """The form of an event, or what was sent of it."""
        preset = {name: getattr(event, name) for name in Basics.__slots__ if hasattr(event, name)}
        preset["series_id"] = next(s.id for s in series if s.slug == event.series_slug)
        preset["audience"], preset["about"] = event.audience.value, event.summary
        for name in ("admission", "sittings_taken", "waiting_mode", "large_parties", "names_companions"):
            preset[name] = getattr(event, name).value
        for name in MOMENTS:
            value = getattr(event, "needs_by" if name == "needs_by" else f"{name}_at")
            preset[f"{name}_on"] = preset[f"{name}_time"] = value
        return cls(data={**preset, "revision": event.revision}).offer(series, now, event.fiscal_year)

    def offer(self, series: Sequence[SeriesRow], now: datetime, *more_years: int) -> Self:
        """Fill the lists."""
        self.series_id.choices = {str(s.id): s.title for s in series}
        this = fiscal_year(now)
        years = sorted({*range(this - 1, this + 3), *more_years}, reverse=True)
        self.fiscal_year.choices = {str(year): fiscal_year_text(year) for year in years}
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then that a day has its time and a time its day."""
        valid = super().validate(extra_validators)
        return all([valid, *(self._pair(name) for name in MOMENTS)])

    def _pair(self, name: str) -> bool:
        day, clock = self[f"{name}_on"], self[f"{name}_time"]
        if day.data and clock.data is None and not clock.errors:
            clock.errors = [*clock.errors, f"「{clock.label.text}」も入力してください。例：9:00"]
            return False
        return True

    def to_basics(self) -> Basics:
        """The parsed shape that goes inside."""
        giving = self.giving()
        return Basics(
            series_id=self.series_id.data,
            fiscal_year=self.fiscal_year.data,
            number=self.number.data,
            slug=self.slug.data or "",
            title=self.title.data or "",
            title_kana=self.title_kana.data or "",
            summary=self.about.data or "",
            audience=Audience(self.audience.data),
            audience_note=self.audience_note.data or "",
            organizer=self.organizer.data or "",
            contact_phone=self.contact_phone.data or "",
            contact_fax=self.contact_fax.data or "",
            contact_email=self.contact_email.data or "",
            opens_at=moment(self.opens_on.data, self.opens_time.data),
            closes_at=moment(self.closes_on.data, self.closes_time.data),
            fee=self.fee.data or "",
            bring=self.bring.data or "",
            purpose=self.purpose.data or "",
            max_companions=self.max_companions.data or 0,
            names_companions=Naming(self.names_companions.data),
            asks_district=self.asks_district.data,
            asks_affiliation=self.asks_affiliation.data,
            asks_needs=self.asks_needs.data,
            asks_address=self.asks_address.data,
            needs_by=moment(self.needs_by_on.data, self.needs_by_time.data),
            **giving,
            completed_after=self.completing(giving["sittings_taken"]),
            waiting_mode=WaitingMode(self.waiting_mode.data),
            large_parties=LargeParties(self.large_parties.data),
            declines_cancel=self.declines_cancel.data,
            hands_on=self.hands_on.data,
            announces=self.announces.data,
        )

    def giving(self) -> dict[str, Any]:
        """How places are given."""
        return {
            "admission": Admission(self.admission.data),
            "draw_waits": bool(self.draw_waits.data),
            "tickets_first_time": self.tickets_first_time.data or 1,
            "tickets_in_city": self.tickets_in_city.data or 1,
            "sittings_taken": SittingsTaken(self.sittings_taken.data),
        }

    def completing(self, taken: SittingsTaken) -> int | None:
        """How many meetings make a course complete; only a course is completed so."""
        number: int | None = self.completed_after.data
        return number if taken is SittingsTaken.ALL else None


class EditForm(BasicsForm):
    """The basic facts of an event that people may have registered for.

    Once it is published, how places are given is not asked any more: `published` keeps it.
    """

    published: EventRow | None = None

    @classmethod
    def of(cls, event: EventRow, series: Sequence[SeriesRow], *, now: datetime) -> Self:
        """As of a draft, without what stays."""
        form = super().of(event, series, now=now)
        if event.status is not EventStatus.DRAFT:
            form.published = event
            for name in FIXED:
                del form[name]
        return form

    def giving(self) -> dict[str, Any]:
        """How places are given."""
        if self.published is None:
            return super().giving()
        return {name: getattr(self.published, name) for name in FIXED}

    notify = RadioField(
        "この変更を参加者に知らせますか",
        choices={"no": "参加者に知らせない", "yes": "参加者に知らせる"},
        default="no",
    )


class CopyForm(BaseForm):
    """The same event a year later."""

    first_on = JapaneseDateField("最初の回の日")
    parts = SelectMultipleField("引き継ぐもの", choices={part.value: part.word for part in Part})

    @classmethod
    def proposing(cls, day: date | None) -> Self:
        """The proposed day, everything ticked."""
        return cls(data={"first_on": day, "parts": [part.value for part in EVERYTHING]})

    @property
    def chosen_parts(self) -> frozenset[Part]:
        """What comes along."""
        return frozenset(Part(value) for value in self.parts.data or ())


class CallOffForm(BaseForm):
    """The end of an event before it took place."""

    reason = MultiLineField("中止の理由", validators=[Needed(), NoLongerThan(1000)])
    notify = RadioField(
        "参加者への連絡",
        choices={"yes": "申し込んだ人全員に、中止のお知らせを送る", "no": "お知らせを送らない"},
        default="yes",
        validators=[Chosen()],
    )
