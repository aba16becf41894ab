"""Posting letters, and sending them."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evenhand.jobs import later
from evenhand.mail import addresses, transports
from evenhand.mail.models import Letter
from evenhand.mail.transports import NotNow, Refused

MOST_TRIES = 10  # over about four hours
FIRST_WAIT = dt.timedelta(seconds=30)


def post(
    *,
    purpose: str,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    brand_name: str = "",
    in_reply_to: str = "",
    references: str = "",
    reply_to: str = "",
    automatic: bool = False,
) -> Letter:
    """Write a letter and queue its sending, in the caller's transaction; one letter for each `purpose`.

    `sender`, `recipient`, `reply_to`: bare addresses (NotAnAddress); `brand_name` is shown beside the sender.
    `in_reply_to`, `references`: message ids, with or without angle brackets.
    """
    letter = Letter(
        purpose=purpose,
        sender=addresses.named_address(brand_name, sender),
        recipient=addresses.plain_address(recipient),
        reply_to=addresses.plain_address(reply_to) if reply_to else "",
        subject=addresses.one_line(subject)[: addresses.MOST_SUBJECT],
        text=text.replace("\0", ""),
        message_id=f"{secrets.token_hex(16)}@{settings.MAIL_DOMAIN}",
        in_reply_to=addresses.references(in_reply_to).split(" ")[0],
        references=addresses.references(references),
        automatic=automatic,
    )
    return _post_once(letter)


@transaction.atomic(savepoint=False)
def _post_once(letter: Letter) -> Letter:
    """Keep and queue `letter`, unless one with its purpose stands: then that one is given."""
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    standing = Letter.objects.get(purpose=letter.purpose)
    if standing.message_id == letter.message_id:  # which is new for each letter that is written
        _queue(standing)
    return standing


@transaction.atomic
def send(letter_id: int) -> None:
    """Hand a letter to the transport; after a refusal for now, queue the next try.

    The row stays locked for the conversation, so that no other worker sends the same letter meanwhile. What a
    worker sent that was killed before this transaction ended goes out again, under the same Message-ID.
    """
    letter = Letter.objects.select_for_update(skip_locked=True).filter(pk=letter_id).first()
    if letter is None or letter.state != Letter.State.QUEUED:
        return
    try:
        transports.chosen().send(letter.as_message(), recipient=letter.recipient)
    except NotNow as refusal:
        _try_again_later(letter, str(refusal))
    except Refused as refusal:
        letter.note_failed_try(str(refusal))
        letter.give_up()
    else:
        letter.mark_sent(timezone.now())
    letter.save()


@transaction.atomic
def send_again(letter: Letter) -> None:
    """Queue a letter once more that was given up, after what was wrong is mended."""
    letter.state, letter.tries = Letter.State.QUEUED, 0
    letter.save(update_fields=["state", "tries"])
    _queue(letter)


def _try_again_later(letter: Letter, problem: str) -> None:
    letter.note_failed_try(problem)
    if letter.tries >= MOST_TRIES:
        letter.give_up()
    else:
        _queue(letter, at=timezone.now() + FIRST_WAIT * 2 ** (letter.tries - 1))


def _queue(letter: Letter, at: dt.datetime | None = None) -> None:
    later("mail.send", at=at, letter_id=letter.pk)
