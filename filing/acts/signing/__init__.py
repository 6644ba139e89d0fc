"""Acts: signing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from filing.acts.signing.check_signer import (
    ATTEST_SIGNER,
    BEGIN_SIGNER_CHECK,
    CHECK_BY_CERTIFICATE,
    FINISH_SIGNER_CHECK,
)
from filing.acts.signing.codes import REQUEST_SIDE_CODE, SIGN_BY_CODES, VERIFY_SIDE_CODE
from filing.acts.signing.hand_off import HAND_OFF_SIGNING
from filing.acts.signing.ink import CONFIRM_SIGNING, REQUEST_SIGN_CODE, SIGN
from filing.acts.signing.pages_read import NOTE_PAGES_READ
from filing.acts.signing.read import PREVIEW_CONTRACT, PREVIEW_RISK
from filing.acts.signing.start import RESEND_INVITATION, START_SIGNING
from filing.acts.signing.wet import (
    ADD_SCAN_PAGE,
    DOWNLOAD_TEXT,
    DROP_SCAN_PAGES,
    HAND_IN_SCAN_PAGES,
    UPLOAD_EXTRA_PAPER,
    UPLOAD_SIGNED_SCAN,
)

if TYPE_CHECKING:
    from filing.acts.spec import ActSpec

__all__ = ["ACTS"]

ACTS: Final[tuple[ActSpec[Any, Any], ...]] = (
    NOTE_PAGES_READ,
    START_SIGNING,
    RESEND_INVITATION,
    HAND_OFF_SIGNING,
    PREVIEW_CONTRACT,
    PREVIEW_RISK,
    BEGIN_SIGNER_CHECK,
    FINISH_SIGNER_CHECK,
    CHECK_BY_CERTIFICATE,
    ATTEST_SIGNER,
    REQUEST_SIGN_CODE,
    SIGN,
    CONFIRM_SIGNING,
    REQUEST_SIDE_CODE,
    VERIFY_SIDE_CODE,
    SIGN_BY_CODES,
    DOWNLOAD_TEXT,
    ADD_SCAN_PAGE,
    DROP_SCAN_PAGES,
    HAND_IN_SCAN_PAGES,
    UPLOAD_SIGNED_SCAN,
    UPLOAD_EXTRA_PAPER,
)
"""In the order in which a case meets them."""
