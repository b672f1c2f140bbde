"""Forms that notice when somebody else saved the same thing meanwhile."""

from __future__ import annotations

from wtforms import HiddenField

from app.events.errors import ChangedMeanwhile
from app.kernel.errors import Refusal
from app.web.parts.forms import BaseForm


class RevisionForm(BaseForm):
    """Carries the revision it was opened with. Sent again after the warning, it may overwrite."""

    revision = HiddenField()

    @property
    def seen_revision(self) -> int:
        """The revision the form was opened with; what is no number fits none."""
        sent = str(self.revision.data or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1

    def refuse(self, refusal: Refusal) -> None:
        """As every form; besides, the page that shows the warning knows the newer revision."""
        super().refuse(refusal)
        if isinstance(refusal, ChangedMeanwhile):
            self.revision.data = str(refusal.revision)
