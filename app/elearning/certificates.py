"""The certificate of a completed course, and what anybody may learn from its code: the course, never the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.documents.qr import qr_svg
from app.documents.types import CertificateSheet
from app.elearning import progress, rules
from app.elearning.types import Completion
from app.infra.links import links
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import era_year, local_date


@dataclass(frozen=True, slots=True)
class Verified:
    """What a certificate's code proves. There is no personal data in it."""

    code: str
    title: str
    section: str
    completed_on: date


def sheet(one: Completion, *, issuer: str) -> CertificateSheet:
    """The certificate as it is printed, with the address and the code by which anybody can verify it."""
    day = local_date(one.completed_at)
    written = f"{era_year(day)}{day.month}月{day.day}日"
    address = address_of(one.code)
    return CertificateSheet(
        number=f"確認番号　{rules.code_text(one.code)}",
        name=one.name,
        title=one.title,
        attended=written,
        issued=written,
        issuer=issuer,
        verify=address,
        qr=qr_svg(address),
    )


def address_of(code: str) -> str:
    """The public page that says what a certificate's code proves."""
    return links.absolute(f"/verify/{rules.code_text(code)}/")


def verified(typed: str) -> Verified:
    """What the code proves, however it was typed. Raises NotFound."""
    one = progress.by_code(rules.typed_code(typed))
    return Verified(rules.code_text(one.code), one.title, one.section, local_date(one.completed_at))


def of_member(course_id: int, member_id: int) -> Completion:
    """One's own completion of a course. Raises NotFound."""
    found = progress.completions([course_id], [member_id])
    if not found:
        raise NotFound
    return found[0]
