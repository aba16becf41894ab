"""One-time tokens of forms, so that a second click is the same request; and receipts of what was sent."""

from __future__ import annotations

import secrets

from django.core import signing

_FORM, _RECEIPT = "evenhand.portal.form", "evenhand.portal.receipt"
FORM_SECONDS = 2 * 24 * 3600  # a form may stay open over a night
RECEIPT_SECONDS = 24 * 3600


def fresh() -> str:
    """A token for one form as it is shown."""
    return signing.dumps(secrets.token_urlsafe(12), salt=_FORM)


def is_ours(token: str) -> bool:
    """True for a token that this desk gave out and that is not too old."""
    try:
        signing.loads(token, salt=_FORM, max_age=FORM_SECONDS)
    except signing.BadSignature:
        return False
    return True


def receipt(arrival_id: int) -> str:
    """What leads its sender, who need not be signed in, to the page that says what became of a request."""
    return signing.dumps(arrival_id, salt=_RECEIPT)


def arrival_of(receipt: str) -> int | None:
    """The arrival that a receipt is for; None where it is not ours, or older than a day."""
    try:
        return int(signing.loads(receipt, salt=_RECEIPT, max_age=RECEIPT_SECONDS))
    except (signing.BadSignature, ValueError):
        return None
