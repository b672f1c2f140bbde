"""The worker: `python -m app.worker`. It sends what the outbox holds and runs the schedules; several may run at once.

Wake-ups arrive through the queue. Since the truth stands in the database, the worker also looks by itself: a wake-up
that got lost, a waiting time that ended or a worker that died only costs seconds.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from huey import crontab

from app import foundation
from app.compliance import reminders as compliance_reminders
from app.delivery.outbox import SEND
from app.delivery.sending import send_due
from app.elearning import reminders as course_reminders
from app.feedback import services as feedback
from app.imports import previews
from app.inbox.looking import look
from app.infra import clock
from app.infra.jobs import jobs
from app.proposals import forgetting
from app.registrations import allotments, answer_files, bodies, drawing, offers, reminders
from app.shared_issues import answering
from app.subscriptions import services as subscriptions
from app.surveys import reminders as survey_reminders
from config import WrongSetting

log = logging.getLogger("tsudoi.worker")

# One thread sends, the other runs the schedules and takes wake-ups meanwhile.
THREADS = 2
LOOK_EVERY = 1.0
# Less than the supervisor's patience; one attempt to send takes at most 30 s.
STOP_WITHIN = 25
# When the processor is short, people who wait for a page come before mails, which nobody watches.
NICENESS = 5


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job that runs at certain minutes (as in crontab), whichever worker gets it. Jobs may run twice."""

    name: str
    job: Callable[[datetime], None]
    minute: str = "*"


def remind(now: datetime) -> None:
    """Queue the reminders of the day before, 200 a transaction."""
    while reminders.remind_due(now=now) == reminders.BATCH:
        pass


def close_draws(now: datetime) -> None:
    """Close the lists of draws whose closing time is over."""
    for event_id in drawing.due(now=now):
        drawing.freeze(event_id, now=now)


def pass_on_offers(now: datetime) -> None:
    """Pass on offers that were not answered in time, 25 a transaction."""
    for sitting_id in offers.due(now=now):
        while offers.expire(sitting_id, now=now) == offers.BATCH:
            pass


def release_seats(now: datetime) -> None:
    """Seats that were kept for an audience until now are for everybody."""
    allotments.release_due(now=now)


def settle_bodies(now: datetime) -> None:
    """Give back what bodies did not use until their deadline."""
    for registration_id in bodies.due(now=now):
        bodies.settle(registration_id, now=now)


def remind_missing(now: datetime) -> None:
    """Queue the reminders of requirements that are due."""
    compliance_reminders.send_due(now=now)


def remind_learners(now: datetime) -> None:
    """Queue the reminders of e-learning courses that are due."""
    course_reminders.send_due(now=now)


def remind_silent(now: datetime) -> None:
    """Queue the reminders of the yearly survey that are due."""
    survey_reminders.send_due(now=now)


def take_in_mail(_now: datetime) -> None:
    """Look into the mailbox for answers and for what came back."""
    look(clock.now)


def announce(now: datetime) -> None:
    """Write the mails about newly published events, 200 a transaction."""
    while subscriptions.announce_some(now=now):
        pass


def sweep_subscriptions(now: datetime) -> None:
    """Forget what nobody confirmed, addresses that lead nowhere, and whom announcements went to."""
    subscriptions.sweep(now=now)


def sweep_feedback(now: datetime) -> None:
    """Forget the links of feedback forms that are closed."""
    feedback.sweep(now=now)


def sweep_previews(now: datetime) -> None:
    """Delete uploaded staff lists that nobody said yes to."""
    previews.sweep(now=now)


def sweep_answer_files(now: datetime) -> None:
    """Delete files that were sent with a form that nobody applied with, and those of registrations that are gone."""
    answer_files.sweep(now=now)


def sweep_issue_answers(now: datetime) -> None:
    """Delete answers to shared issues that were settled a year ago."""
    answering.sweep(now=now)


def sweep_proposal_contacts(now: datetime) -> None:
    """Forget how to reach groups and reviewers of programmes that ended a year ago."""
    forgetting.sweep(now=now)


# Each hour: those who owe are told on working days, also where the worker was away in the morning.
SCHEDULES = (
    Schedule("remind", remind),
    Schedule("close_draws", close_draws),
    Schedule("pass_on_offers", pass_on_offers),
    Schedule("release_seats", release_seats),
    Schedule("settle_bodies", settle_bodies),
    Schedule("take_in_mail", take_in_mail),
    Schedule("remind_missing", remind_missing, minute="7"),
    Schedule("remind_learners", remind_learners, minute="17"),
    Schedule("remind_silent", remind_silent, minute="11"),
    Schedule("sweep_previews", sweep_previews, minute="*/10"),
    Schedule("announce", announce),
    Schedule("sweep_subscriptions", sweep_subscriptions, minute="23"),
    Schedule("sweep_feedback", sweep_feedback, minute="13"),
    Schedule("sweep_answer_files", sweep_answer_files, minute="*/10"),
    Schedule("sweep_issue_answers", sweep_issue_answers, minute="41"),
    Schedule("sweep_proposal_contacts", sweep_proposal_contacts, minute="47"),
)


class Worker:
    """The queue's consumer in this process, and the one place in it that sends."""

    def __init__(self, app: Flask) -> None:
        if jobs.queue is None:
            raise RuntimeError("the queue is not open")
        self.app = app
        self._sending = threading.Lock()
        self._asked = threading.Event()
        jobs.register(SEND, self.send)
        for schedule in SCHEDULES:
            jobs.queue.periodic_task(crontab(minute=schedule.minute), name=f"schedule_{schedule.name}")(
                self._scheduled(schedule)
            )
        self.consumer = jobs.queue.create_consumer(
            workers=THREADS,
            worker_type="thread",
            initial_delay=0.05,
            max_delay=LOOK_EVERY,
            graceful_signal="TERM",
            shutdown_timeout=STOP_WITHIN,
        )

    def run(self) -> None:
        """Work until SIGTERM or Ctrl-C; the message on its way is finished, the others are given back."""
        looker = threading.Thread(target=self._look, name="look", daemon=True)
        looker.start()
        self.consumer.run()
        looker.join(STOP_WITHIN)
        self._sending.acquire(timeout=STOP_WITHIN)

    def send(self) -> None:
        """Send what is due. Asked while it sends, it looks once more instead of sending twice at a time."""
        self._asked.set()
        while self._asked.is_set() and self._sending.acquire(blocking=False):
            try:
                self._asked.clear()
                with self.app.app_context():
                    send_due(clock.now, stopping=self.consumer.stop_flag.is_set)
            finally:
                self._sending.release()

    def _look(self) -> None:
        while not self.consumer.stop_flag.wait(LOOK_EVERY):
            try:
                self.send()
            except Exception:
                # The database may be away for a while; the worker stays.
                log.exception("could not look for messages to send")

    def _scheduled(self, schedule: Schedule) -> Callable[[], None]:
        def run() -> None:
            with self.app.app_context():
                schedule.job(clock.now())

        run.__name__ = f"schedule_{schedule.name}"
        return run


def main() -> None:
    """Start from the environment; a wrong setting stops the start with one line."""
    try:
        app = foundation.lay()
    except WrongSetting as wrong:
        sys.exit(str(wrong))
    os.nice(NICENESS)
    Worker(app).run()


if __name__ == "__main__":
    main()
