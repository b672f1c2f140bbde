"""One's own certificates."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.attendance import certificates, ledger
from app.documents import pdf
from app.web.my import bp
from app.web.my.trainings import own_member_id
from app.web.parts.access import SIGNED_IN, allow
from app.web.parts.downloads import attachment


@bp.get("/my/certificates/<int:certificate_id>.pdf")
@allow(SIGNED_IN)
def certificate_pdf(certificate_id: int) -> Response:
    """A certificate once more, under the number it has."""
    row = ledger.one_of_member(certificate_id, own_member_id())
    content = pdf.certificates_pdf(certificates.sheets([row]))
    return attachment(content, f"修了証_第{row.number}号.pdf", "application/pdf", personal=True)
