"""Acts: submission, review, filing, amendment, expiry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from filing.acts.review.agree import GIVE_AMEND_CODE, SEND_AMEND_CODE, SIGN_AMENDMENT
from filing.acts.review.amend import DROP_AMENDMENT, PROPOSE_AMENDMENT
from filing.acts.review.decide import APPROVE_REVIEW, CLAIM_REVIEW, RELEASE_REVIEW, RETURN_MATERIALS, RETURN_TEXT
from filing.acts.review.expire import EXPIRE
from filing.acts.review.file import RECORD_ARCHIVED, RECORD_SEALED, SEAL_FILING
from filing.acts.review.notarised import CONFIRM_NOTARISED_PAPER
from filing.acts.review.submit import SUBMIT_FILING
from filing.acts.review.supervision import CHOOSE_SUPERVISION, OPEN_SUPERVISION, SETTLE_SUPERVISION

if TYPE_CHECKING:
    from filing.acts.spec import ActSpec

__all__ = ["ACTS"]

ACTS: Final[tuple[ActSpec[Any, Any], ...]] = (
    CHOOSE_SUPERVISION,
    OPEN_SUPERVISION,
    SETTLE_SUPERVISION,
    SUBMIT_FILING,
    CLAIM_REVIEW,
    RELEASE_REVIEW,
    CONFIRM_NOTARISED_PAPER,
    APPROVE_REVIEW,
    RETURN_TEXT,
    RETURN_MATERIALS,
    SEAL_FILING,
    RECORD_SEALED,
    RECORD_ARCHIVED,
    PROPOSE_AMENDMENT,
    SEND_AMEND_CODE,
    GIVE_AMEND_CODE,
    SIGN_AMENDMENT,
    DROP_AMENDMENT,
    EXPIRE,
)
"""In the order in which a case meets them."""
