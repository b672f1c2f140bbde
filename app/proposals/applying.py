"""What a group does with its proposal, by its secret link. Each verb is one transaction and leaves an audit entry."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.documents import sniffing
from app.infra import audit, tokens
from app.infra.db import after_commit, db, transaction
from app.infra.links import links
from app.infra.storage import storage
from app.kernel.errors import NotFound
from app.kernel.japanese_dates import local_date
from app.kernel.types import JSON, Actor, ActorKind
from app.proposals import found, messages, queries, rules
from app.proposals.errors import ChangedMeanwhile, Incomplete
from app.proposals.models import Proposal, ProposalAttachment
from app.proposals.types import Applicant, ProgrammeRow, ProposalRow, ProposalState, Saved
from app.questions.validate import check, new_row

OBJECT = "proposal"
CHANGED = "ほかの方が先に保存しています。下の欄は、この画面で入力した内容です。もう一度保存すると、この内容になります。"


@transaction
def start(programme_id: int, applicant: Applicant, submission_id: str, *, now: datetime) -> str:
    """A new proposal, not handed in yet; returns the token of its secret link, which is mailed too.

    A second time with the same `submission_id` gives the first one's.
    Raises NotFound, NotOpen, WrongTheme, TooManyYears.
    """
    known = db.session.scalar(sa.select(Proposal.public_id).filter_by(submission_id=submission_id))
    if known is not None:
        return found.token_again(known)
    programme = queries.programme(programme_id)
    rules.check_open(programme, local_date(now))
    _check_choice(programme, applicant)
    public_id, nonce = tokens.random_id(), tokens.random_id()
    token = links.token(found.LINK, nonce)
    row = Proposal(
        public_id=public_id,
        reference=_reference(),
        link_nonce=nonce,
        link_hash=tokens.fingerprint(token),
        submission_id=submission_id,
        programme_id=programme_id,
        state=ProposalState.DRAFT,
        answers=_first_rows(),
        remark="",
        version=1,
        created_at=now,
        updated_at=now,
    )
    _describe(row, applicant)
    db.session.add(row)
    db.session.flush()  # its id is part of the entry below
    _record("begun", row.id, public_id, now)
    messages.started(row, now=now)
    return token


@transaction
def describe(token: str, applicant: Applicant, *, now: datetime) -> None:
    """Another course, theme or contact. Raises NotFound, NotWritable, WrongTheme, TooManyYears."""
    row, view = _writable(token, now)
    _check_choice(view.programme, applicant)
    _describe(row, applicant)
    row.updated_at = now
    _record("described", row.id, row.public_id, now)


@transaction
def save(token: str, answers: object, *, version: int, now: datetime) -> Saved:
    """Keep what was typed, whatever is still wrong with it. Raises NotFound, NotWritable, ChangedMeanwhile."""
    row, view = _writable(token, now)
    if row.version != version:
        raise ChangedMeanwhile(CHANGED)
    kept = check(view.programme.definition, answers, complete=False).answers
    if row.answers != kept:
        row.answers, row.version, row.updated_at = kept, row.version + 1, now
        _record("saved", row.id, row.public_id, now)
    return Saved(row.version, rules.checked(view, kept).problems)


@transaction
def submit(token: str, *, version: int, now: datetime) -> None:
    """Hand it in, as it was shown. Raises NotFound, NotWritable, ChangedMeanwhile, Incomplete."""
    row, view = _writable(token, now)
    if row.version != version:
        raise ChangedMeanwhile("内容が変わっています。もう一度、内容を確かめてください。")
    result = rules.checked(view, row.answers)
    if result.problems:
        raise Incomplete(result.problems)
    row.answers, row.version = result.answers, row.version + 1
    row.state, row.submitted_at, row.updated_at, row.remark = ProposalState.SUBMITTED, now, now, ""
    _record("submitted", row.id, row.public_id, now)
    messages.submitted(row, now=now)


@transaction
def withdraw(token: str, *, now: datetime) -> None:
    """Take it back for good. Raises NotFound, WrongState."""
    row = _locked(token)
    rules.check_proposal(
        row.state, among=[state for state in ProposalState if state is not ProposalState.WITHDRAWN], doing="取下げ"
    )
    row.state, row.updated_at = ProposalState.WITHDRAWN, now
    _record("withdrawn", row.id, row.public_id, now)


def attach(token: str, file_name: str, content: bytes, *, now: datetime) -> int:
    """Keep a file with it; its id. Raises NotFound, NotWritable, WrongFile, NoRoom.

    The file is stored before the transaction begins, so that a slow store holds no lock, and taken away again when the
    transaction fails.
    """
    kind = sniffing.kind_of(content)
    view = found.by_token(token)
    rules.check_writable(view, local_date(now))
    rules.check_room(view.attachments, len(content))
    key = storage.save(content)
    file = ProposalAttachment(
        proposal_id=view.id,
        file_name=sniffing.safe_name(file_name, kind),
        media_type=kind.media_type,
        size=len(content),
        file_key=key,
        added_at=now,
    )
    try:
        return _attach(token, file, now=now)
    except BaseException:
        storage.delete(key)
        raise


@transaction
def detach(token: str, attachment_id: int, *, now: datetime) -> None:
    """Take a file away. Raises NotFound, NotWritable."""
    row, _view = _writable(token, now)
    file = db.session.scalar(sa.select(ProposalAttachment).filter_by(id=attachment_id, proposal_id=row.id))
    if file is None:
        raise NotFound
    key = file.file_key
    db.session.delete(file)
    _record("detached", row.id, row.public_id, now)
    after_commit(lambda: storage.delete(key))


@transaction
def _attach(token: str, file: ProposalAttachment, *, now: datetime) -> int:
    row, view = _writable(token, now)
    rules.check_room(view.attachments, file.size)
    db.session.add(file)
    db.session.flush()  # the caller wants the id
    _record("attached", row.id, row.public_id, now)
    return file.id


def _locked(token: str) -> Proposal:
    chosen = sa.select(Proposal).filter_by(link_hash=tokens.fingerprint(token)).with_for_update()
    row = db.session.scalar(chosen)
    if row is None:
        raise NotFound
    return row


def _writable(token: str, now: datetime) -> tuple[Proposal, ProposalRow]:
    row = _locked(token)
    view = found.by_token(token)
    rules.check_writable(view, local_date(now))
    return row, view


def _check_choice(programme: ProgrammeRow, applicant: Applicant) -> None:
    course = programme.course(applicant.course_id)
    if course is None:
        raise NotFound
    shown = queries.accepted_themes(programme.id) if programme.themes_published_at else []
    rules.check_choice(course, applicant, [one.id for one in shown])


def _describe(row: Proposal, applicant: Applicant) -> None:
    row.course_id, row.theme_id, row.support_year = applicant.course_id, applicant.theme_id, applicant.support_year
    row.group_name, row.contact_name = applicant.group_name, applicant.contact_name
    row.email, row.phone = applicant.email, applicant.phone
    row.postcode, row.address = applicant.postcode, applicant.address
    row.forgotten_at = None


def _first_rows() -> dict[str, JSON]:
    """A few rows to write into, so that nobody has to add the first one."""
    income: list[JSON] = [{"row": new_row(), "source": source} for source in ("grant", "own")]
    return {"income": income, "expenses": [{"row": new_row()} for _ in range(3)]}


def _reference() -> str:
    """A number that no other proposal has."""
    while True:
        number = tokens.reference_number()
        if db.session.scalar(sa.select(Proposal.id).filter_by(reference=number)) is None:
            return number


def _record(action: str, proposal_id: int, public_id: str, now: datetime) -> None:
    group = Actor(ActorKind.RESIDENT, public_id, "提案した団体")
    audit.record(f"proposal.{action}", OBJECT, proposal_id, by=group, at=now)
