"""Acts of the developer, the office, the bureau and the service itself; an applicant's are ``notary.applicant``'s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from notary.acts.answering import ADD_NOTARY_PAPER, ANSWER_SUPPLEMENT
from notary.acts.codes import NOTARY_RECEIVE, REISSUE_NOTARY_CODES
from notary.acts.contract import SEND_TO_NOTARY
from notary.acts.issuing import NOTARY_CHANGE_CERTIFICATE, NOTARY_ISSUE
from notary.acts.judging import DECIDE_CERTIFICATE_CHANGE
from notary.acts.office import NOTARY_ACCEPT, NOTARY_LET_GO, NOTARY_REFUSE, NOTARY_SUPPLEMENT
from notary.acts.pushing import CORRECT_PURCHASER, PUSH_TO_NOTARY, WITHDRAW_FROM_NOTARY
from notary.acts.service import RECORD_NOTARY_PACKAGE, TELL_NOTARY_OVERDUE

if TYPE_CHECKING:
    from filing.acts.spec import ActSpec

__all__ = ["ACTS"]

ACTS: Final[tuple[ActSpec[Any, Any], ...]] = (
    PUSH_TO_NOTARY,
    SEND_TO_NOTARY,
    RECORD_NOTARY_PACKAGE,
    NOTARY_RECEIVE,
    REISSUE_NOTARY_CODES,
    WITHDRAW_FROM_NOTARY,
    CORRECT_PURCHASER,
    NOTARY_ACCEPT,
    NOTARY_SUPPLEMENT,
    ADD_NOTARY_PAPER,
    ANSWER_SUPPLEMENT,
    NOTARY_REFUSE,
    NOTARY_LET_GO,
    TELL_NOTARY_OVERDUE,
    NOTARY_ISSUE,
    NOTARY_CHANGE_CERTIFICATE,
    DECIDE_CERTIFICATE_CHANGE,
)
"""In the order in which a matter meets them."""
