"""Reading proposals: one by its link or its number, the organizer's list, how many there are."""

from __future__ import annotations

import sqlalchemy as sa

from app.infra import tokens
from app.infra.db import db
from app.infra.links import links
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.proposals import queries
from app.proposals.models import Proposal, ProposalAttachment, ProposalCourse
from app.proposals.types import Applicant, AttachmentRow, ProposalLine, ProposalRow, title_of

LINK = "proposal"


def by_token(token: str) -> ProposalRow:
    """The proposal behind a secret link. Raises NotFound."""
    return _one(Proposal.link_hash == tokens.fingerprint(token))


def by_id(proposal_id: int) -> ProposalRow:
    """One proposal. Raises NotFound."""
    return _one(Proposal.id == proposal_id)


def with_link(public_id: str) -> tuple[ProposalRow, str]:
    """A proposal for a mail to its group, with its link's token. Raises NotFound."""
    return _one(Proposal.public_id == public_id), token_again(public_id)


def token_again(public_id: str) -> str:
    """The secret of a proposal's link: for its group only. Raises NotFound."""
    chosen = sa.select(Proposal.link_nonce, Proposal.link_hash).where(Proposal.public_id == public_id)
    found = db.session.execute(chosen).one_or_none()
    if found is None:
        raise NotFound
    return links.token_again(LINK, found.link_nonce, found.link_hash)


def lines(programme_id: int) -> list[ProposalLine]:
    """What the groups have begun or handed in, in the order in which they began."""
    chosen = (
        sa.select(Proposal, ProposalCourse.name)
        .join(ProposalCourse, ProposalCourse.id == Proposal.course_id)
        .where(Proposal.programme_id == programme_id)
        .order_by(Proposal.id)
    )
    return [
        ProposalLine(
            row.id,
            f"{row.reference[:4]}-{row.reference[4:]}",
            row.group_name,
            title_of(row.answers),
            course,
            row.state,
            row.submitted_at,
        )
        for row, course in db.session.execute(chosen)
    ]


def attachment(proposal_id: int, attachment_id: int) -> tuple[AttachmentRow, bytes]:
    """A file with its content. Raises NotFound."""
    chosen = sa.select(ProposalAttachment).filter_by(id=attachment_id, proposal_id=proposal_id)
    row = db.session.scalar(chosen)
    if row is None:
        raise NotFound
    try:
        return _file(row), storage.load(row.file_key)
    except FileNotFoundError:
        raise NotFound from None


def attachments(proposal_id: int) -> tuple[AttachmentRow, ...]:
    """The files beside a proposal."""
    chosen = sa.select(ProposalAttachment).filter_by(proposal_id=proposal_id).order_by(ProposalAttachment.id)
    return tuple(_file(row) for row in db.session.scalars(chosen))


def _one(which: sa.ColumnElement[bool]) -> ProposalRow:
    row = db.session.scalar(sa.select(Proposal).where(which).execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    programme = queries.programme(row.programme_id)
    course = programme.course(row.course_id)
    if course is None:
        raise LookupError(row.course_id)
    applicant = Applicant(
        course_id=row.course_id,
        theme_id=row.theme_id,
        support_year=row.support_year,
        group_name=row.group_name,
        contact_name=row.contact_name,
        email=row.email,
        phone=row.phone,
        postcode=row.postcode,
        address=row.address,
    )
    return ProposalRow(
        id=row.id,
        public_id=row.public_id,
        reference=row.reference,
        programme=programme,
        course=course,
        theme=queries.theme(row.theme_id) if row.theme_id is not None else None,
        applicant=applicant,
        state=row.state,
        remark=row.remark,
        answers=row.answers,
        version=row.version,
        updated_at=row.updated_at,
        submitted_at=row.submitted_at,
        attachments=attachments(row.id),
    )


def _file(row: ProposalAttachment) -> AttachmentRow:
    return AttachmentRow(row.id, row.file_name, row.media_type, row.size, row.added_at)
