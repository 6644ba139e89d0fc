"""Names of messages: what the service says, whatever words a city has for it."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["CodeKey", "MessageKey"]


class MessageKey(StrEnum):
    """What is said to people of a case."""

    SIGN_LINK = "sign_link"
    """A signer is called, with a link (HS-31)."""
    TEXT_REOPENED = "text_reopened"
    """The text is being changed; what was signed counts no more (H-22)."""
    SIGNING_COMPLETE = "signing_complete"
    """Everybody has signed (WH-36)."""
    QUALIFICATION_PASSED = "qualification_passed"
    """SZ-63."""
    QUALIFICATION_REFUSED = "qualification_refused"
    ASSESSMENT_DECIDED = "assessment_decided"
    """SZ-28."""
    RETURNED_TEXT = "returned_text"
    """The reviewer wants another text (H-32)."""
    RETURNED_MATERIALS = "returned_materials"
    """The reviewer wants other papers; signatures stay (H-32)."""
    FILED = "filed"
    AMENDED = "amended"
    REGISTRY_REJECTED = "registry_rejected"
    TRANSFERRED = "transferred"
    CONSENT_WANTED = "consent_wanted"
    """Somebody wants to cancel and needs this party's consent (SZ-88)."""
    CANCEL_DROPPED = "cancel_dropped"
    CANCELLED = "cancelled"
    CANCELLED_BY_OTHER_SIDE = "cancelled_by_other_side"
    """WH-13, WH-43."""
    FILING_REVOKED = "filing_revoked"
    """SZ-94."""
    EXPIRED = "expired"
    """ZS-28."""
    NOTARY_CODE = "notary_code"
    """A purchaser is called by the office, with the address of their code (ZN-06)."""
    NOTARY_SUBMITTED = "notary_submitted"
    """Everything is with the office (ZN-17)."""
    NOTARY_SUPPLEMENT = "notary_supplement"
    """The office wants something more, or again (H-40)."""
    NOTARY_ACCEPTED = "notary_accepted"
    """The term runs (ZN-18)."""
    NOTARY_ISSUED = "notary_issued"
    """The certificate is there; the bureau has still to confirm (ZN-18, ZN-19, H-36)."""
    NOTARY_REFUSED = "notary_refused"
    NOTARY_WITHDRAWN = "notary_withdrawn"
    """ZN-07, H-41."""
    NOTARY_CHANGED = "notary_changed"
    """A certificate was corrected or revoked (公证法 art. 39)."""
    FILING_RESTORED = "filing_restored"
    """The cancellation has lost its ground; the filing is in force."""
    PROGRESS = "progress"
    """Something has happened that has no sentence of its own."""


class CodeKey(StrEnum):
    """Purposes of one-time codes that have a message, by the names of ``identity.codes.CodePurpose``."""

    SIGN = "sign"
    LOGIN = "login"
    BIND_HANDLER = "bind_handler"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    AMEND = "amend"
    REVOKE = "revoke"
