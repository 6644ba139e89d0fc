"""Acts: cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from filing.acts.cancelling.mandate import HAND_IN_MANDATE
from filing.acts.cancelling.papers import CONSENT_CANCEL, SUBMIT_CANCEL_REVIEW, UPLOAD_CANCEL_PAPER
from filing.acts.cancelling.proof import GIVE_CANCEL_PROOF, SEND_CANCEL_CODE, SHOW_CAPTCHA
from filing.acts.cancelling.request import DROP_CANCEL, REQUEST_CANCEL
from filing.acts.cancelling.review import DECIDE_CANCEL
from filing.acts.cancelling.window import ATTEND_CANCEL, BOOK_CANCEL_APPOINTMENT

if TYPE_CHECKING:
    from filing.acts.spec import ActSpec

__all__ = ["ACTS"]

ACTS: Final[tuple[ActSpec[Any, Any], ...]] = (
    REQUEST_CANCEL,
    CONSENT_CANCEL,
    UPLOAD_CANCEL_PAPER,
    SHOW_CAPTCHA,
    SEND_CANCEL_CODE,
    GIVE_CANCEL_PROOF,
    BOOK_CANCEL_APPOINTMENT,
    HAND_IN_MANDATE,
    ATTEND_CANCEL,
    SUBMIT_CANCEL_REVIEW,
    DECIDE_CANCEL,
    DROP_CANCEL,
)
"""In the order in which a case meets them."""
